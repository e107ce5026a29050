import Testing

@testable import SkillsCore

@Suite struct WordingTests {
  @Test(arguments: [
    (-5, "0 s"), (0, "0 s"), (59, "59 s"), (60, "1 min"), (3_599, "59 min"), (3_600, "1 h"),
    (172_799, "47 h"),
    (172_800, "2 days"), (86_400 * 400, "400 days"),
  ])
  func timeSpansAreInTheUnitThatPeopleUse(seconds: Int, text: String) {
    #expect(words(seconds: seconds) == text)
  }

  @Test(arguments: [
    (0.04, "0.0 s"), (1.36, "1.4 s"), (9.99, "10.0 s"), (12.7, "12 s"), (1e300, "11574074 days"),
  ])
  func shortOnesHaveTenths(seconds: Double, text: String) { #expect(words(seconds: seconds) == text) }

  @Test func numbersAreGroupedAndCounted() {
    #expect(
      [0, 12, 123, 1_234, 123_456, 1_234_567].map(grouped) == [
        "0", "12", "123", "1,234", "123,456", "1,234,567",
      ])
    #expect(counted(1, "file", "files") == "1 file")
    #expect(counted(5_000, "file", "files") == "5,000 files")
  }

  @Test func longTextsAreCutWhereOneCharacterIsLongToo() {
    #expect(cut("abc", to: 3) == "abc")
    #expect(cut("äöü", to: 3) == "äöü")
    #expect(cut("abcdef", to: 3) == "abc… and 3 more characters")
    let one = "e" + String(repeating: "\u{301}", count: 100_000)
    #expect(one.count == 1 && cut(one, to: 200).unicodeScalars.count < 250)
  }
}
