import Git
import Postgres
import SkillFiles
import SkillsCore

/// A commit's skill files compared with what is recorded: which are as they were, which were read, and whose they are.
///
/// All of them, or those alone that differ from the recorded tip: then nothing here knows of the others.
struct TreeComparison {
  /// Whether all files were looked at.
  let isWhole: Bool
  /// path → blob of the skill files.
  var tree: [String: ObjectID] = [:]
  /// The paths in the skills' folder, of other files too.
  var allPaths: [String] = []
  /// Skill id → path, for files that are at their base byte for byte.
  var unchanged: [String: String] = [:]
  var pairing = Pairing()
  var failures: [Failure] = []
  var listing: BaseListing

  /// Skill ids whose file can't be read: it is there all the same.
  var unreadable: Set<String> = []

  /// Looks at all files.
  ///
  /// - Parameter commit: the commit; nil for a branch without any.
  init(run: SyncRun, commit: ObjectID?) async throws {
    isWhole = true
    listing = try BaseListing(run.connection.pipeline(BaseListing.statements(repositoryID: run.state.id)))
    if let commit {
      for entry in try await run.repository.tree(of: commit, directory: run.settings.skillsDirectory) {
        take(entry, run)
      }
    }
    try await compare(run)
  }

  /// More changed files than these are looked at together with all others.
  private static let few = 1_000

  /// Looks at the files alone that differ from the recorded tip, whose state is whole; nil where that doesn't do: it does
  /// where known files have another text.
  ///
  /// So the cost of a push doesn't grow with the repository. What is there as it was at the recorded tip is at its base, as
  /// nothing is recorded as set aside, in conflict or held.
  init?(run: SyncRun, from tip: ObjectID, to commit: ObjectID) async throws {
    isWhole = false
    guard
      let changes = try await run.repository.changes(
        from: tip, to: commit, directory: run.settings.skillsDirectory), changes.count <= Self.few
    else { return nil }
    let changed = changes.filter {
      [$0.old, $0.new].contains { $0.map { run.isSkillFile($0.path) } ?? false }
    }
    let entries = changed.compactMap { $0.old == nil ? nil : $0.new }
    guard entries.count == changed.count else { return nil }
    listing = try BaseListing(
      run.connection.pipeline(BaseListing.statements(repositoryID: run.state.id, paths: entries.map(\.path))))
    guard !listing.hasFailures, listing.openConflicts.isEmpty, listing.held == nil else { return nil }
    for entry in entries { take(entry, run) }
    guard failures.isEmpty else { return nil }
    try await compare(run)
    let staysInPlace = pairing.found.allSatisfy { id, file in
      listing.known[id].map { $0.state == .present && hasSameBytes($0.path, file.path) } ?? false
    }
    guard staysInPlace, pairing.new.isEmpty, pairing.duplicates.isEmpty, vanished.isEmpty else { return nil }
  }

  /// Reads the files that aren't at their base, and pairs them.
  private mutating func compare(_ run: SyncRun) async throws {
    for (id, known) in listing.known
    where known.state == .present {
      // The same bytes too: a rename from composed to decomposed accents is one.
      guard let found = tree.index(forKey: known.path), tree[found].value.description == known.blob,
        hasSameBytes(tree[found].key, known.path)
      else { continue }
      unchanged[id] = known.path
    }
    let files = try await readChangedFiles(run)
    let untracked = try untrackedRows(run, titles: files.filter { $0.id == nil }.map(\.title))
    pairing = pair(
      files: files, unchanged: unchanged, known: listing.known, treePaths: Set(tree.keys),
      untrackedRows: untracked,
      setAside: listing.setAside, setAsideAsDuplicates: listing.duplicates)
    for (file, owner) in pairing.duplicates {
      failures.append(
        Failure(
          side: .file, skillID: nil, path: file.path, blob: file.blob, reason: .duplicateID,
          message:
            "the id \(file.id ?? "") belongs to \(owner): delete the id line to make this a skill of its own")
      )
    }
  }

  /// The skills that had a file and have none any more.
  var vanished: [String] {
    listing.known.filter { id, known in
      known.state == .present && unchanged[id] == nil && pairing.found[id] == nil && !unreadable.contains(id)
    }.keys.sorted()
  }

