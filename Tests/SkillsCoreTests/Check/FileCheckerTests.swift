import SkillFiles
import SkillsCore
import Testing

@Suite struct FileCheckerTests {
  private func file(_ lines: String..., body: String = "Text.") -> [UInt8] {
    Array((["---"] + lines + ["---", body]).joined(separator: "\n").utf8)
  }

  @Test func aSkillFileHasNothingWrong() {
    var checker = FileChecker()
    let checked = checker.check(file("id: a", "title: A"), path: "skills/a.md")
    #expect(checked.finding == nil)
    #expect(checked.content?.frontMatter == .map(["id": .string("a"), "title": .string("A")]))
    // What `printf Text. | sha256sum` prints.
    #expect(
      checked.content?.bodyDigest == "f06dce27b84e18ccb3c7e94a0679c279cd42027da23bcf1e1ca1f94e365ea420")
    #expect(checked.content?.bodyLength == 5)
  }

  @Test func whatCannotBeReadHasTheLineAndNoContent() {
    var checker = FileChecker()
    let checked = checker.check(file("title: A", "title: B"), path: "a.md")
    #expect(checked.content == nil)
    #expect(checked.finding?.message == "the key `title` is already set on line 2")
    #expect(checked.finding.map { [$0.line, $0.column] } == [3, 1])
    #expect(checked.findingLine == "title: B")
  }

  @Test(arguments: [
    (["id: a"], "the file has no title"), (["title: ''"], "the file has no title"),
    (["title: A", "id: [a]"], "the key `id` must be a text"),
    (["- title: A"], "the front matter must be keys with values"),
  ])
  func whatCannotBeASkillIsReadable(lines: [String], message: String) {
    var checker = FileChecker()
    let checked = checker.check(Array("---\n\(lines.joined(separator: "\n"))\n---\n".utf8), path: "a.md")
    #expect(checked.isReadable)
    #expect(checked.finding?.message.hasPrefix(message) == true, "\(checked)")
  }

  @Test func aSecondFileWithAnIDIsToldWhoseItIs() {
    var checker = FileChecker()
    _ = checker.check(file("id: a", "title: A"), path: "a.md")
    let copy = checker.check(file("title: B", "id: a"), path: "b.md")
    #expect(
      copy.finding
        == CheckFinding(
          message: "the id `a` is already that of a.md: delete the id line to make this a skill of its own",
          line: 3, column: 1))
  }

  @Test func aSecondFileWithATitleIsToldWhoseItIs() {
    var checker = FileChecker()
    _ = checker.check(file("title: A"), path: "a.md")
    #expect(
      checker.check(file("name: A"), path: "b.md").finding?.message
        == "the title is already that of a.md: choose another")
    #expect(checker.check(file("title: e\u{301}1"), path: "c.md").finding == nil)
    #expect(checker.check(file("title: \u{E9}1"), path: "d.md").finding == nil, "composed is another title")
  }

  @Test func twoTitlesOfOneFileNameAreTold() {
    var checker = FileChecker()
    _ = checker.check(file("title: A & B", "id: one"), path: "skills/a-and-b.md")
    let second = checker.check(file("title: A and B"), path: "skills/other.md")
    #expect(
      second.finding?.message.hasPrefix(
        "the title gives the file name a-and-b.md, and so does that of skills/a-and-b.md") == true)
    #expect(
      checker.check(file("title: a-AND-b"), path: "skills/folder/x.md").finding == nil, "another folder")
  }

  @Test func aFileAtTheNameThatWeGaveItIsFine() {
    var checker = FileChecker()
    _ = checker.check(file("title: A & B", "id: one"), path: "skills/a-and-b.md")
    let names = Array(fileNames(title: "A and B", id: "two"))
    #expect(checker.check(file("title: A and B", "id: two"), path: "skills/\(names[1]).md").finding == nil)
  }

  @Test func pathsThatDifferInCaseOnlyAreTold() {
    var checker = FileChecker()
    _ = checker.check(file("title: A"), path: "skills/a.md")
    #expect(
      checker.check(file("title: B"), path: "skills/A.md").finding?.message.hasPrefix(
        "many file systems take this name and skills/a.md for one: rename the file") == true)
  }
}
