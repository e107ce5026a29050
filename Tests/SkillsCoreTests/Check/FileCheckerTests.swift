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
    (["id: a"], "the file has no title"), (["title: ''"], "the title is empty"),
    (["Title: A"], "keys are in lower case: write `title`, not `Title`"),
    (["title: [a]"], "the title must be a text"),
    (["title: A", "id: [a]"], "the key `id` must be a text"),
    (["- title: A"], "the front matter must be keys with values"),
  ])
  func whatCannotBeASkillIsReadable(lines: [String], message: String) {
    var checker = FileChecker()
    let checked = checker.check(Array("---\n\(lines.joined(separator: "\n"))\n---\n".utf8), path: "a.md")
    #expect(checked.isReadable)
    #expect(checked.finding?.message.hasPrefix(message) == true, "\(checked)")
  }

  @Test(arguments: [
    ("title: 2024-01-02", "the title is read as a date, `2024-01-02T00:00:00.000Z`", 2),
    ("title: A\nactive: no", "only `active: false` takes a skill out of use", 3),
    ("title: A\ncategories: {a: 1}", "the categories must be a list", 3),
    ("title: A\nowners:\n\t- name: B\n\t  email: c", "this line is indented with a tab", 4),
    ("<<<<<<< HEAD\ntitle: A\n=======\ntitle: B\n>>>>>>> b", "a merge conflict isn't settled here", 2),
  ])
  func whatWasHardlyMeantIsSaidAtItsLine(lines: String, message: String, line: Int) {
    var checker = FileChecker()
    let finding = checker.check(Array("---\n\(lines)\n---\n".utf8), path: "a.md").finding
    #expect(finding?.message.hasPrefix(message) == true, "\(String(describing: finding))")
    #expect(finding?.line == line)
  }

  @Test(arguments: [
    "---\ntitle: A\n# The text\n", "---\ntitle: A\n\nThe text.\n", "---\ntitle: A\nNote: B\n",
  ])
  func aMissingClosingFenceIsNamed(text: String) {
    var checker = FileChecker()
    let message = checker.check(Array(text.utf8), path: "a.md").finding?.message
    #expect(message?.hasPrefix("the closing `---` is missing") == true, "\(message ?? "nothing")")
  }

  @Test(arguments: [
    "---\ntitle: A\nactive: true\n---\n\tcode\n<<<<<<< in a text about git\n",
    "---json\n{\n\t\"title\": \"A\"\n}\n---\n", "---\ntitle: A\nsummary: |\n  \ta\n---\n",
  ])
  func whatMayBeMeantIsLeftAlone(text: String) {
    var checker = FileChecker()
    #expect(checker.check(Array(text.utf8), path: "a.md").finding == nil)
  }

  @Test(arguments: [
    ("[Draft] Access", "quotes around all of a text"), ("@home", "can't begin with `@`: put it in quotes"),
    ("`code`", "can't begin with ```: put it in quotes"), ("*bold*", "must be in quotes"),
    (#""C:\Users""#, #"write \\ for a backslash"#), ("!!foo x", "the tag `!!foo` isn't known"),
  ])
  func aTextThatNeedsQuotesIsToldSo(title: String, message: String) {
    var checker = FileChecker()
    let found = checker.check(file("title: \(title)"), path: "a.md").finding?.message
    #expect(found?.contains(message) == true, "\(found ?? "nothing")")
  }

  @Test func aSecondFileWithAnIDIsToldWhoseItIs() {
    var checker = FileChecker()
    _ = checker.check(file("id: a", "title: A"), path: "a.md")
    let copy = checker.check(file("title: B", "id: a"), path: "b.md")
    #expect(
      copy.finding
        == CheckFinding(
          message: "the id `a` is also that of a.md: delete the id line of the newer one of the two", line: 3,
          column: 1))
    // The copy may come first by name.
    #expect(
      copy.counterpart
        == CheckedFile.Counterpart(
          path: "a.md",
          finding: CheckFinding(
            message: "the id `a` is also that of b.md: delete the id line of the newer one of the two",
            line: 1,
            column: 1)))
  }

  @Test func aSecondFileWithATitleIsToldWhoseItIs() {
    var checker = FileChecker()
    _ = checker.check(file("title: A"), path: "a.md")
    #expect(
      checker.check(file("name: A"), path: "b.md").finding?.message
        == "the title is also that of a.md: choose another for the newer one of the two")
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
