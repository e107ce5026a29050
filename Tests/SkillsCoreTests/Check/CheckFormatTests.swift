import Foundation
import SkillsCore
import Testing

@Suite struct CheckFormatTests {
  private func checked(_ text: String, path: String = "skills/a.md") -> CheckedFile {
    var checker = FileChecker()
    return checker.check(Array(text.utf8), path: path)
  }

  @Test func peopleSeeTheLineWithAMark() {
    #expect(
      CheckFormat.text.text(of: checked("---\ntitle: A\nsteps: [one, two\n---\n")) == """
        skills/a.md:3:8: the `]` for this is missing
          3 | steps: [one, two
            |        ^

        """)
    #expect(CheckFormat.text.text(of: checked("---\ntitle: A\n---\n")) == nil)
  }

  @Test func ofALongLineWhatIsAroundThePlaceIsShown() {
    let long = String(repeating: "x", count: 5_000)
    let text = CheckFormat.text.text(of: checked("---\ntitle: A\nlong: '\(long)' y\n---\n")) ?? ""
    let lines = text.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[1].count < 120)
    #expect(lines[1].hasSuffix("' y"))
    #expect(Array(lines[1])[lines[2].count - 1] == "y", "\(text)")
  }

  @Test func aFileCannotSpeakToTheTerminal() {
    let text = CheckFormat.text.text(
      of: checked("---\ntitle: \"\u{1B}[2J\u{202E}\n---\n", path: "a\u{1B}[1m.md"))
    #expect(text?.contains("\u{1B}") == false)
    #expect(text?.contains("\u{202E}") == false)
  }

  @Test func gitHubGetsAnnotations() {
    #expect(
      CheckFormat.github.text(of: checked("---\ntitle: [\n---\n", path: "skills/50%, a:b.md"))
        == "::error file=skills/50%25%2C a%3Ab.md,line=2,col=8::the `]` for this is missing\n")
    #expect(
      CheckFormat.github.text(of: checked("---\nid: a\n---\n"))
        == "::warning file=skills/a.md,line=2,col=1::the file has no title: add a line `title: …` to its front matter\n"
    )
  }

  @Test func aMessageCannotBecomeAnotherCommand() {
    let text = CheckFormat.github.text(of: checked("---js\n---\n", path: "a\n::set-env name=X::y.md"))
    #expect(text?.filter { $0 == "\n" }.count == 1)
  }

  @Test func programsGetOneObjectAFile() throws {
    let text = """
      ---
      title: "A \\u0022 \\x07 é 😀"
      date: 2025-12-19
      numbers: [.nan, .inf, -.inf, -0.0, 1e21, 0.1]
      nothing:
      ---
      Body
      """
    let line = try #require(CheckFormat.json.text(of: checked(text)))
    #expect(line.filter { $0 == "\n" }.count == 1)
    let value = try JSON.read(Array(line.utf8))
    #expect(value["path"] == .string("skills/a.md"))
    #expect(value["ok"] == .boolean(true))
    let data = value["data"]
    #expect(data?["title"] == .string("A \" \u{7} é 😀"))
    #expect(data?["date"] == .object(["$date": .string("2025-12-19T00:00:00.000Z")]))
    #expect(data?["nothing"] == .null)
    let tags = ["NaN", "Infinity", "-Infinity", "-0"].map { JSONValue.object(["$number": .string($0)]) }
    #expect(data?["numbers"] == .array(tags + [.number(1e21), .number(0.1)]))
    #expect(value["content"]?["length"] == .number(4))
    #expect(value["error"] == nil)
    #expect(value["warning"] == nil)
  }

  @Test func programsSeeErrorsAndWarningsApart() throws {
    let unreadable = try JSON.read(Array((CheckFormat.json.text(of: checked("---\na: [\n---\n")) ?? "").utf8))
    #expect(unreadable["ok"] == .boolean(false))
    #expect(unreadable["data"] == nil)
    #expect(unreadable["error"]?["line"] == .number(2))
    let untitled = try JSON.read(Array((CheckFormat.json.text(of: checked("---\nid: a\n---\n")) ?? "").utf8))
    #expect(untitled["ok"] == .boolean(true))
    #expect(untitled["warning"]?["column"] == .number(1))
  }
}
