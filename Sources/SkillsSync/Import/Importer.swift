import Git
import Postgres
import SkillsCore

/// Brings the branch's files into the rows: the steps look, fetch, settle, compare, apply.
///
/// The recorded state was read before the fetch, and the intents are read after it; every transaction compares the
/// generation. So whatever else happens meanwhile, a newer row or file is never taken for an older one.
struct Importer {
  let run: SyncRun
  /// Whether all files are looked at, also those that nobody changed, although the branch may be at the recorded tip.
  let isSweep: Bool
  /// Whether the run does nothing else after it.
  var endsRun = false

  /// Runs until the recorded tip is the branch's.
  /// - Throws: `Overtaken` if another run came between; then nothing of this step was done, and the caller starts again.
  func run(into report: inout ImportReport) async throws {
    // It may write rows and base, and the outbox with them.
    (run.waiting, run.ended) = (nil, nil)
    let fetchBegan = run.state.now
    let fetched = try await run.repository.fetchTip(with: start(isSweep: self.isSweep))
    if fetched == nil, run.state.tip != nil {
      throw SyncError.branchMissing(run.settings.branch)
    }
    var isSweep = isSweep
    // Each round settles, imports, or finds a row that somebody saved meanwhile.
    for round in 0..<Importer.mostRounds {
      switch try await settle(fetched: fetched, fetchBegan: fetchBegan) {
      case .settled: continue
      case .target(let target):
        let isRecorded = target?.description == run.state.tip
        if isRecorded, target == fetched, !isSweep, !mustLook(at: target) {
          run.hasSeenTip = true
          return
        }
        let isLast = endsRun && target == fetched && !isRecorded && !run.state.hasIntents
        let isDone = try await bringIn(target, isSweep: isSweep, isLast: isLast, into: &report)
        if isDone, target == fetched {
          if try await hasNothingToSettle(fetched: fetched, fetchBegan: fetchBegan) {
            run.hasSeenTip = true
            return
          }
          isSweep = false
        } else if !isDone {
          // Of the recorded tip all else is done: nobody waits for long, and the next run looks again.
          if isRecorded, round >= Importer.mostRounds / 4 { return }
          // A row is being saved at this moment.
          try await run.measurements.sleep(.milliseconds(min(20 << round, 1_000)))
        }
      }
    }
    throw Overtaken()
  }

  private static let mostRounds = 20

  private enum Settled {
    /// A commit of ours was taken into account.
    case settled
    /// This commit's tree is to be compared.
    case target(ObjectID?)
  }

  private func hasNothingToSettle(fetched: ObjectID?, fetchBegan: String) async throws -> Bool {
    guard run.state.hasIntents else { return true }
    return try await landed(in: fetched, fetchBegan: fetchBegan) == nil
  }

  /// Settles the oldest landed intent, if what it was built on is the recorded tip; else that is to be imported first.
  private func settle(fetched: ObjectID?, fetchBegan: String) async throws -> Settled {
    guard let intent = try await landed(in: fetched, fetchBegan: fetchBegan) else { return .target(fetched) }
    guard intent.expectedTip == run.state.tip else {
      guard let expected = intent.expectedTip else {
        // It was the branch's first commit, and yet a tip is recorded: the database was restored. Nothing to settle by it.
        _ = try run.connection.query(Intent.withdraw([intent.id]))
        return .settled
      }
      let commit = try objectID(expected)
      if try await !run.repository.hasCommit(commit) { try await run.repository.fetchCommit(commit) }
      return .target(commit)
    }
    try run.settle(intent.id, unchanged: [])
    run.log.info("settled a push that an earlier run had begun", metadata: ["commit": "\(intent.commit)"])
    return .settled
  }

  /// The oldest intent whose commit is in the branch.
  ///
  /// Those that can't land any more are withdrawn.
  private func landed(in fetched: ObjectID?, fetchBegan: String) async throws -> Intent? {
    let intents = try run.connection.query(Intent.read(repositoryID: run.state.id, fetchBegan: fetchBegan))
      .map { try Intent($0) }
    run.state.hasIntents = !intents.isEmpty
    var expired: [String] = []
    var oldest: Intent?
    for intent in intents where oldest == nil {
      if try await isLanded(intent, in: fetched) {
        oldest = intent
      } else if intent.isExpired {
        expired.append(intent.id)
      }
    }
    if !expired.isEmpty { _ = try run.connection.query(Intent.withdraw(expired)) }
    return oldest
  }

  private func isLanded(_ intent: Intent, in fetched: ObjectID?) async throws -> Bool {
    guard let fetched else { return false }
    if intent.commit == fetched.description { return true }
    // An hour for clocks that disagree.
    return try await run.repository.isAncestor(
      try objectID(intent.commit), of: fetched, since: intent.createdAt - 3_600)
  }

  /// Whether a commit is to be looked at although it is the recorded tip: rows may be those of another one.
  private func mustLook(at target: ObjectID?) -> Bool {
    target != nil && !run.state.isWhole && run.settings.direction != .export
  }

  /// Compares a commit's tree with what is recorded, and applies what follows for the rows.
  ///
  /// - Returns: false where a row was saved meanwhile, or is being saved.
  private func bringIn(
    _ target: ObjectID?, isSweep: Bool, isLast: Bool, into report: inout ImportReport
  ) async throws -> Bool {
    let comparison = try await comparison(with: target, isSweep: isSweep)
    let plan = try await ImportPlan(run: run, comparison: comparison, target: target)
    report.failures = plan.failures
    // Those of an earlier round are recorded by now, and new all the same.
    let earlier = report.newFailures.filter { one in
      plan.failures.contains { $0.path == one.path && $0.blob == one.blob }
        && !plan.newFailures.contains { $0.path == one.path }
    }
    report.newFailures = earlier + plan.newFailures
    run.held[.import] = plan.held
    defer { run.imported = report }
    report.held = plan.held.map(HeldReport.init)
    guard
      target?.description != run.state.tip || !plan.isEmpty || plan.hasOtherFailures || plan.hasOtherHeld
        || plan.isWhole == true && mustLook(at: target)
    else { return true }
    return try ImportTransaction(run: run, plan: plan, target: target, isLast: isLast).apply(into: &report)
  }
}

extension Importer {
  /// The recorded tip, if what differs from it is all that has to be looked at.
  private func start(isSweep: Bool) throws -> ObjectID? {
    guard !isSweep, run.state.isWhole, run.settings.direction != .export else { return nil }
    return try run.state.tip.map(objectID)
  }

  /// Of what changed since the recorded tip where that will do, and nobody asked for more.
  private func comparison(with target: ObjectID?, isSweep: Bool) async throws -> TreeComparison {
    if let target, let start = try start(isSweep: isSweep),
      let comparison = try await TreeComparison(run: run, from: start, to: target)
    {
      return comparison
    }
    return try await TreeComparison(run: run, commit: target)
  }
}

extension SyncError {
  /// The branch that was there isn't any more.
  static func branchMissing(_ branch: String) -> SyncError {
    SyncError(
      type: "BranchMissing",
      description: "the branch \(branch) is gone from the repository: nothing was changed; "
        + "push the branch again, or set GITHUB_BRANCH")
  }
}
