import Git
import Logging
import Postgres
import SkillsCore

/// Brings rows into files: begin, read outbox, read rows, commit, record intent, push, record.
///
/// The outbox is read before the rows. What is pushed is built on the recorded tip, and the push holds only if the branch is
/// still there. That it is under way is recorded before it, so that whoever comes after a crash knows whose commit it finds.
struct Exporter {
  let run: SyncRun
  let request: ExportRequest
  /// Whether this run looks at no more than `SYNC_BATCH_SIZE` skills.
  let isBounded: Bool
  /// Whether a person asked for it, who is told at once what the server says to it.
  let isByHand: Bool

  /// What is left to do after one export.
  struct Outcome {
    /// Whether an import that looks at every skill should follow.
    var awaitsImport = false
    /// Whether there is more that may be pushed now: a skill was set aside, and the others weren't pushed yet.
    var isUnfinished = false
    /// Whether the time was up before all that waits was looked at.
    var isCut = false
    /// Skills that were set aside because the repository refuses them: a full look tries them again.
    var refused: [String] = []
  }

  /// One export against the recorded tip.
  ///
  /// - Throws: `Overtaken` if the branch or our state moved meanwhile; nothing is lost, and the caller imports and
  ///   starts again. A `SyncError` of type `PushRejected.<rule>` if a rule of the repository keeps everything from being
  ///   pushed.
  func run(into report: inout ExportReport) async throws -> Outcome {
    run.ended = nil
    let waiting = try waiting()
    run.waiting = nil
    let outbox = waiting.outbox
    let isFull = request == .everything || !outbox.truncations.isEmpty
    let (wanted, held) = try select(waiting, isFull: isFull)
    try hold(held, recorded: waiting.held, into: &report)
    guard !wanted.isEmpty || !outbox.truncations.isEmpty else { return Outcome() }
    try await fetchMissing(recordedTip())
    if !isFull, let files = FilesAtTip(of: wanted, waiting, run) {
      do {
        return try await export(wanted, files, outbox, isFull: false, into: &report)
      } catch let error as GitError where error.code == .unexpectedFile {
        run.log.warning(
          "a file isn't as it is recorded: looking at all files", metadata: ["reason": "\(error)"])
      }
    }
    return try await export(wanted, try await recordedFiles(), outbox, isFull: isFull, into: &report)
  }

  private func export(
    _ wanted: [String], _ files: FilesAtTip, _ outbox: Outbox, isFull: Bool, into report: inout ExportReport
  ) async throws -> Outcome {
    let plan = try await ExportPlan(run: run, skillIDs: wanted, files: files)
    let isCut = plan.taken.count < wanted.count
    let answered = outbox.entries(of: plan.taken) + (isFull && !isCut ? outbox.truncations : [])
    guard !plan.items.isEmpty else {
      try clear(answered, plan)
      try endRefusal()
      report.add(plan, named: named)
      return Outcome(
        awaitsImport: plan.awaitsImport, isCut: isCut, refused: files.refused.keys.sorted())
    }
    var outcome: Outcome
    if let probe = try probe(of: plan) {
      let part = try await ExportPlan(run: run, skillIDs: probe, files: files)
      // Saved back meanwhile, or no time for it.
      guard !part.items.isEmpty else { return Outcome(isCut: true) }
      outcome = try await carryOut(
        part, as: .probe(of: plan), outbox, answered: outbox.entries(of: part.taken), into: &report)
    } else {
      outcome = try await carryOut(plan, as: .everything, outbox, answered: answered, into: &report)
    }
    outcome.isCut = isCut
    outcome.refused = files.refused.keys.sorted()
    return outcome
  }

  /// Pushes what is planned and records it.
  ///
  /// - Parameter answered: the outbox's entries that it answers.
  func carryOut(
    _ plan: ExportPlan, as purpose: PushPurpose, _ outbox: Outbox, answered: [String],
    into report: inout ExportReport
  ) async throws -> Outcome {
    let (commit, intent) = try await prepare(plan, answered: answered)
    if let rejection = try await push(commit, intent: intent) {
      let refused = RefusedPush(rejection: rejection, intent: intent, plan: plan, purpose: purpose)
      return try take(refused, outbox, into: &report)
    }
    report.add(plan, named: named)
    report.commits.append(commit.description)
    run.announce(plan.items, commit: commit.description)
    try run.settle(
      intent, unchanged: plan.unchanged, mayRecordConflicts: plan.items.contains(where: \.recordsConflict),
      isLast: true)
    run.hasSeenTip = true
    try learnFromAcceptance(of: plan, purpose)
    return Outcome(awaitsImport: plan.awaitsImport)
  }

