import Git
import Postgres
import SkillsCore

extension Session {
  /// Compares every row, base and file: one listing of the branch's tree and one query, and no text is read.
  ///
  /// Changes nothing. What others sync meanwhile is looked at again.
  ///
  /// - Throws: a `SyncError` of type `Busy` where others sync all the time.
  public func drift(deadline: Deadline, progress: Progress) async throws -> DriftReport {
    try await withRun(deadline, progress: progress, isReadOnly: true) { run in
      for _ in 0..<mostTries {
        let seen = run.state
        var report = try await DriftLook(run: run).report()
        try run.readState()
        guard run.state.tip == seen.tip, run.state.generation == seen.generation else { continue }
        if settings.direction == .import {
          report.hindrance =
            "SYNC_DIRECTION is import: nothing is pushed, and what was saved stays in the outbox"
        } else if run.state.isPaused {
          report.hindrance = "both functions are paused: `skills-to-git resume` lets them go on"
        } else if run.state.refusal != nil {
          report.hindrance = "the repository refuses pushes: `skills-to-git status` says why"
        }
        measurements.set(.drift, Double(report.skills.count { $0.state != .inSync }))
        measurements.set(.skillsInDatabase, Double(report.rows))
        measurements.set(.skillsInGit, Double(report.files))
        return report
      }
      throw SyncError(
        type: "Busy", description: "others synced \(mostTries) times during the look: try again",
        areTriesUsedUp: true)
    }
  }

  /// Brings both sides together as every sync does, whatever an event or the trigger missed.
  ///
  /// - Returns: what was done, for a terminal.
  public func repair(deadline: Deadline, progress: Progress) async throws -> String {
    if settings.direction == .import {
      return try await `import`(after: nil, isSweep: true, deadline: deadline, progress: progress).summary
    }
    return try await export(
      .everything, isBounded: false, isByHand: true, deadline: deadline, progress: progress
    ).summary
  }
}

/// One look at both sides.
private struct DriftLook {
  let run: SyncRun

  func report() async throws -> DriftReport {
    let tip = try await run.repository.fetchTip()
    if tip == nil, run.state.tip != nil { throw SyncError.branchMissing(run.settings.branch) }
    var files = try await skillFiles(tip)
    let count = files.count
    let isTipNew = tip?.description != run.state.tip
    var rows = 0
    var skills: [DriftReport.Skill] = []
    var moved: [(index: Int, blob: String, known: Known)] = []
    let results = try run.connection.pipeline([skillsQuery, failedFilesQuery])
    for row in results[0] {
      let known = try Known(row)
      if known.row != .missing { rows += 1 }
      var file = DriftSides.Side.missing
      if let path = known.path, let found = files.removeValue(forKey: FilePath(path)) {
        file = found == known.blob ? .atBase : .changed
      } else if let blob = known.blob {
        moved.append((skills.count, blob, known))
      }
      skills.append(known.skill(known.sides(file, isTipNew)))
    }
    // Byte for byte the same file under another name is a skill's that misses its own.
    var paths = Dictionary(grouping: files, by: \.value).mapValues { $0.map(\.key).sorted() }
    for (index, blob, known) in moved {
      guard let path = paths[blob]?.first else { continue }
      paths[blob]?.removeFirst()
      files[path] = nil
      skills[index] = known.skill(known.sides(.changed, isTipNew))
      skills[index].path = path.text
    }
    let failed = Set(try results[1].map { FilePath(try $0.text("path")) })
    for path in files.keys.sorted() {
      let state: DriftState =
        failed.contains(path) ? .failed : isTipNew ? .pendingImport : .missingInDatabase
      skills.append(DriftReport.Skill(skillId: nil, path: path.text, state: state))
    }
    return DriftReport(tip: tip?.description, rows: rows, files: count, skills: skills)
  }

  private func skillFiles(_ tip: ObjectID?) async throws -> [FilePath: String] {
    guard let tip else { return [:] }
    var files: [FilePath: String] = [:]
    for entry in try await run.repository.tree(of: tip, directory: run.settings.skillsDirectory)
    where run.isSkillFile(entry.path) {
      files[FilePath(entry.path)] = entry.object.description
    }
    return files
  }

