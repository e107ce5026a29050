import Git
import Postgres
import SkillsCore

/// Why a push is made.
enum PushPurpose {
  /// To push all that waits.
  case everything
  /// To learn what a rule objects to: a part of what waits.
  case probe(of: ExportPlan)
  /// To try a skill again that was set aside.
  case retry
}

/// A push that was refused although the branch is where it was: no retry cures that.
struct RefusedPush {
  var rejection: PushRejection
  /// The push's intent, which is still recorded.
  var intent: String
  var plan: ExportPlan
  var purpose: PushPurpose
}

extension Exporter {
  /// Whether a refused push met another one: the branch isn't where it was.
  ///
  /// The server's words can't be relied on for that, so it is asked where the branch is.
  func isRace(_ rejection: PushRejection, _ commit: ObjectID, intent: String) async throws -> Bool {
    let tip: ObjectID?
    do {
      tip = try await run.repository.remoteTip()
    } catch {
      _ = try run.connection.query(Intent.withdraw([intent]))
      throw error
    }
    if try tip == recordedTip() { return false }
    run.log.info("the branch moved before the push", metadata: ["reason": "\(rejection.reason)"])
    // Should the branch be at the very commit that was refused, the import settles the intent.
    if tip != commit { _ = try run.connection.query(Intent.withdraw([intent])) }
    return true
  }

  /// The skills that may be pushed while a rule refuses pushes; nil if all may.
  ///
  /// - Throws: a `SyncError` of type `PushRejected.<rule>` if it isn't time for another try.
  func probe(of plan: ExportPlan) throws -> [String]? {
    guard let refusal = run.state.refusal, try !beginsAnew(refusal) else { return nil }
    guard refusal.isDue else {
      throw SyncError(
        type: "PushRejected.\(refusal.rule)",
        description: "the repository refused the push of \(refusal.refusedAt), and no other is tried before "
          + "\(refusal.probeAt), but by the command `skills-to-git export` or with other settings; what waits stays in "
          + "the outbox. \(refusal.message)")
    }
    return refusal.search.probe(of: plan.items.map(\.skillID))
  }

  /// Whether what was refused is tried as a whole: a person asks, or the settings are others.
  private func beginsAnew(_ refusal: RecordedRefusal) throws -> Bool {
    if isByHand { return true }
    return try refusal.configuration != run.pushConfiguration()
  }

  /// Records what an accepted push tells of an earlier refusal.
  func learnFromAcceptance(of plan: ExportPlan, _ purpose: PushPurpose) throws {
    guard let refusal = run.state.refusal else { return }
    var search: RefusalSearch?
    if case .probe(let whole) = purpose {
      search = refusal.search.accepted(plan.items.map(\.skillID), of: whole.items.map(\.skillID))
    }
    _ = try run.connection.query(RecordedRefusal.goOn(with: search, repositoryID: run.state.id))
    if search == nil { run.state.refusal = nil }
  }

  /// Forgets a refusal once nothing waits that could be refused.
  func endRefusal() throws {
    guard run.state.refusal != nil else { return }
    _ = try run.connection.query(RecordedRefusal.goOn(with: nil, repositoryID: run.state.id))
    run.state.refusal = nil
  }

  /// Sets aside the skills that are at fault, or records that none is known.
  ///
  /// - Throws: a `SyncError` of type `PushRejected.<rule>` if no skill is known to be at fault.
  func take(_ refused: RefusedPush, _ outbox: Outbox, into report: inout ExportReport) throws -> Outcome {
    let items = refused.plan.items
    let named = items.filter { item in
      refused.rejection.paths.contains { $0 == item.path || $0 == item.found?.path }
    }
    if !named.isEmpty {
      try setAside(named, refused, outbox, into: &report)
      return Outcome(isUnfinished: true)
    }
    let pushed = items.map(\.skillID)
    var search = RefusalSearch(refused: pushed)
    switch refused.purpose {
    case .everything: break
    case .retry:
      try setAside(items, refused, outbox, into: &report)
      return Outcome()
    case .probe(let whole):
      guard let refusal = run.state.refusal else { break }
      switch refusal.search.refused(pushed, of: whole.items.map(\.skillID)) {
      case .goesOn(let next): search = next
      case .found(let skill):
        try setAside(items.filter { $0.skillID == skill }, refused, outbox, into: &report)
        return Outcome()
      }
    }
    _ = try run.transact([
      Intent.withdraw([refused.intent]),
      try RecordedRefusal.record(
        refused.rejection, search: search, configuration: run.pushConfiguration(),
        repositoryID: run.state.id),
    ])
    throw SyncError(
      type: "PushRejected.\(refused.rejection.kind)", description: refused.rejection.explanation)
  }

  /// Tries what was set aside once more, each skill alone, so that it stops no other: a few of them, by chance.
  func retry(refused skillIDs: [String], into report: inout ExportReport) async throws {
    for skill in skillIDs.shuffled().prefix(3) where run.deadline.hasTime && run.state.refusal == nil {
      run.ended = nil
      try await run.waitForPushInterval()
      let outbox = try Outbox(run.connection.query(Outbox.read(skillTable: run.table.key)))
      let plan = try await ExportPlan(
        run: run, skillIDs: [skill], files: try await recordedFiles(), triesRefused: true)
      let answered = outbox.entries(of: plan.taken)
      if plan.items.isEmpty {
        try clear(answered, plan)
      } else {
        _ = try await carryOut(plan, as: .retry, outbox, answered: answered, into: &report)
      }
    }
  }

  /// Records that the repository refuses these as they are; the others may be pushed.
  func setAside(
    _ items: [ExportPlan.Item], _ refused: RefusedPush, _ outbox: Outbox, into report: inout ExportReport
  ) throws {
    let failures = items.map { item in
      Failure(
        side: .row, skillID: item.skillID, path: item.path, blob: item.kind == .delete ? nil : item.blob,
        reason: .refusedByRepository, message: refused.rejection.explanation)
    }
    let skillIDs = items.map(\.skillID)
    let generation = Generation(run.state)
    let results = try run.transact(
      [
        Statement("begin", "BEGIN"), Statement("be silent", Trigger.silence), generation.advance,
        Intent.withdraw([refused.intent]), Failure.insertion(failures, generation: generation),
        clearing(outbox.entries(of: skillIDs), generation),
        try RecordedRefusal.goOn(with: nil, repositoryID: run.state.id),
      ] + Failure.badges(skillIDs, generation: generation, table: run.table) + [Statement("commit", "COMMIT")]
    )
    guard !results[2].isEmpty else { throw Overtaken() }
    run.advanced(to: generation)
    run.state.refusal = nil
    run.log.warning(
      "the repository refuses what these skills say: they are set aside",
      metadata: ["skills": "\(skillIDs.joined(separator: ", "))", "reason": "\(refused.rejection)"])
    report.setAside(failures)
  }
}

extension SyncRun {
  /// Tells whether anything was changed on which it depends what a server says to a push; holds no secret.
  func pushConfiguration() throws -> String {
    let committer = settings.committer
    return [committer.name, committer.email, settings.authorEmails.rawValue, try identity()]
      .joined(separator: "\n")
  }
}