  /// Makes the commit, and records that it is about to be pushed.
  private func prepare(
    _ plan: ExportPlan, answered: [String]
  ) async throws -> (commit: ObjectID, intent: String) {
    let intent = randomUUID()
    var isRecorded = false
    do {
      let commit = try await buildCommit(plan, onto: recordedTip()) { commit in
        try record(intent, plan, commit: commit, entries: answered)
        isRecorded = true
      }
      run.announce(plan.failures)
      return (commit, intent)
    } catch {
      // There is no such commit. Should the database be gone too, the intent's time ends.
      if isRecorded { _ = try? run.connection.query(Intent.withdraw([intent])) }
      guard plan.hasSeenFiles, let error = error as? GitError, error.code == .unexpectedFile else {
        throw error
      }
      // Between the look at the files and now another run recorded what it did.
      run.log.warning("a file isn't as it was seen: starting again", metadata: ["reason": "\(error)"])
      throw Overtaken()
    }
  }

  /// Whether the database alone tells that there is nothing to push: nothing waits, and the skills that the
  /// event names are at their base.
  ///
  /// So a repeated event, or the echo of an import, costs no git at all.
  func hasNothingToDo(into report: inout ExportReport) throws -> Bool {
    guard request != .everything else { return false }
    let waiting = try waiting()
    guard waiting.outbox.isEmpty else { return false }
    guard case .skills(let ids) = request else { return true }
    // Of a file that may be another, the row's base tells nothing.
    guard waiting.unchanged.count == ids.count, ids.allSatisfy({ waiting.hadFile?[$0] != nil }) else {
      return false
    }
    report.unchanged += ids
    return true
  }

  /// What waits: as it was read with the state, if nothing was waited for or imported since.
  private func waiting() throws -> Waiting {
    if let waiting = run.waiting { return waiting }
    let waiting = try Waiting(
      run.connection.pipeline(Waiting.statements(run.key, run.table, named: request.named)))
    run.waiting = waiting
    return waiting
  }

  /// What the plan would push, as a diff; nothing is changed.
  func preview() async throws -> Preview {
    let waiting = try waiting()
    let tip = try await run.repository.fetchTip()
    let (wanted, held) = try select(waiting, isFull: true)
    let plan = try await ExportPlan(
      run: run, skillIDs: wanted, files: FilesAtTip(try await TreeComparison(run: run, commit: tip)))
    var preview = Preview()
    if !plan.items.isEmpty {
      preview.diff = try await run.repository.diff(
        from: tip, to: try await buildCommit(plan, onto: tip, isShown: true))
    }
    if tip == nil {
      preview.remarks = ["the branch \(run.settings.branch) isn't there yet: this would begin it"]
    }
    preview.remarks += plan.conflicts.map {
      "conflict: skill \($0): both sides differ, and neither is written"
    }
    preview.remarks += plan.failures.map {
      "failed: skill \($0.skillID ?? ""): \($0.reason.rawValue): \($0.message)"
    }
    preview.remarks += held.map { [HeldReport($0).text] } ?? []
    return preview
  }

  var named: Set<String> { Set(request.named) }

  func recordedTip() throws -> ObjectID? { try run.state.tip.map { try objectID($0) } }

  /// Fetches a commit where the copy doesn't have it: who lists it takes that for damage.
  private func fetchMissing(_ commit: ObjectID?) async throws {
    let repository = try await run.repository
    guard let commit, repository.tip != commit, try await !repository.hasCommit(commit) else { return }
    try await repository.fetchCommit(commit)
  }

  /// All files at the recorded tip.
  func recordedFiles() async throws -> FilesAtTip {
    FilesAtTip(try await TreeComparison(run: run, commit: recordedTip()))
  }

