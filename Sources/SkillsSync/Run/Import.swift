import Postgres
import SkillsCore

extension Session {
  /// One run of `git-to-skills`: brings the branch's current tip into the table.
  ///
  /// - Parameters:
  ///   - after: the commit that a webhook named; if it is the recorded tip, there is nothing to do.
  ///   - isSweep: whether skills that were set aside are tried again.
  public func `import`(
    after: String?, isSweep: Bool, deadline: Deadline, progress: Progress
  ) async throws -> ImportReport {
    try await withRun(deadline, progress: progress) { run in
      var report = ImportReport()
      if settings.direction == .export { return report.with(tip: run.state.tip) }
      if let after, after == run.state.tip, !run.state.hasIntents { return report.with(tip: run.state.tip) }
      guard run.deadline.hasTime else { throw SyncError.outOfTime }
      guard try await run.waitForLease() else {
        throw SyncError(
          type: "Busy",
          description: "another run was at work until the time was up: the next run or the schedule goes on")
      }
      for attempt in 0..<mostTries {
        guard run.deadline.hasTime else { throw SyncError.outOfTime }
        do {
          try await Importer(run: run, isSweep: isSweep).run(into: &report)
          return report.with(tip: run.state.tip)
        } catch is Overtaken {
          try await run.backOff(attempt: attempt)
          try run.readState()
        }
      }
      throw SyncError(
        type: "Busy",
        description: "others wrote to the database \(mostTries) times while this run tried to: try again",
        areTriesUsedUp: true)
    }
  }
}

extension ImportReport {
  fileprivate func with(tip: String?) -> ImportReport {
    var report = self
    report.tip = tip
    return report
  }
}