  private mutating func take(_ entry: TreeEntry, _ run: SyncRun) {
    allPaths.append(entry.path)
    guard run.isSkillFile(entry.path) else { return }
    guard let problem = problem(with: entry) else {
      tree[entry.path] = entry.object
      return
    }
    let owner = listing.known.first {
      $0.value.state == .present && hasSameBytes($0.value.path, entry.path)
    }?.key
    // What stands in its file's place doesn't delete a skill.
    if let owner { unreadable.insert(owner) }
    failures.append(
      Failure(
        side: .file, skillID: owner, path: entry.path, blob: entry.object.description, reason: .notAFile,
        message: problem))
  }

  /// Why an entry can't be a skill's file, or nil.
  private func problem(with entry: TreeEntry) -> String? {
    if ![.file, .executable].contains(entry.kind) {
      return "a symbolic link or submodule can't be a skill: make it a file"
    }
    if !entry.isPathExact { return "the file's name isn't UTF-8: rename it" }
    // No commit of ours could hold it: a row of it could never be exported.
    if let problem = problemWithPath(entry.path) { return problem }
    // Two such names are one on many file systems, and in Swift's dictionaries.
    return tree[entry.path] == nil
      ? nil : "another file has the same name with its accents written otherwise: rename one"
  }

  private mutating func readChangedFiles(_ run: SyncRun) async throws -> [FoundFile] {
    let explained = Set(unchanged.values)
    let changed = tree.filter { !explained.contains($0.key) }.sorted { $0.key < $1.key }
    guard !changed.isEmpty else { return [] }
    let blobs = changed.map(\.value)
    let pathOwners = Dictionary(
      listing.known.filter { $0.value.state == .present }.map { ($0.value.path, $0.key) },
      uniquingKeysWith: { one, _ in one })
    var found: [FoundFile] = []
    var failures: [Failure] = []
    var unreadable: Set<String> = []
    try await run.repository.readBlobs(blobs) { index, blob, bytes in
      let path = changed[index].key
      run.progress.report("reading files: \(index) of \(blobs.count)")
      do {
        let text = try readSkillText(bytes, fields: run.fields)
        found.append(FoundFile(path: path, blob: blob.description, id: text.id, title: text.values.title))
      } catch {
        // A file that can't be read is there all the same: its skill must not be taken for deleted.
        let owner = claimedID(in: bytes) ?? pathOwners[path]
        unreadable.formUnion([owner, pathOwners[path]].compactMap { $0 })
        failures.append(
          Failure(
            side: .file, skillID: owner, path: path, blob: blob.description,
            reason: error is SkillProblem ? .notASkill : .unreadable, message: "\(error)"))
      }
    }
    self.failures += failures
    self.unreadable.formUnion(unreadable)
    return found
  }

  private func untrackedRows(_ run: SyncRun, titles: [String]) throws -> [String: String] {
    guard !titles.isEmpty else { return [:] }
    let rows = try run.connection.query(
      Statement(
        "find rows by title",
        """
        SELECT \(run.table.id("s")) AS id, s.title FROM \(run.table.quotedName) s
        WHERE s.title = ANY ($2::text[])
          AND NOT EXISTS (SELECT FROM skill_sync.base b WHERE b.repository_id = $1 AND b.skill_id = \(run.table.id("s")))
        ORDER BY s.id DESC
        """, [.integer(run.state.id), .textArray(titles)]))
    var ids: [String: String] = [:]
    for row in rows { ids[try row.text("title")] = try row.text("id") }
    return ids
  }
}

/// The id on an `id:` line of a file that can't be read as a whole; only to keep its skill from being taken for deleted.
private func claimedID(in bytes: [UInt8]) -> String? {
  for line in bytes.prefix(65_536).split(separator: UInt8(ascii: "\n")).prefix(200) {
    guard line.starts(with: Array("id:".utf8)) else { continue }
    let text = String(decoding: line.dropFirst(3), as: UTF8.self)
    let id = trimmed(trimmed(text).filter { $0 != "\"" && $0 != "'" })
    if problemWithSkillID(id) == nil { return id }
  }
  return nil
}
