import SkillsCore

extension Run {
  /// What an import does about one skill.
  struct Change {
    var skill: String
    var row: TableRow?
    var file: File?
    var decision: Decision
    var record: ConflictRecord?
  }

  func look() {
    (tip, generation) = (world.database.tip, world.database.generation)
    step = .fetch
  }

  func fetch() {
    fetched = world.head
    step = .settle
  }

  func settle() {
    let landed = world.history(of: fetched).last { world.database.intents[$0] != nil }
    guard let landed, let intent = world.database.intents[landed] else {
      if fetched == world.database.tip, !isSweep { return finishImport() }
      (target, step) = (fetched, .compare)
      return
    }
    (target, step) = (fetched, .compare)
    guard isCurrent else { return }
    if intent.expectedTip == world.database.tip {
      settleIntent(landed)
      step = .settle
    } else {
      target = intent.expectedTip  // what our commit was built on comes first
    }
  }

  /// Our commit is in the branch: base takes its values, its outbox entries are answered.
  func settleIntent(_ commit: Int) {
    guard let intent = world.database.intents.removeValue(forKey: commit) else { return }
    for (skill, base) in intent.bases {
      world.database.bases[skill] = base
      let says = base.state == .present ? SkillText(base.values) : nil
      if world.database.rows[skill]?.text != says { world.database.enqueue(skill, at: world.clock) }
    }
    world.database.conflicts.formUnion(intent.conflicts)
    for entry in intent.entries { world.database.outbox[entry] = nil }
    advance(to: commit)
  }

  func compare() async throws {
    try await makePlan()
    let isNew = target != world.database.tip || !plan.isEmpty || setAside != world.database.setAside
    if !isNew, target == fetched { finishImport() } else { step = .apply }
  }

  private func makePlan() async throws {
    let database = world.database
    let tree = world.commits[target].tree
    let changes = isSweep ? nil : world.matching(ofChangesIn: tree)
    let matching = changes ?? world.matching(tree)
    sawAll = changes == nil
    plan = []
    setAside = [:]
    for path in matching.duplicates { setAside[path] = tree[path].map { .init(blob: $0.blob, skill: nil) } }
    for skill in Set(sawAll ? Array(database.bases.keys) : []).union(matching.found.keys).sorted() {
      let file = world.side(tree, matching.found[skill])
      let isNewer = database.outbox.values.contains { $0.skill == skill && $0.time >= world.clock }
      let decision = try await reconcile(
        base: database.bases[skill], row: database.side(of: skill), file: file, policy: world.policy,
        deletePolicy: world.deletePolicy, rowIsNewer: isNewer, mergeLines: mergeMarks)
      add(decision, skill, file)
    }
    for path in matching.new {
      guard let file = world.side(tree, path) else { continue }
      let decision = try await reconcile(
        base: nil, row: nil, file: file, policy: world.policy, deletePolicy: world.deletePolicy,
        rowIsNewer: false,
        mergeLines: mergeMarks)
      add(decision, "\(path)#\(world.clock)", file)
    }
    plan = setAsideTakenTitles(plan)
  }

  private func add(_ decision: Decision, _ skill: String, _ file: File?) {
    var decision = decision
    let row = world.database.rows[skill]
    let side = world.database.side(of: skill)
    if case .write(let values) = decision.row, values == side?.values, side?.publication != .archived {
      decision.row = .keep
    }
    if decision.base == .asFound, let file, let base = world.database.bases[skill], base.state == .present,
      base.path == file.path, base.blob == file.blob
    {
      decision.base = .keep
    }
    var record: ConflictRecord?
    if decision.record != .none, decision.reason != .staleSave {
      record = conflict(skill, row: row, file: file, isOpen: decision.record == .open)
    }
    let isKnown = record.map(world.database.conflicts.contains) ?? true
    let closes =
      decision.record != .open && world.database.conflicts.contains { $0.skill == skill && $0.isOpen }
    guard decision.row != .keep || decision.base != .keep || !isKnown || closes else { return }
    plan.append(Change(skill: skill, row: row, file: file, decision: decision, record: record))
  }

  func conflict(_ skill: String, row: TableRow?, file: File?, isOpen: Bool) -> ConflictRecord {
    let base = world.database.bases[skill].map { SkillText($0.values) }
    return ConflictRecord(
      skill: skill, texts: [base, row?.text, file.map { SkillText($0.values) }], isOpen: isOpen)
  }

  private func setAsideTakenTitles(_ changes: [Change]) -> [Change] {
    var wanted: [String: String] = [:]
    for change in changes {
      if case .write(let values) = change.decision.row { wanted[change.skill] = values.title }
    }
    let clashes = titleClashes(wanted: wanted, current: world.database.rows.mapValues(\.text.title))
    return changes.filter { change in
      guard clashes[change.skill] != nil else { return true }
      if let file = change.file { setAside[file.path] = .init(blob: file.blob, skill: change.skill) }
      return false
    }
  }

  func apply() throws {
    guard isCurrent else { return startAgain() }
    let still = plan.filter { world.database.rows[$0.skill] == $0.row }
    for change in setAsideTakenTitles(still) { write(change) }
    guard Set(world.database.rows.values.map(\.text.title)).count == world.database.rows.count else {
      throw Violation("two rows with one title")  // the unique index would have refused
    }
    world.database.setAside = setAside
    let isWhole = still.count == plan.count
    world.database.isWhole = isWhole && (sawAll || world.database.isWhole)
    advance(to: isWhole ? target : world.database.tip)
    if isWhole, target == fetched { finishImport() } else { step = isWhole ? .settle : .compare }
  }

  private func write(_ change: Change) {
    let skill = change.skill
    var previous = world.database.bases[skill]?.previousValues
    switch change.decision.row {
    case .keep: break
    case .write(let values):
      if change.row != nil { previous = world.database.bases[skill]?.values }
      world.database.rows[skill] = TableRow(text: SkillText(values), isDraft: change.row?.isDraft ?? false)
    case .archive: world.database.rows[skill]?.text.isActive = false
    case .delete: world.database.rows[skill] = nil
    }
    switch change.decision.base {
    case .keep: break
    case .asFound:
      guard let file = change.file else { break }
      world.database.bases[skill] = Base(
        path: file.path, blob: file.blob, values: file.values, previousValues: previous)
      if let row = world.database.rows[skill], row.text.values != file.values {
        world.database.enqueue(skill, at: world.clock)
      }
    case .tombstone:
      world.database.bases[skill]?.state = .tombstone
      if change.decision.reason == .editBeatsDelete { world.database.enqueue(skill, at: world.clock) }
    }
    world.database.closeConflicts(of: skill)
    if let record = change.record { world.database.conflicts.insert(record) }
  }

  private func finishImport() { step = executable == .skillsToGit ? .readOutbox : .done }
}
