import SkillsCore
import Testing

/// The page is the only source: what it says is compared with what the reconciler does.
struct DecisionTests {
  @Test func everySituationIsDecidedAsThePageSays() async throws {
    let page = try DecisionPage()
    var wrong: [String] = []
    for situation in Situation.all {
      let decision = try await situation.decide()
      let expected = try page.decision(for: situation)
      if decision != expected { wrong.append("\(situation)\n  is \(decision)\n  not \(expected)") }
    }
    #expect(wrong.count == 0, "\(wrong.count) situations: \(wrong.prefix(3).joined(separator: "\n"))")
  }

  @Test func everyCellOfThePageCanBeReachedOrIsEmpty() throws {
    let page = try DecisionPage()
    let reached = Set(Situation.all.map(\.place))
    for (name, table) in page.contacts {
      for row in table.rows {
        for (column, cell) in zip(table.columns, row).dropFirst() {
          let isReached = reached.contains(Situation.Place(table: name, row: row[0], column: column))
          #expect(isReached == (cell != "–"), "\(name): \(row[0]), \(column)")
        }
      }
    }
  }

  @Test func everyDecisionThatThePageExplainsIsMade() throws {
    let page = try DecisionPage()
    let made = try Set(Situation.all.map { try page.cell(for: $0) })
    #expect(made == Set(page.outcomes.rows.map { $0[0] } + ["both edited"]))
    let reasons = Set((page.outcomes.rows.map { $0[1] } + page.policies.rows.map { $0[3] }))
    #expect(reasons == Set(Decision.Reason.allCases.filter { $0 != .settledByHand }.map(\.rawValue)))
  }

  @Test func aSecondLookAtWhatWasDecidedFindsNothingToDo() async throws {
    var restless: [String] = []
    for situation in Situation.all {
      let decision = try await situation.decide()
      guard decision.record != .open else { continue }
      let after = situation.carriedOut(decision)
      let second = try await after.decide()
      // A row that took both edits, or stayed, is now written to the file, and then all is quiet.
      let third = try await after.carriedOut(second).decide()
      if !third.isQuiet { restless.append("\(situation)\n  \(decision)\n  \(second)\n  \(third)") }
    }
    #expect(
      restless.count == 0, "\(restless.count) situations: \(restless.prefix(3).joined(separator: "\n"))")
  }

  @Test func aMergeThatFailsIsPassedOn() async {
    struct Failed: Error {}
    let values = ["old", "row", "file"].map { SkillValues(title: "T", body: $0) }
    await #expect(throws: Failed.self) {
      try await reconcile(
        base: Base(path: "t.md", blob: "0", values: values[0]), row: Row(values: values[1]),
        file: File(path: "t.md", blob: "1", values: values[2]), policy: .merge, deletePolicy: .archive,
        rowIsNewer: true, mergeLines: { _, _, _, _ in throw Failed() })
    }
  }

  @Test func linesAreMergedWithTheLastWriterInFavor() async throws {
    let values = ["old", "row", "file"].map { SkillValues(title: "T", body: $0) }
    for rowIsNewer in [true, false] {
      var asked: [String] = []
      _ = try await reconcile(
        base: Base(path: "t.md", blob: "0", values: values[0]), row: Row(values: values[1]),
        file: File(path: "t.md", blob: "1", values: values[2]), policy: .merge, deletePolicy: .archive,
        rowIsNewer: rowIsNewer,
        mergeLines: { base, row, file, favorRow in
          asked = [base, row, file, "\(favorRow)"]
          return MergedText(text: row, overlaps: true)
        })
      #expect(asked == ["old\n", "row\n", "file\n", "\(rowIsNewer)"], "whole lines, also the last one")
    }
  }

  @Test func whatAPersonTookIsOnTheRowAndTheFileAsFoundIsTheBase() {
    let row = Row(values: SkillValues(title: "T", body: "row"))
    let file = File(path: "t.md", blob: "1", values: SkillValues(title: "T", body: "file"))
    let other = SkillValues(title: "T", body: "both")
    for (settlement, effect) in [
      (Settlement.row, Decision.RowEffect.keep), (.file, .write(file.values)),
      (.values(other), .write(other)),
    ] {
      #expect(
        settle(settlement, row: row, file: file)
          == Decision(.settledByHand, row: effect, base: .asFound, record: .settled))
    }
  }
}

extension Decision {
  /// Whether nothing is written, whatever the reason: what a draft says waits for publishing, and a save that undid an
  /// import is recorded along with the file.
  fileprivate var isQuiet: Bool {
    row == .keep && file == .keep && base == .keep && (record == .none || reason == .staleSave)
  }
}

extension Situation {
  fileprivate func decide() async throws -> Decision {
    try await reconcile(
      base: base, row: row, file: file, policy: policy, deletePolicy: deletePolicy, rowIsNewer: rowIsNewer,
      mergeLines: { _, _, _, _ in MergedText(text: Situation.mergedBody, overlaps: linesOverlap) })
  }

  /// What both executables leave behind: the row as written, then the file as written, and the base after each.
  fileprivate func carriedOut(_ decision: Decision) -> Situation {
    var after = self
    switch decision.row {
    case .keep: break
    case .write(let values):
      let isRevived = row == nil || isArchivedByTombstone
      after.row = Row(values: values, publication: isRevived ? .published : row?.publication ?? .published)
    case .archive:
      after.row?.publication = .archived
      after.row?.values.active = false
    case .delete: after.row = nil
    }
    switch decision.base {
    case .keep: break
    case .asFound:
      after.base = file.map {
        Base(path: $0.path, blob: $0.blob, values: $0.values, previousValues: base?.previousValues)
      }
    case .tombstone: after.base?.state = .tombstone
    }
    switch decision.file {
    case .keep: break
    case .write(let values):
      let file = File(
        path: file?.path ?? "skills/new.md", blob: "written \(values.title) \(values.body)", values: values)
      after.file = file
      after.base = Base(path: file.path, blob: file.blob, values: values)
    case .delete:
      after.file = nil
      after.base?.state = .tombstone
    }
    return after
  }
}
