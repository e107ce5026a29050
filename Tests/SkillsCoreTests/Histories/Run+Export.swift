import SkillsCore

extension Run {
  func begin() { step = world.database.intents.isEmpty && !isSweep ? .readOutbox : .look }

  func readOutbox() {
    entries = Set(world.database.outbox.keys)
    wanted = Set(world.database.outbox.values.map(\.skill))
    if isSweep { wanted.formUnion(world.database.rows.keys.map { $0 } + world.database.bases.keys) }
    step = wanted.isEmpty ? .done : .readRows
  }

  /// Reads the rows, decides against the recorded tip, builds the commit.
  func readRows() async throws {
    (tip, generation) = (world.database.tip, world.database.generation)
    let old = world.commits[tip].tree
    var tree = old
    var intent = PushIntent(expectedTip: tip, bases: [:], entries: entries, conflicts: [])
    try await plan(into: &tree, &intent)
    self.intent = intent
    guard !intent.bases.isEmpty else {
      step = entries.isEmpty ? .done : .clear
      return
    }
    if tree == old { throw Violation("a commit that changes nothing") }
    commit = world.commit(tree, onto: tip)
    step = .recordIntent
  }

  private func plan(into tree: inout Tree, _ intent: inout PushIntent) async throws {
    let old = tree
    let matching = (isSweep ? nil : world.matching(of: wanted, at: old)) ?? world.matching(old)
    var writes: [(skill: String, file: File?, values: SkillValues)] = []
    var deleted: Set<String> = []
    for skill in wanted.sorted() {
      let file = world.side(old, matching.found[skill])
      let base = world.database.bases[skill]
      // As an export asks: it never merges.
      let decision = try await reconcile(
        base: base, row: world.database.side(of: skill), file: file, policy: .manual,
        deletePolicy: world.deletePolicy, rowIsNewer: true, mergeLines: mergeMarks)
      switch decision.file {
      case .keep: break
      case .delete:
        guard let file, var base else { break }
        deleted.insert(file.path)
        (base.path, base.blob, base.values, base.state) = (file.path, file.blob, file.values, .tombstone)
        intent.bases[skill] = base
      case .write(let values):
        writes.append((skill, file, values))
        if decision.record != .none {
          intent.conflicts.append(conflict(skill, row: world.database.rows[skill], file: file, isOpen: false))
        }
      }
    }
    let paths = planPaths(
      writes.map { skill, file, values in
        PathRequest(
          id: skill, title: values.title, createdAt: "", found: file.map { ($0.path, $0.values.title) })
      }, directory: "skills", treePaths: Array(old.keys), deleted: deleted)
    for path in deleted.union(writes.compactMap(\.file?.path)) { tree[path] = nil }
    for (skill, file, values) in writes {
      guard let path = paths[skill] else { throw Violation("no path for \(skill)") }
      if tree[path] != nil { throw Violation("two files at \(path)") }
      let format = file.flatMap { old[$0.path]?.format } ?? 0
      let written = RepositoryFile(id: skill, text: SkillText(values), format: format)
      tree[path] = written
      intent.bases[skill] = Base(path: path, blob: written.blob, values: values)
    }
  }

  func clear() {
    if isCurrent { for entry in entries { world.database.outbox[entry] = nil } }
    step = .done
  }

  func recordIntent() {
    guard isCurrent else { return startAgain() }
    world.database.intents[commit] = intent
    step = .push
  }

  func push() {
    if world.head == tip {
      world.head = commit
      step = .record
    } else {
      step = .withdraw
    }
  }

  func record() {
    guard isCurrent, world.database.intents[commit] != nil, world.database.tip == tip else {
      return startAgain()
    }
    settleIntent(commit)
    step = .done
  }

  func withdraw() {
    world.database.intents[commit] = nil
    triesLeft -= 1
    step = triesLeft < 0 ? .done : .look
  }
}
