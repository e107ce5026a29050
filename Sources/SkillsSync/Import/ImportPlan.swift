import Git
import Postgres
import SkillFiles
import SkillsCore

/// What an import is going to do: one `RowChange` a skill, on disk, and what has to be known of all of them at once.
final class ImportPlan {
  /// What will be said of a skill in the answer.
  struct Outcome {
    enum Kind: String { case created, updated, renamed, archived, deleted, conflict, recorded }
    var skillID: String
    /// Whether anybody knows the skill by its id yet.
    var hasKnownID: Bool
    var path: String
    var kind: Kind
    var reason: Decision.Reason
  }

  private static let fewRows = 200
  private static let fewBytes = 512 << 10

  private(set) var outcomes: [Outcome] = []
  /// The lines for COPY.
  let lines: Spool
  private(set) var ranges: [Range<Int>] = []
  /// The rows of the changes while they are few; nil once they are many.
  private(set) var few: [[String?]]? = []
  /// All files that are set aside.
  private(set) var failures: [Failure]
  /// Those of them that weren't set aside before as they are.
  private(set) var newFailures: [Failure] = []
  /// Whether all are others than those recorded.
  private(set) var hasOtherFailures = false
  /// The rows whose deletion waits for a confirmation.
  private(set) var held: HeldDeletions?
  /// Whether they are others than those recorded.
  private(set) var hasOtherHeld = false
  /// Skills that must not be written: their title is another's, or their deletion is held.
  private(set) var excluded: [String] = []

  /// The date of what the import brings, in seconds since 1970; nil where the tip is the recorded one, so that it brings
  /// something older.
  private(set) var committedAt: Int?

  /// Whether each file is at its base or recorded once this is done; nil where only those that changed were looked at.
  private(set) var isWhole: Bool?

  /// Whether there is nothing to write.
  var isEmpty: Bool { ranges.count == excluded.count }

  /// Reads both sides of every skill that may have changed, one at a time, and decides about it.
  ///
  /// - Parameter preview: takes the texts for a diff, where nothing is to be applied.
  init(run: SyncRun, comparison: TreeComparison, target: ObjectID?, preview: PreviewTexts? = nil) async throws
  {
    lines = Spool(directory: run.settings.workDirectory)
    failures = comparison.failures
    // Where rows aren't written, their files aren't recorded either.
    isWhole = comparison.isWhole ? run.settings.direction != .export : nil
    let items = Item.items(of: comparison)
    if !items.isEmpty {
      try await decide(items, run: run, target: target, preview: preview)
      try setAsideTakenTitles(run, items: items)
    }
    // Without all files there are no deletions.
    if comparison.isWhole { holdDeletions(run, comparison) }
    newFailures = failures.filter { comparison.listing.setAside[$0.path ?? ""] != $0.blob }
    hasOtherFailures = failures.count != comparison.listing.setAside.count || !newFailures.isEmpty
  }

  /// Leaves rows as they are that would go in such a number that nobody may have meant it; all else goes on.
  private func holdDeletions(_ run: SyncRun, _ comparison: TreeComparison) {
    let deletions = outcomes.filter { $0.kind == .archived || $0.kind == .deleted }.map(\.skillID)
    held = DeletionGuard.held(
      .import, deletions: deletions, of: comparison.listing.known.values.count { $0.state == .present },
      placeIsGone: comparison.allPaths.isEmpty, recorded: comparison.listing.held,
      confirmation: run.confirmation)
    if let held {
      excluded += held.skillIDs
      let isHeld = Set(held.skillIDs)
      outcomes.removeAll { isHeld.contains($0.skillID) }
    }
    hasOtherHeld = held != comparison.listing.held
  }

  /// A skill to decide about: those with a file first, in the order in which the files are read.
  private struct Item {
    var skillID: String
    var file: FoundFile?
    /// Whether the id was made up here: nobody could look for it.
    var isNew = false
    /// The id that a person knows it by.
    var knownID: String? { isNew ? nil : skillID }
    private var place: (String, String) { (file?.path ?? "", skillID) }

    static func items(of comparison: TreeComparison) -> [Item] {
      var items = comparison.pairing.found.map { Item(skillID: $0.key, file: $0.value) }
      items += comparison.pairing.new.map { Item(skillID: randomUUID(), file: $0, isNew: true) }
      // A conflict closes by itself once the file is back at its base.
      for id in comparison.listing.openConflicts {
        guard let path = comparison.unchanged[id], let blob = comparison.tree[path] else { continue }
        items.append(
          Item(skillID: id, file: FoundFile(path: path, blob: blob.description, id: id, title: "")))
      }
      items.sort { $0.place < $1.place }
      return items + comparison.vanished.map { Item(skillID: $0, file: nil) }
    }
  }

  /// Titles of rows that are to be written: skill id → title.
  private var wantedTitles: [String: String] = [:]
  /// Skill id → its file's blob.
  private(set) var blobs: [String: String] = [:]

