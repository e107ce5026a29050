import Git
import Postgres
import SkillsCore

/// Applies an import's plan in one transaction: a constant number of round trips, whatever the number of skills.
///
/// All goes in bulk. Should a row's data be at fault (`isDataError`), each row is tried alone to find those,
/// all of that is rolled back, and the others go in bulk again. Where not even the application's badge can be set on a row,
/// badges come one by one afterwards.
struct ImportTransaction {
  let run: SyncRun
  let plan: ImportPlan
  let target: ObjectID?
  /// Whether nothing more may be left to do: then what the run ends with goes along.
  let isLast: Bool

  /// - Returns: whether all of it was done; false where a row was saved meanwhile, or is being saved.
  func apply(into report: inout ImportReport) throws -> Bool {
    let startedAt = run.state.now
    var failures = plan.failures
    var excluded = plan.excluded
    var isDone = false
    do {
      isDone = try applyInBulk(excluded: excluded, failures: failures, startedAt: startedAt, into: &report)
    } catch let error as PostgresError where error.isDataError {
      let faults = try findFaults(excluded: excluded)
      excluded += faults.map(\.skillID)
      failures += faults.map(\.failure)
      report.newFailures += faults.map(\.failure)
      let areShown = try run.settingBadges { setsBadges in
        isDone = try applyInBulk(
          excluded: excluded, failures: failures, startedAt: setsBadges ? startedAt : nil, into: &report)
      }
      if !areShown {
        run.showOneByOne(
          plan.outcomes.map(\.skillID).filter { !excluded.contains($0) }, commit: target?.description)
      }
    }
    return isDone
  }

  /// - Parameter startedAt: since when, for the application's badge and log; nil where those are left out.
  private func applyInBulk(
    excluded: [String], failures: [Failure], startedAt: String?, into report: inout ImportReport
  ) throws -> Bool {
    let generation = Generation(run.state)
    let statements = statements(generation)
    var all = try opening() + [statements.exclude(excluded)] + statements.fence
    if run.table.hasTitleInUniqueIndex { all.append(statements.parkTitles) }
    all += statements.writeRows() + statements.recordBase
    let record = all.count
    all.append(
      History.imported(target?.description, committedAt: plan.committedAt, generation: generation))
    if let startedAt { all += statements.recordForApplication(startedAt: startedAt) }
    all += statements.recordFailures(failures, showsBadges: startedAt != nil)
    all += (plan.held ?? HeldDeletions(.import, skillIDs: [])).record(generation)
    all += statements.finish(isWhole: plan.isWhole)
    let end = isLast ? run.end(hasSeenTip: true, after: generation, tip: target?.description) : []
    let results = try run.transact(all, end: end)
    // The last three: the tip, the rows to do again, COMMIT.
    guard let row = results[all.count - 3].first else { throw Overtaken() }
    let formerTip = run.state.tip
    run.advanced(to: generation, tip: try row.optionalText("tip"), isWhole: try row.boolean("is_whole"))
    if run.state.tip != formerTip { report.imported = run.state.tip }
    if let row = results[record].first { try History.measure(row, into: run.measurements) }
    let stale = Set(try results[all.count - 2].map { try $0.text("skill_id") })
    let done = plan.outcomes.filter { !stale.contains($0.skillID) && !excluded.contains($0.skillID) }
    report.add(done)
    report.failures = failures
    run.announce(done, commit: target?.description)
    run.announce(failures)
    return stale.isEmpty
  }

  /// Tries each row alone, and takes everything back.
  private func findFaults(excluded: [String]) throws -> [(skillID: String, failure: Failure)] {
    let statements = statements(Generation(run.state))
    let opening = try opening()
    defer { try? run.connection.rollback() }
    _ = try run.connection.pipeline(opening + [statements.exclude(excluded)] + statements.fence)
    // Where a rule says how titles look, none can be parked: those that trade places are then at fault.
    if run.table.hasTitleInUniqueIndex { _ = try fault(of: [statements.parkTitles]) }
    var faults: [(String, Failure)] = []
    for outcome in plan.outcomes where !excluded.contains(outcome.skillID) {
      guard let error = try fault(of: statements.writeRows(only: outcome.skillID)) else { continue }
      let failure = Failure(
        side: .file, skillID: outcome.hasKnownID ? outcome.skillID : nil, path: outcome.path,
        blob: plan.blobs[outcome.skillID], reason: .refusedByDatabase, message: "\(error)")
      faults.append((outcome.skillID, failure))
    }
    return faults
  }

  /// The data error that the statements meet; nil if they go through.
  private func fault(of statements: [Statement]) throws -> PostgresError? {
    try run.connection.execute(SimpleQuery("save", "SAVEPOINT one"))
    do {
      _ = try run.connection.pipeline(statements)
      return nil
    } catch {
      guard error.isDataError else { throw error }
      try run.connection.execute(SimpleQuery("take back", "ROLLBACK TO SAVEPOINT one"))
      return error
    }
  }

  /// What the transaction begins with: a few changes go along as parameters, which is two round trips less; many are copied
  /// before, so that memory holds one text at a time.
  private func opening() throws -> [Statement] {
    if let few = plan.few { return RowChange.opening(with: few) }
    var index = 0
    do {
      try run.connection.copy(SimpleQuery("copy changes", RowChange.copyPrelude)) {
        guard index < plan.ranges.count else { return nil }
        index += 1
        return try plan.lines.read(plan.ranges[index - 1])
      }
    } catch {
      try? run.connection.rollback()
      throw error
    }
    return []
  }

  private func statements(_ generation: Generation) -> ImportStatements {
    ImportStatements(table: run.table, generation: generation, target: target?.description)
  }
}
