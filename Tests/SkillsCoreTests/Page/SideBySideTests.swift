import Testing

@testable import SkillsCore

@Suite struct SideBySideTests {
  private let lines = (1...12).map { "line \($0)" }

  @Test func twoTextsAreShownWhereTheyDifferWithWhatIsAround() {
    let both = SideBySide(
      "row", lines: lines, others: [("file", [LineEdit(range: 5..<6, lines: ["six", "and more"])])])
    #expect(both.names == ["row", "file"])
    #expect(
      both.places == [
        .skipped(3), .same(["line 4", "line 5"]), .differs([["line 6"], ["six", "and more"]]),
        .same(["line 7", "line 8"]), .skipped(4),
      ])
    #expect(!both.isCut)
  }

  @Test func threeTextsAreAlignedOnTheFirst() {
    let three = SideBySide(
      "agreed", lines: lines,
      others: [
        ("row", [LineEdit(range: 0..<0, lines: ["before"]), LineEdit(range: 4..<6, lines: ["5 and 6"])]),
        ("file", [LineEdit(range: 5..<7, lines: []), LineEdit(range: 12..<12, lines: ["after"])]),
      ])
    #expect(
      three.places == [
        .differs([[], ["before"], []]), .same(["line 1", "line 2", "line 3", "line 4"]),
        .differs([["line 5", "line 6", "line 7"], ["5 and 6", "line 7"], ["line 5"]]),
        .same(["line 8", "line 9"]), .skipped(1), .same(["line 11", "line 12"]),
        .differs([[], [], ["after"]]),
      ])
  }

  @Test func equalTextsHaveNoPlace() {
    #expect(SideBySide("row", lines: lines, others: [("file", [])]).places == [])
  }

  @Test func whatIsLongIsCut() {
    let many = (0..<500).map { LineEdit(range: $0 * 4..<$0 * 4 + 1, lines: ["changed"]) }
    let far = SideBySide("row", lines: (0..<2_000).map { "\($0)" }, others: [("file", many)])
    #expect(far.isCut)
    #expect(far.places.count { if case .differs = $0 { true } else { false } } == 200)
    let large = SideBySide(
      "row", lines: [],
      others: [("file", [LineEdit(range: 0..<0, lines: [String](repeating: "new", count: 5_000))])])
    #expect(large.isCut)
    #expect(large.places == [.differs([[], [String](repeating: "new", count: 200)])])
    #expect(large.html.markup.utf8.count < 5_000)
  }

  @Test(arguments: [
    ("within 14 days of it", "within 30 days of it", ["within ", "14", " days of it"]),
    ("a b", "a b c", ["a ", "b", ""]), ("a b c", "a b", ["a ", "b c", ""]),
    ("same", "same", ["same", "", ""]), ("", "new", ["", "", ""]), ("x  y", "x y", ["x ", " ", "y"]),
    ("one one one", "one one", ["one ", "one", " one"]),
  ])
  func theWordsThatDifferAreFound(line: String, other: String, parts: [String]) {
    let words = ChangedWords(line, comparedWith: other)
    #expect([words.before, words.changed, words.after] == parts)
    #expect(words.before + words.changed + words.after == line)
  }

  @Test func theTableMarksThemOnBothSidesOfTwo() {
    let both = SideBySide(
      "row", lines: ["take 14 <days>"],
      others: [("file", [LineEdit(range: 0..<1, lines: ["take 30 <days>"])])])
    #expect(both.html.markup.contains("take <mark>14</mark> &lt;days&gt;"))
    #expect(both.html.markup.contains("take <mark>30</mark> &lt;days&gt;"))
    let three = SideBySide(
      "agreed", lines: ["take 14"],
      others: [("row", [LineEdit(range: 0..<1, lines: ["take 30"])]), ("file", [])])
    #expect(three.html.markup.contains("<pre>\ntake 14</pre>"), "what both started from isn't marked")
    #expect(three.html.markup.contains("take <mark>30</mark>"))
  }
}
