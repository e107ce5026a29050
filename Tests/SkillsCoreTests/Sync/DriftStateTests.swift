import SkillsCore
import Testing

struct DriftStateTests {
  private typealias Side = DriftSides.Side

  private var all: [DriftSides] {
    Side.allCases.flatMap { row in
      Side.allCases.flatMap { file in
        [false, true].flatMap { hasBase in
          [false, true].flatMap { isRowWaiting in
            [false, true].map { isTipNew in
              DriftSides(
                row: row, file: file, hasBase: hasBase, isRowWaiting: isRowWaiting, isTipNew: isTipNew)
            }
          }
        }
      }
    }
  }

  @Test func onlySidesThatSayTheSameAreInSync() {
    for sides in all {
      let agrees = sides.row == .atBase && sides.file == .atBase
      let isNothing = sides.row == .missing && sides.file == .missing && !sides.hasBase
      if sides.state == .inSync { #expect(agrees || isNothing, "\(sides)") }
      if agrees { #expect(sides.state == .inSync, "\(sides)") }
    }
  }

  @Test func onlyWhatWaitsIsPending() {
    for sides in all {
      if sides.state == .pendingExport { #expect(sides.isRowWaiting && sides.row != .atBase, "\(sides)") }
      if sides.state == .pendingImport { #expect(sides.isTipNew && sides.file != .atBase, "\(sides)") }
    }
  }

  @Test func whatNothingExplainsIsSaidToDiffer() {
    func state(_ row: Side, _ file: Side, hasBase: Bool = true) -> DriftState {
      DriftSides(row: row, file: file, hasBase: hasBase, isRowWaiting: false, isTipNew: false).state
    }
    #expect(state(.changed, .atBase) == .differs)
    #expect(state(.atBase, .changed) == .differs)
    #expect(state(.changed, .changed) == .differs)
    #expect(state(.missing, .atBase) == .missingInDatabase)
    #expect(state(.atBase, .missing) == .missingInGit)
    #expect(state(.missing, .missing) == .differs)
    #expect(state(.changed, .missing, hasBase: false) == .missingInGit)
    #expect(state(.missing, .changed, hasBase: false) == .missingInDatabase)
  }
}
