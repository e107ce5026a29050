import Git
import SkillsCore

/// How often a run starts again when others are faster: more only shows that the repository is busy.
let mostTries = 8

extension Session {
  /// One run of `skills-to-git`: imports what must come first, then exports.
  ///
  /// - Parameters:
  ///   - isBounded: whether `SYNC_BATCH_SIZE` bounds it, as it does for events.
  ///   - isByHand: whether a person asked for it: then what the repository refused is tried again at once.
  ///   - confirmation: the digest of the held deletions that a person lets through.
  public func export(
    _ request: ExportRequest, isBounded: Bool, isByHand: Bool = false, confirmation: String? = nil,
    deadline: Deadline, progress: Progress
  ) async throws -> ExportReport {
    var last: SyncRun?
    var report = try await withRun(deadline, progress: progress, exporting: request) { run in
      last = run
      run.isSweep = request == .everything
      run.confirmation = confirmation
      var report = ExportReport()
      report.isPaused = run.state.isPaused
      report.isOtherWay = settings.direction == .import
      if settings.direction != .import, !report.isPaused {
        var hadTime = try await run.waitForLease()
        if hadTime {
          let exporter = Exporter(run: run, request: request, isBounded: isBounded, isByHand: isByHand)
          hadTime = try await exportUntilDone(exporter, into: &report)
        }
        // What the outbox doesn't hold would be forgotten by a quiet answer.
        if !hadTime, request == .everything || !run.table.hasTrigger { throw SyncError.outOfTime }
      }
      if confirmation != nil, let held = run.held[.export] { throw SyncError.notConfirmed(held) }
      return report
    }
    report.pending = try last?.pendingInTheEnd ?? last?.pending() ?? 0
    return report
  }

  /// - Returns: false if there was no time for all of it.
  private func exportUntilDone(_ exporter: Exporter, into report: inout ExportReport) async throws -> Bool {
    let (run, request) = (exporter.run, exporter.request)
    var mustImport = request == .everything
    for attempt in 0..<mostTries {
      if run.state.isPaused {
        report.isPaused = true
        return true
      }
      guard run.deadline.hasTime else { return false }
      do {
        if !mustImport, !run.state.hasIntents, try exporter.hasNothingToDo(into: &report) { return true }
        let lacksTip = try await run.lacksRecordedTip()
        // Rows may be those of a commit that isn't the recorded tip.
        let isAhead = !run.state.isWhole && settings.direction == .both
        if mustImport || run.state.hasIntents || lacksTip || isAhead {
          var imported = ImportReport()
          try await Importer(run: run, isSweep: request == .everything).run(into: &imported)
          mustImport = false
        }
        return try await pushAll(exporter, into: &report)
      } catch is Overtaken {
        mustImport = true
        try await run.backOff(attempt: attempt)
        try run.readState()
      } catch let error as GitError where error.mayBeCuredByStartingOver && attempt == 0 {
        mustImport = true
        run.log.warning(
          "the local copy of the repository was damaged: starting over", metadata: ["reason": "\(error)"])
        try run.readState()
      }
    }
    throw SyncError(
      type: "Busy",
      description: "others wrote to the branch or the database \(mostTries) times while this run tried to: "
        + "what waits stays in the outbox for the next run",
      areTriesUsedUp: true)
  }

  /// Pushes what may be pushed, with what is left once a skill was set aside.
  ///
  /// - Returns: false if there was no time for all of it.
  private func pushAll(_ exporter: Exporter, into report: inout ExportReport) async throws -> Bool {
    let run = exporter.run
    // More in a row would be more than GitHub advises; what is left waits for the next run.
    var refused: [String]?
    for _ in 1...3 {
      try await run.waitForPushInterval()
      let outcome = try await exporter.run(into: &report)
      refused = refused ?? outcome.refused
      if outcome.awaitsImport {
        var imported = ImportReport()
        try await Importer(run: run, isSweep: true).run(into: &imported)
      }
      if outcome.isCut { return false }
      guard outcome.isUnfinished else { break }
    }
    if exporter.request == .everything { try await exporter.retry(refused: refused ?? [], into: &report) }
    return true
  }

  /// What an export of everything would push, as a diff; nothing is changed.
  public func previewExport(deadline: Deadline, progress: Progress) async throws -> Preview {
    try await withRun(deadline, progress: progress, isReadOnly: true) { run in
      try await Exporter(run: run, request: .everything, isBounded: false, isByHand: true).preview()
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