  /// The skills that an event names, those in the outbox, and in a full look every row that isn't at its base, without
  /// those whose deletion is held: these are looked for among all of them, before a batch is cut.
  private func select(_ waiting: Waiting, isFull: Bool) throws -> (wanted: [String], held: HeldDeletions?) {
    var wanted = try wantedSkills(waiting.outbox, isFull: isFull)
    let held = try heldDeletions(among: wanted, recorded: waiting.held)
    if let held {
      let isHeld = Set(held.skillIDs)
      wanted.removeAll { isHeld.contains($0) }
    }
    let bound = max(run.settings.batchSize, named.count + suspects.count)
    return (isBounded && !isFull ? Array(wanted.prefix(bound)) : wanted, held)
  }

  /// Skills that a rule may object to: all of them, so that who isn't found to wait doesn't, as without a trigger the
  /// outbox doesn't have them.
  private var suspects: [String] { run.state.refusal.flatMap { $0.isDue ? $0.search.skills : nil } ?? [] }

  private func wantedSkills(_ outbox: Outbox, isFull: Bool) throws -> [String] {
    let suspects = suspects
    var wanted = suspects + outbox.skillIDs.filter { !suspects.contains($0) }
    if case .skills(let ids) = request { wanted = ids + wanted.filter { !ids.contains($0) } }
    if isFull {
      let known = Set(wanted)
      wanted += try differingSkills().filter { !known.contains($0) }
    }
    return wanted
  }

  private func differingSkills() throws -> [String] {
    let table = run.table
    return try run.connection.query(
      Statement(
        "find rows that aren't at their base",
        """
        SELECT coalesce(\(table.id("s")), b.skill_id) AS id
        FROM \(table.quotedName) s
        FULL JOIN (SELECT skill_id, digest, state FROM skill_sync.base WHERE repository_id = $1) b
          ON b.skill_id = \(table.id("s"))
        WHERE CASE WHEN s.id IS NOT NULL THEN \(table.digest("s")) END IS DISTINCT FROM b.digest
          AND (b.skill_id IS NOT NULL OR \(table.isPublished))
        ORDER BY 1
        """, [.integer(run.state.id)])
    ).map { try $0.text("id") }
  }

  func clear(_ entries: [String], _ plan: ExportPlan) throws {
    let areShown = try run.settingBadges { setsBadges in
      let generation = Generation(run.state)
      let results = try run.transact(
        [Statement("begin", "BEGIN"), Statement("be silent", Trigger.silence), generation.advance]
          + [clearing(entries, generation)] + outcomes(of: plan, generation)
          + settled(setsBadges ? plan.unchanged : [], generation: generation, table: run.table)
          + [Statement("commit", "COMMIT")])
      guard !results[2].isEmpty else { throw Overtaken() }
      run.advanced(to: generation)
    }
    run.announce(plan.failures)
    if !areShown { run.showOneByOne(plan.unchanged, commit: nil) }
  }

  func clearing(_ entries: [String], _ generation: Generation) -> Statement {
    generation.statement(
      "clear the outbox",
      "DELETE FROM skill_sync.outbox WHERE id = ANY ($3::bigint[]) AND \(Generation.holds)",
      [.textArray(entries)])
  }

  /// What was found without anything to push: rows that can't be written, digests that were out of date.
  private func outcomes(of plan: ExportPlan, _ generation: Generation) -> [Statement] {
    let looked = plan.items.map(\.skillID) + plan.unchanged + plan.conflicts
    var statements = [
      generation.statement(
        "forget former failures",
        """
        DELETE FROM skill_sync.failed WHERE repository_id = $1 AND side = 'row' AND subject = ANY ($3::text[])
          AND \(Generation.holds)
        """, [.textArray(looked)])
    ]
    if !plan.failures.isEmpty {
      statements.append(Failure.insertion(plan.failures, generation: generation))
      statements += Failure.badges(plan.failures.map(\.skillID), generation: generation, table: run.table)
    }
    if !plan.digests.isEmpty {
      let pairs = plan.digests.sorted { $0.key < $1.key }
      statements.append(
        generation.statement(
          "bring digests up to date",
          """
          UPDATE skill_sync.base b SET digest = d.digest FROM unnest($3::text[], $4::text[]) d (skill_id, digest)
          WHERE b.repository_id = $1 AND b.skill_id = d.skill_id AND \(Generation.holds)
          """, [.textArray(pairs.map(\.key)), .textArray(pairs.map(\.value))]))
    }
    return statements
  }

