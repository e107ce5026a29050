import Postgres
import SkillsCore

extension Session {
  /// One run of `git-to-skills`: brings the branch's current tip into the table.
  ///
  /// - Parameters:
  ///   - after: the commit that a webhook named; if it is the recorded tip, there is nothing to do.
  ///   - isSweep: whether skills that were set aside are tried again.
  ///   - confirmation: the digest of the held deletions that a person lets through.
  public func `import`(
    after: String?, isSweep: Bool, confirmation: String? = nil, deadline: Deadline, progress: Progress
  ) async throws -> ImportReport {
    try await withRun(deadline, progress: progress) { run in
      run.isSweep = isSweep
      run.confirmation = confirmation
      var report = ImportReport()
      report.isPaused = run.state.isPaused
      if report.isPaused { return report.with(tip: run.state.tip) }
      report.isOtherWay = settings.direction == .export
      if report.isOtherWay { return report.with(tip: run.state.tip) }
      if let after, after == run.state.tip, !run.state.hasIntents, run.state.isWhole {
        return report.with(tip: run.state.tip)
      }
      guard run.deadline.hasTime else { throw SyncError.outOfTime }
      guard try await run.waitForLease() else {
        throw SyncError(
          type: "Busy",
          description: "another run was at work until the time was up: the next run or the schedule goes on")
      }
      for attempt in 0..<mostTries {
        guard run.deadline.hasTime else { throw SyncError.outOfTime }
        do {
          try await Importer(run: run, isSweep: isSweep, endsRun: true).run(into: &report)
          if confirmation != nil, let held = run.held[.import] { throw SyncError.notConfirmed(held) }
          return report.with(tip: run.state.tip)
        } catch is Overtaken {
          try await run.backOff(attempt: attempt)
          try run.readState()
          report.isPaused = run.state.isPaused
          if report.isPaused { return report.with(tip: run.state.tip) }
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
