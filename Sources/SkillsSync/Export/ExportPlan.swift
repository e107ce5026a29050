import Git
import Postgres
import SkillFiles
import SkillsCore

/// What an export is going to push: the texts of the files, on disk, and what base becomes once they have landed.
struct ExportPlan {
  /// A file that the commit writes or deletes, and the base that follows from it.
  struct Item {
    var skillID: String
    var kind: CommittedChange.Kind
    var reason: Decision.Reason
    var recordsConflict: Bool
    var title: String
    var owner: Owner?
    /// Of the row that was reconciled; nil where there is none any more.
    var digest: String?
    /// The file as it is at the recorded tip.
    var found: (path: String, blob: String, text: Range<Int>)?
    var foundTitle: String?
    var createdAt: String
    var path = ""
    var blob: String
    /// Where its text is; for a deletion, that of the file deleted.
    var text: Range<Int>
  }

  private(set) var items: [Item] = []
  let texts: Spool
  /// Skills that were looked at and need nothing pushed.
  private(set) var unchanged: [String] = []
  private(set) var conflicts: [String] = []
  /// Whether a row came to say what its file says, which only an import records: a conflict settled by a save.
  private(set) var awaitsImport = false
  private(set) var failures: [Failure] = []
  /// Skill id → digest of its row, where the row says what base says although its digest is another.
  private(set) var digests: [String: String] = [:]

  /// The skills that there was time for; the others wait for the next run.
  private(set) var taken: [String] = []
  /// Whether all files were looked at for it.
  let hasSeenFiles: Bool
  /// What the repository refused, and what is therefore left out.
  private let refused: [String: RefusedText]

  /// Reads the rows of `skillIDs`, one at a time, and decides about each against the recorded tip's tree.
  ///
  /// - Parameter triesRefused: whether what the repository refused is tried again although it is the same.
  init(run: SyncRun, skillIDs: [String], files: FilesAtTip, triesRefused: Bool = false) async throws {
    refused = triesRefused ? [:] : files.refused
    hasSeenFiles = files.paths != nil
    texts = Spool(directory: run.settings.workDirectory)
    guard !skillIDs.isEmpty else { return }
    // Files that aren't at their base: few, as the recorded tip was imported.
    let changed = skillIDs.compactMap { id in files.found[id].map { (id, $0) } }
    var bytesOf: [String: [UInt8]] = [:]
    try await run.repository.readBlobs(try changed.map { try objectID($0.1.blob) }) { index, _, bytes in
      bytesOf[changed[index].0] = bytes
    }
    let stream = try run.connection.stream(ExportPlan.bothSides(run, skillIDs))
    for (index, id) in skillIDs.enumerated() {
      guard run.deadline.hasTime else { break }
      taken.append(id)
      let row = try run.next(of: stream, for: id)
      run.progress.report("comparing: \(index) of \(skillIDs.count)")
      let isAtBase = files.atBase.contains(id)
      if let failure = files.setAside[id], !isAtBase, files.found[id] == nil {
        failures.append(
          Failure(
            side: .row, skillID: id, path: failure.path, reason: failure.reason, message: failure.message))
        continue
      }
      try await decide(id, row, files.found[id], bytesOf[id], isAtBase: isAtBase, run: run)
    }
    if taken.count == skillIDs.count { try stream.end() } else { stream.close() }
    try await assignPaths(run, files: files)
  }

  private mutating func decide(
    _ id: String, _ row: Postgres.Row, _ found: FoundFile?, _ foundBytes: [UInt8]?, isAtBase: Bool,
    run: SyncRun
  ) async throws {
    var stored: StoredRow?
    do {
      stored = try run.table.storedRow(row)
    } catch let problem as SkillProblem {
      failures.append(
        Failure(side: .row, skillID: id, path: found?.path, reason: .unwritable, message: "\(problem)"))
      return
    }
    let base = try StoredBase(row, fields: run.fields)
    if let base { stored?.complete(from: base) }
    if base?.base.state == .tombstone, stored?.row.values.active == false {
      stored?.row.publication = .archived
    }
    var file: File?
    var bytes: [UInt8]?
    if isAtBase, let base {
      file = File(path: base.base.path, blob: base.base.blob, values: base.base.values)
      bytes = Array(base.text.utf8)
    } else if let found, let foundBytes {
      file = File(
        path: found.path, blob: found.blob, values: try readSkillText(foundBytes, fields: run.fields).values)
      bytes = foundBytes
    }
    // An export doesn't merge: where the file differs from the base too, the import decides.
    let decision = try await reconcile(
      base: base?.base, row: stored?.row, file: file, policy: .manual,
      deletePolicy: run.settings.deletePolicy,
      rowIsNewer: true, mergeLines: { _, row, _, _ in MergedText(text: row, overlaps: false) })
    if decision.file != .keep, let file, let problem = problemWithPath(file.path) {
      failures.append(
        Failure(side: .row, skillID: id, path: file.path, reason: .unwritable, message: problem))
      return
    }
    switch decision.file {
    case .keep:
      if decision.record == .open { conflicts.append(id) } else { unchanged.append(id) }
      if decision.base != .keep { awaitsImport = true }
      if decision == .nothing, let stored, stored.digest != base?.digest, file != nil {
        digests[id] = stored.digest
      }
    case .write(let values):
      do {
        try write(values, id: id, decision: decision, stored: stored, file: file, bytes: bytes, run: run)
      } catch let problem where problem is SkillProblem || problem is SkillFileError {
        failures.append(
          Failure(side: .row, skillID: id, path: file?.path, reason: .unwritable, message: "\(problem)"))
      }
    case .delete:
      guard let file, let bytes, !isRefused(id, nil, path: file.path) else { return }
      let range = try texts.append(bytes)
      items.append(
        Item(
          skillID: id, kind: .delete, reason: decision.reason, recordsConflict: false,
          title: file.values.title,
          owner: nil, digest: nil, found: (file.path, file.blob, range), foundTitle: file.values.title,
          createdAt: "",
          path: file.path, blob: file.blob, text: range))
    }
  }