  private func decide(
    _ items: [Item], run: SyncRun, target: ObjectID?, preview: PreviewTexts?
  ) async throws {
    let fileTime = try await FileTime(run: run, target: target)
    if target?.description != run.state.tip { committedAt = fileTime.committedAt }
    let stream = try run.connection.stream(ImportPlan.bothSides(run, items.map(\.skillID)))
    let decider = Decider(run: run, fileTime: fileTime, preview: preview)
    let withFile = items.prefix { $0.file != nil }
    let blobs = try withFile.map { try objectID($0.file?.blob ?? "") }
    try await run.repository.readBlobs(blobs) { index, _, bytes in
      try await decide(items[index], bytes, stream, decider)
      run.progress.report("comparing: \(index) of \(items.count)")
    }
    for item in items[withFile.count...] { try await decide(item, nil, stream, decider) }
    try stream.end()
  }

  /// Decides about the next skill; the rows come in the order of the items.
  private func decide(_ item: Item, _ bytes: [UInt8]?, _ stream: RowStream, _ decider: Decider) async throws {
    let row = try decider.run.next(of: stream, for: item.skillID)
    do {
      guard let planned = try await decider.change(item.skillID, item.file, bytes, row) else { return }
      try add(planned.0, planned.1, planned.path, file: item.file)
    } catch let problem as SkillProblem {
      guard let file = item.file else {
        isWhole = false
        return
      }
      failures.append(
        Failure(
          side: .file, skillID: item.knownID, path: file.path, blob: file.blob, reason: .unwritable,
          message: "\(problem)"))
    }
  }

  private func add(_ change: RowChange, _ kind: Outcome.Kind, _ path: String, file: FoundFile?) throws {
    let values = change.values(kind)
    ranges.append(try lines.append(CopyRow(values).bytes))
    few?.append(values)
    if ranges.count > Self.fewRows || lines.count > Self.fewBytes { few = nil }
    if change.effect == .insert || change.effect == .update, let title = change.title {
      wantedTitles[change.skillID] = title
    }
    blobs[change.skillID] = file?.blob
    outcomes.append(
      Outcome(
        skillID: change.skillID, hasKnownID: file?.id != nil || change.effect != .insert, path: path,
        kind: kind, reason: change.reason))
  }

  private func setAsideTakenTitles(_ run: SyncRun, items: [Item]) throws {
    guard run.table.hasUniqueTitle, !wantedTitles.isEmpty else { return }
    let rows = try run.connection.query(
      Statement(
        "find who has the titles",
        """
        SELECT \(run.table.id("s")) AS id, s.title, b.path FROM \(run.table.quotedName) s
        LEFT JOIN skill_sync.base b ON b.repository_id = $3 AND b.skill_id = \(run.table.id("s")) AND b.state = 'present'
        WHERE s.title = ANY ($1::text[]) OR \(run.table.id("s")) = ANY ($2::text[])
        """,
        [
          .textArray(Array(wantedTitles.values)), .textArray(Array(wantedTitles.keys)),
          .integer(run.state.id),
        ]))
    var current: [String: String] = [:]
    var paths: [String: String] = [:]
    for row in rows {
      let id = try row.text("id")
      current[id] = try row.text("title")
      paths[id] = try row.optionalText("path")
    }
    let itemOf = Dictionary(items.map { ($0.skillID, $0) }, uniquingKeysWith: { one, _ in one })
    for (id, holder) in titleClashes(wanted: wantedTitles, current: current).sorted(by: { $0.key < $1.key }) {
      excluded.append(id)
      guard let item = itemOf[id], let file = item.file else { continue }
      let place = itemOf[holder]?.file?.path ?? paths[holder]
      failures.append(
        Failure(
          side: .file, skillID: item.knownID, path: file.path, blob: file.blob, reason: .titleTaken,
          message: "the title is taken by "
            + (place.map { "\($0) (id \(holder))" } ?? "the row \(holder), which has no file")
            + ": titles are unique, give one of them another"))
    }
  }

  private static func bothSides(_ run: SyncRun, _ skillIDs: [String]) -> Statement {
    let table = run.table
    return Statement(
      "read rows and bases",
      """
      SELECT k.skill_id AS wanted_id, \(table.selectList), \(StoredBase.selectList), extract(epoch FROM o.changed_at)::float8 * 1000 AS changed_at,
        f.id AS conflict_id, f.row_text AS conflict_row, f.file_text AS conflict_file
      FROM unnest($2::text[]) WITH ORDINALITY k (skill_id, position)
      LEFT JOIN skill_sync.base b ON b.repository_id = $1 AND b.skill_id = k.skill_id
      LEFT JOIN (SELECT skill_id, max(changed_at) AS changed_at FROM skill_sync.outbox WHERE skill_table = $3
        GROUP BY skill_id) o ON o.skill_id = k.skill_id
      LEFT JOIN skill_sync.conflict f
        ON f.repository_id = $1 AND f.skill_id = k.skill_id AND f.resolved_at IS NULL
      \(table.joined(on: "\(table.id("s")) = k.skill_id"))
      ORDER BY k.position
      """, [.integer(run.state.id), .textArray(skillIDs), .text(table.key)])
  }
}
