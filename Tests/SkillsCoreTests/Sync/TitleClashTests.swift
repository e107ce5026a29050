import SkillsCore
import Testing

struct TitleClashTests {
  @Test func titlesThatTradePlacesAreFine() {
    #expect(titleClashes(wanted: ["a": "B", "b": "A"], current: ["a": "A", "b": "B"]).isEmpty)
    #expect(
      titleClashes(wanted: ["a": "B", "b": "C", "c": "A"], current: ["a": "A", "b": "B", "c": "C"]).isEmpty)
  }

  @Test func whoComesWithATitleIsSetAsideAndNotWhoHasIt() {
    #expect(titleClashes(wanted: ["a": "B"], current: ["a": "A", "b": "B"]) == ["a": "b"])
    #expect(titleClashes(wanted: ["a": "B", "b": "B"], current: ["a": "A", "b": "B"]) == ["a": "b"])
    #expect(titleClashes(wanted: ["z": "B"], current: ["b": "B"]) == ["z": "b"], "a new row too")
  }

  @Test func aTitleThatItsOwnerGivesUpIsFree() {
    #expect(titleClashes(wanted: ["a": "B", "b": "C"], current: ["a": "A", "b": "B"]).isEmpty)
  }

  @Test func ofThreeThatWantAFreeTitleOneGetsIt() {
    let wanted = ["a": "T", "b": "T", "c": "T"]
    #expect(titleClashes(wanted: wanted, current: ["a": "A", "b": "B", "c": "C"]) == ["b": "a", "c": "a"])
    #expect(titleClashes(wanted: wanted, current: [:]) == ["b": "a", "c": "a"])
  }

  @Test func ofThreeThatWantATitleThatIsTakenNoneGetsItAndAllAreToldWhoHasIt() {
    let clashes = titleClashes(
      wanted: ["a": "T", "b": "T", "c": "T"], current: ["a": "A", "b": "B", "c": "C", "x": "T"])
    #expect(clashes == ["a": "x", "b": "x", "c": "x"])
  }

  @Test func aChainWhoseEndIsTakenIsSetAsideAsAWhole() {
    // a → B, b → C, c → X, and X is taken: so C, B aren't given up either.
    let clashes = titleClashes(
      wanted: ["a": "B", "b": "C", "c": "X"], current: ["a": "A", "b": "B", "c": "C", "x": "X"])
    #expect(clashes == ["a": "b", "b": "c", "c": "x"])
  }

  @Test func aChainThatIsFreeAtItsEndGoesThrough() {
    #expect(
      titleClashes(wanted: ["a": "B", "b": "C", "c": "X"], current: ["a": "A", "b": "B", "c": "C"]).isEmpty)
  }

  @Test func aSwapThatOneOutsiderBreaksIsUndoneForBoth() {
    // a and b trade, but c, which stays, has had A all along in a table that isn't unique yet.
    let clashes = titleClashes(wanted: ["a": "B", "b": "A"], current: ["a": "Z", "b": "B", "c": "A"])
    #expect(clashes == ["a": "b", "b": "c"])
  }

  @Test func titlesAreComparedByteForByte() {
    // Two rows that PostgreSQL's index keeps apart, and one of them is written with the title that it has.
    let current = ["a": "caf\u{E9}", "b": "cafe\u{301}"]
    #expect(titleClashes(wanted: ["a": "caf\u{E9}"], current: current).isEmpty)
    #expect(titleClashes(wanted: ["c": "cafe\u{301}"], current: current) == ["c": "b"])
  }

  @Test(.timeLimit(.minutes(1))) func tenThousandClashesAreFoundAtOnce() {
    let numbers = 0..<10_000
    let current = Dictionary(uniqueKeysWithValues: numbers.map { ("row\($0)", "T\($0)") })
    let wanted = Dictionary(uniqueKeysWithValues: numbers.map { ("file\($0)", "T\($0)") })
    let clashes = titleClashes(wanted: wanted, current: current)
    #expect(clashes == Dictionary(uniqueKeysWithValues: numbers.map { ("file\($0)", "row\($0)") }))
  }

  /// Whatever is asked for: what is left breaks no index, and nobody is set aside without need.
  @Test(arguments: 0..<20)
  func whatIsLeftIsUniqueAndNothingIsSetAsideForNothing(block: Int) {
    for number in 0..<50 {
      var generator = Generator(seed: UInt64(block * 1_000 + number))
      let titles = ["A", "B", "C", "D", "E", "F", "G"]
      let ids = (0..<Int.random(in: 1...7, using: &generator)).map { "s\($0)" }
      var current = Dictionary(uniqueKeysWithValues: zip(ids, titles.shuffled(using: &generator)))
      var wanted: [String: String] = [:]
      for id in ids where generator.happens(0.7) { wanted[id] = generator.pick(titles) }
      for id in ids where generator.happens(0.2) { current[id] = nil }
      let clashes = titleClashes(wanted: wanted, current: current)
      #expect(
        clashes.allSatisfy {
          wanted[$0.key] != nil && wanted[$0.key] != current[$0.key] && $0.key != $0.value
        })
      let after = current.merging(wanted.filter { clashes[$0.key] == nil }) { $1 }
      #expect(Set(after.values).count == after.count, "seed \(block * 1_000 + number)")
      for id in clashes.keys {
        let isTaken = after.contains { $0.key != id && $0.value == wanted[id] }
        #expect(isTaken, "seed \(block * 1_000 + number): \(id) could have had \(wanted[id] ?? "")")
      }
    }
  }
}
