import SkillsCore

/// How often a run starts again when others are faster: more only shows that the repository is busy.
let mostTries = 8

extension Session {
  /// One run of `skills-to-git`: imports what must come first, then exports.
  ///
  /// - Parameter isBounded: whether `SYNC_BATCH_SIZE` bounds it, as it does for events.
  public func export(
    _ request: ExportRequest, isBounded: Bool, deadline: Deadline, progress: Progress
  ) async throws -> ExportReport {
    try await withRun(deadline, progress: progress) { run in
      var report = ExportReport()
      if settings.direction != .import {
        var hadTime = try await run.waitForLease()
        if hadTime { hadTime = try await exportUntilDone(run, request, isBounded: isBounded, into: &report) }
        // What the outbox doesn't hold would be forgotten by a quiet answer.
        if !hadTime, request == .everything || !run.table.hasTrigger { throw outOfTime }
      }
      report.pending = try run.pending()
      return report
    }
  }

  private var outOfTime: SyncError {
    SyncError(
      type: "Busy", description: "there was no time left to do anything: nothing was changed, try again")
  }

  /// - Returns: false if there was no time to begin.
  private func exportUntilDone(
    _ run: SyncRun, _ request: ExportRequest, isBounded: Bool, into report: inout ExportReport
  ) async throws -> Bool {
    var mustImport = request == .everything
    for attempt in 0..<mostTries {
      guard run.deadline.hasTime else { return false }
      do {
        let exporter = Exporter(run: run, request: request, isBounded: isBounded)
        if !mustImport, !run.state.hasIntents, try exporter.hasNothingToDo(into: &report) { return true }
        let lacksTip = try await run.lacksRecordedTip()
        if mustImport || run.state.hasIntents || lacksTip {
          var imported = ImportReport()
          try await Importer(run: run, isSweep: request == .everything).run(into: &imported)
          mustImport = false
        }
        try await run.waitForPushInterval()
        if try await exporter.run(into: &report) {
          var imported = ImportReport()
          try await Importer(run: run, isSweep: true).run(into: &imported)
        }
        return true
      } catch is Overtaken {
        mustImport = true
        try await run.backOff(attempt: attempt)
        try run.readState()
      }
    }
    throw SyncError(
      type: "Busy",
      description: "others wrote to the branch or the database \(mostTries) times while this run tried to: "
        + "what waits stays in the outbox for the next run")
  }

  /// What an export of everything would push, as a diff; nothing is changed.
  public func previewExport(deadline: Deadline, progress: Progress) async throws -> Preview {
    try await withRun(deadline, progress: progress, isReadOnly: true) { run in
      try await Exporter(run: run, request: .everything, isBounded: false).preview()
    }
  }
}

extension SyncRun {
  /// Whether the local repository can't be built on: nothing was recorded yet, or it doesn't hold the
  /// recorded tip.
  ///
  /// Then the branch is looked at first, as an export never takes in what nobody imported.
  fileprivate func lacksRecordedTip() async throws -> Bool {
    guard let tip = state.tip else { return true }
    let repository = try await repository
    if repository.tip?.description == tip { return false }
    return try await !repository.hasCommit(objectID(tip))
  }
}