  /// Rows that are published or that a base knows, by their id.
  ///
  /// What was changed of a row that isn't published waits in the table, and its file stays: that is as it should be. Edits of
  /// a row that stays archived with its file gone wait in the table: nothing is to be done about them.
  private var skillsQuery: Statement {
    let table = run.table
    // A join, as PostgreSQL looks through a long list in an IN once for each skill.
    func marked(_ name: String, by records: String) -> String {
      "LEFT JOIN (SELECT DISTINCT skill_id FROM \(records)) \(name) ON \(name).skill_id = coalesce(\(table.id("s")), b.skill_id)"
    }
    return Statement(
      "compare rows and bases",
      """
      SELECT coalesce(\(table.id("s")), b.skill_id) AS skill_id, s.id IS NOT NULL AS has_row, b.path, b.blob,
        b.state = 'present' AS has_base,
        s.id IS NOT NULL AND NOT (\(table.isPublished))
          OR CASE WHEN s.id IS NOT NULL THEN \(table.digest("s")) END IS NOT DISTINCT FROM b.digest AS is_at_base,
        waiting.skill_id IS NOT NULL
          OR EXISTS (SELECT FROM skill_sync.outbox WHERE skill_table = $2 AND skill_id IS NULL) AS is_waiting,
        held.skill_id IS NOT NULL AS is_held, conflict.skill_id IS NOT NULL AS is_conflict,
        failed.skill_id IS NOT NULL AS is_failed
      FROM \(table.quotedName) s
      FULL JOIN (SELECT * FROM skill_sync.base WHERE repository_id = $1) b ON b.skill_id = \(table.id("s"))
      \(marked("waiting", by: "skill_sync.outbox WHERE skill_table = $2"))
      \(marked("held", by: "skill_sync.held WHERE repository_id = $1"))
      \(marked("conflict", by: "skill_sync.conflict WHERE repository_id = $1 AND resolved_at IS NULL"))
      \(marked("failed", by: "skill_sync.failed WHERE repository_id = $1"))
      WHERE b.state = 'present'
        OR s.id IS NOT NULL AND (\(table.isPublished)) AND \(table.digest("s")) IS DISTINCT FROM b.digest
          AND NOT (b.skill_id IS NOT NULL AND \(table.isArchived))
      ORDER BY 1
      """, [.integer(run.state.id), .text(table.key)])
  }

  private var failedFilesQuery: Statement {
    Statement(
      "read the files that are set aside",
      "SELECT path FROM skill_sync.failed WHERE repository_id = $1 AND side = 'file' AND path IS NOT NULL",
      [.integer(run.state.id)])
  }

  /// A path as git sees it: to Swift's texts, accents in one character or in two are the same.
  private struct FilePath: Hashable, Comparable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (one: FilePath, other: FilePath) -> Bool { hasSameBytes(one.text, other.text) }
    static func < (one: FilePath, other: FilePath) -> Bool {
      one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
    }
    func hash(into hasher: inout Hasher) { for byte in text.utf8 { hasher.combine(byte) } }
  }

  /// A skill as the database knows it.
  private struct Known {
    var id: String
    var path: String?
    var blob: String?
    var row: DriftSides.Side
    var hasBase: Bool
    var isWaiting: Bool
    /// What a person has to do first, whatever the sides say.
    var hindrance: DriftState?

    init(_ row: Postgres.Row) throws {
      id = try row.text("skill_id")
      hasBase = try row.optionalBoolean("has_base") ?? false
      // A tombstone's file is gone: one at its place is another.
      path = hasBase ? try row.optionalText("path") : nil
      blob = hasBase ? try row.optionalText("blob") : nil
      self.row =
        try !row.boolean("has_row")
        ? .missing : try hasBase && row.boolean("is_at_base") ? .atBase : .changed
      isWaiting = try row.boolean("is_waiting")
      if try row.boolean("is_held") {
        hindrance = .held
      } else if try row.boolean("is_conflict") {
        hindrance = .conflict
      } else if try row.boolean("is_failed") {
        hindrance = .failed
      }
    }

    func sides(_ file: DriftSides.Side, _ isTipNew: Bool) -> DriftSides {
      DriftSides(row: row, file: file, hasBase: hasBase, isRowWaiting: isWaiting, isTipNew: isTipNew)
    }

    func skill(_ sides: DriftSides) -> DriftReport.Skill {
      DriftReport.Skill(skillId: id, path: path, state: hindrance ?? sides.state)
    }
  }
}