  /// - Parameters:
  ///   - isShown: whether the commit is made to be shown as a difference, not to be pushed.
  ///   - known: gets its id before git is done with it.
  private func buildCommit(
    _ plan: ExportPlan, onto parent: ObjectID?, isShown: Bool = false,
    known: (ObjectID) throws -> Void = { _ in }
  ) async throws -> ObjectID {
    let settings = run.settings
    let (message, author) = commitMessage(
      for: plan.items.map {
        CommittedChange(kind: $0.kind, id: $0.skillID, title: $0.title, owner: $0.owner)
      },
      committer: settings.committer, emails: settings.authorEmails)
    let now = Int(wallClock() / 1_000)
    func replaced(_ item: ExportPlan.Item) throws -> ParentFile? {
      try item.found.map { ParentFile(path: $0.path, blob: try objectID($0.blob)) }
    }
    let writes = plan.items.filter { $0.kind != .delete }
    let old = isShown ? plan.items.compactMap { $0.found?.text } : []
    let request = CommitRequest(
      parent: parent, author: Signature(name: author.name, email: author.email, seconds: now),
      committer: Signature(name: settings.committer.name, email: settings.committer.email, seconds: now),
      message: message, deleted: try plan.items.filter { $0.kind == .delete }.compactMap(replaced))
    // Where the copy was begun anew meanwhile, too.
    try await fetchMissing(parent)
    return try await run.repository.commit(request) { stream in
      for range in old { try await stream.writeObject(plan.texts.read(range)) }
      for item in writes {
        try await stream.write(plan.texts.read(item.text), to: item.path, replacing: replaced(item))
      }
    } known: {
      try known($0)
    }
  }

  /// Records what is about to be pushed.
  ///
  /// `commit` is known already, as git makes it before the push.
  private func record(_ id: String, _ plan: ExportPlan, commit: ObjectID, entries: [String]) throws {
    let generation = Generation(run.state)
    let lines = IntentLines(plan)
    do {
      // A round trip less, and no temporary table.
      if !lines.areFew { try lines.copy(run.connection) }
      let results = try run.connection.pipeline(
        (lines.areFew ? [Statement("begin", "BEGIN"), Statement("be silent", Trigger.silence)] : []) + [
          generation.advance,
          generation.statement(
            "record the intent",
            """
            INSERT INTO skill_sync.intent (id, repository_id, commit, expected_tip, deadline, outbox_ids)
            SELECT $3, $1, $4, $5, clock_timestamp() + make_interval(secs => $6::float8), $7::bigint[] WHERE \(Generation.holds)
            """,
            [
              .text(id), .text(commit.description), .optionalText(run.state.tip),
              .integer(max(0, Int(run.deadline.remaining.components.seconds)) + 1),
              .textArray(entries),
            ]),
          try lines.insertion(into: id, generation),
        ] + outcomes(of: plan, generation) + [Statement("commit", "COMMIT")])
      guard !results[lines.areFew ? 2 : 0].isEmpty else { throw Overtaken() }
    } catch {
      try? run.connection.rollback()
      throw error
    }
    run.advanced(to: generation)
  }

  /// - Returns: nil if the push was accepted; why it was refused, where that is no race. Then the intent is still there.
  private func push(_ commit: ObjectID, intent: String) async throws -> PushRejection? {
    // A sandbox that was frozen here must not push what others may have given up.
    guard run.deadline.hasTimeToPush else {
      _ = try run.connection.query(Intent.withdraw([intent]))
      throw SyncError(
        type: "Timeout", description: "the time was up before the push: what waits stays in the outbox")
    }
    run.state.secondsSincePush = 0
    let outcome: PushOutcome
    do {
      outcome = try await run.repository.push(commit, expecting: recordedTip())
    } catch {
      // Whatever is thrown, the commit didn't land and won't.
      _ = try run.connection.query(Intent.withdraw([intent]))
      if (error as? GitError)?.code == .corruptCache { throw Overtaken() }
      throw error
    }
    switch outcome {
    case .accepted: return nil
    case .stale(let reason):
      _ = try run.connection.query(Intent.withdraw([intent]))
      run.log.info("the branch moved before the push", metadata: ["reason": "\(reason)"])
      throw Overtaken()
    case .rejected(let rejection):
      if try await isRace(rejection, commit, intent: intent) { throw Overtaken() }
      run.measurements.count(.refusedPushes)
      return rejection
    case .unknown(let error):
      // It may have landed: the intent stays, and the next run sees.
      throw error
    }
  }
}