  private mutating func write(
    _ values: SkillValues, id: String, decision: Decision, stored: StoredRow?, file: File?, bytes: [UInt8]?,
    run: SyncRun
  ) throws {
    if values.title.isEmpty { throw SkillProblem("the row has no title: give it one in the web application") }
    let new = try skillBytes(saying: values, of: id, row: stored, editing: bytes, fields: run.fields)
    guard try readSkillText(new, fields: run.fields).values == values else {
      throw SkillProblem("the row holds something that a skill file can't say")
    }
    let blob = ObjectID.blobID(of: new).description
    if isRefused(id, blob, path: file?.path) { return }
    let found: (String, String, Range<Int>)? =
      if let file, let bytes { (file.path, file.blob, try texts.append(bytes)) } else { nil }
    items.append(
      Item(
        skillID: id, kind: file == nil ? .create : .update, reason: decision.reason,
        recordsConflict: decision.reason == .staleSave, title: values.title,
        owner: values.owners.first { $0.email != nil }, digest: stored?.digest, found: found,
        foundTitle: file?.values.title, createdAt: stored?.createdAt ?? "",
        blob: blob,
        text: try texts.append(new)))
  }

  /// Sets aside what the repository refused as it is: a repeated event must not bring it before the server again.
  private mutating func isRefused(_ id: String, _ blob: String?, path: String?) -> Bool {
    guard let refused = refused[id], refused.blob == blob else { return false }
    failures.append(
      Failure(
        side: .row, skillID: id, path: path, blob: blob, reason: .refusedByRepository,
        message: refused.message
      ))
    return true
  }

  private mutating func assignPaths(_ run: SyncRun, files: FilesAtTip) async throws {
    var treePaths = files.paths ?? []
    // Which names are taken is asked only where one is looked for.
    let movesAny = items.contains { $0.kind != .delete && $0.title != $0.foundTitle }
    if movesAny, files.paths == nil, let tip = try run.state.tip.map({ try objectID($0) }) {
      treePaths = try await run.repository.tree(of: tip, directory: run.settings.skillsDirectory).map(\.path)
    }
    let gone = Set(items.filter { $0.kind == .delete }.map(\.path))
    let paths = planPaths(
      items.filter { $0.kind != .delete }.map { item in
        PathRequest(
          id: item.skillID, title: item.title, createdAt: item.createdAt,
          found: item.found.map { ($0.path, item.foundTitle ?? "") })
      }, directory: run.settings.skillsDirectory, treePaths: treePaths, deleted: gone)
    let placeless = items.filter { $0.kind != .delete && paths[$0.skillID] == nil }.map(\.skillID)
    items.removeAll { $0.kind != .delete && paths[$0.skillID] == nil }
    failures += placeless.map {
      Failure(
        side: .row, skillID: $0, path: nil, reason: .noFreePath,
        message: "every file name for its title is taken: change the title")
    }
    // In place, as there may be many.
    for index in items.indices where items[index].kind != .delete {
      guard let path = paths[items[index].skillID] else { continue }
      items[index].path = path
      if let old = items[index].found?.path, old != path { items[index].kind = .rename }
    }
  }

  private static func bothSides(_ run: SyncRun, _ skillIDs: [String]) -> Statement {
    let table = run.table
    return Statement(
      "read rows and bases",
      """
      SELECT k.skill_id AS wanted_id, \(table.selectList), \(StoredBase.selectList)
      FROM unnest($2::text[]) WITH ORDINALITY k (skill_id, position)
      LEFT JOIN skill_sync.base b ON b.repository_id = $1 AND b.skill_id = k.skill_id
      \(table.joined(on: "\(table.id("s")) = k.skill_id"))
      ORDER BY k.position
      """, [.integer(run.state.id), .textArray(skillIDs)])
  }
}
