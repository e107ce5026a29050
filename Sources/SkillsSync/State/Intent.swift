import Postgres

/// A push under way, as it was recorded before it.
struct Intent: Equatable {
  var id: String
  var commit: String
  var expectedTip: String?
  /// Seconds since the epoch.
  var createdAt: Int
  /// Whether its deadline had passed when the fetch began, so that a branch without the commit will stay without it.
  var isExpired: Bool

  /// Reads the open intents, oldest first.
  ///
  /// `fetchBegan` is the database's time before the fetch.
  static func read(repositoryID: Int, fetchBegan: String) -> Statement {
    Statement(
      "read the intents",
      """
      SELECT id, commit, expected_tip, extract(epoch FROM created_at)::bigint AS created_at,
        deadline < $2::timestamptz AS is_expired
      FROM skill_sync.intent WHERE repository_id = $1 ORDER BY created_at, id
      """, [.integer(repositoryID), .text(fetchBegan)])
  }

  init(_ row: Row) throws {
    id = try row.text("id")
    commit = try row.text("commit")
    expectedTip = try row.optionalText("expected_tip")
    createdAt = try row.integer("created_at")
    isExpired = try row.boolean("is_expired")
  }

  /// Takes an intent back: its push was refused, or can't land any more.
  static func withdraw(_ ids: [String]) -> Statement {
    Statement(
      "withdraw intents", "DELETE FROM skill_sync.intent WHERE id = ANY ($1::uuid[])", [.textArray(ids)])
  }
}

/// The transaction that takes a landed commit of ours into account: base takes its values, the outbox entries
/// that it answers go, the recorded tip becomes the commit.
///
/// Run by whoever sees first that the commit is in the branch.
///
/// Nothing is done unless the intent is still there, the recorded tip is the one it expected, and the generation holds.
///
/// - Parameters:
///   - mayRecordConflicts: false where none of its skills is known to have been in conflict.
///   - setsBadges: whether the application's badge and log are written along.
private func recording(
  of intentID: String, generation: Generation, table: SkillTable, unchanged: [String],
  mayRecordConflicts: Bool, setsBadges: Bool
) -> [Statement] {
  func statement(_ name: String, _ sql: String, _ more: [Parameter] = []) -> Statement {
    generation.statement(name, sql, [.text(intentID)] + more)
  }
  var statements = [
    Statement("begin", "BEGIN"),
    Statement("be silent", Trigger.silence),
    Statement(
      "advance the recorded tip",
      """
      UPDATE skill_sync.repository r SET generation = $2, tip = i.commit, last_push_at = greatest(r.last_push_at, i.created_at),
        whole_generation = CASE WHEN r.whole_generation = r.generation OR r.tip IS NULL AND NOT EXISTS
          (SELECT FROM skill_sync.base b WHERE b.repository_id = $1 AND b.state = 'present') THEN $2::uuid END
      FROM skill_sync.intent i WHERE r.id = $1 AND r.generation = $4 AND i.id = $3
        AND r.tip IS NOT DISTINCT FROM i.expected_tip RETURNING i.commit, r.whole_generation IS NOT NULL AS is_whole
      """,
      [
        .integer(generation.repositoryID), .text(generation.next), .text(intentID),
        .text(generation.expected),
      ]),
    History.pushed(intentID, generation: generation),
  ]
  if mayRecordConflicts {
    // A save that undid an import overwrote the file's text: what it overwrote is kept.
    statements.append(
      statement(
        "record conflicts",
        """
        INSERT INTO skill_sync.conflict (repository_id, skill_id, path, base_text, row_text, file_text, decision,
          row_at, resolved_at, resolved_by)
        SELECT $1, p.skill_id, p.path, b.previous_text, p.text, b.text, p.reason,
          (SELECT max(o.changed_at) FROM skill_sync.outbox o JOIN skill_sync.intent i ON o.id = ANY (i.outbox_ids)
           WHERE i.id = p.intent_id AND o.skill_id = p.skill_id), clock_timestamp(), 'policy'
        FROM skill_sync.intent_path p JOIN skill_sync.base b ON b.repository_id = $1 AND b.skill_id = p.skill_id
        WHERE p.intent_id = $3 AND p.records_conflict AND \(Generation.holds)
        """))
  }
  statements += [
    statement(
      "record the base",
      """
      INSERT INTO skill_sync.base (repository_id, skill_id, path, blob, title, text, previous_text, digest, state)
      SELECT $1, p.skill_id, p.path, p.blob, p.title, p.text, NULL, p.digest, p.state
      FROM skill_sync.intent_path p WHERE p.intent_id = $3 AND \(Generation.holds)
      ON CONFLICT (repository_id, skill_id) DO UPDATE SET path = excluded.path, blob = excluded.blob,
        title = excluded.title, text = excluded.text, previous_text = excluded.previous_text,
        digest = excluded.digest, state = excluded.state
      """),
    statement(
      "clear the outbox",
      """
      DELETE FROM skill_sync.outbox o USING skill_sync.intent i
      WHERE i.id = $3 AND o.id = ANY (i.outbox_ids) AND \(Generation.holds)
      """),
    statement(
      "queue what changed since",
      """
      INSERT INTO skill_sync.outbox (skill_table, skill_id, operation)
      SELECT $4, p.skill_id, 'update' FROM skill_sync.intent_path p
      LEFT JOIN \(table.quotedName) s ON \(table.id("s")) = p.skill_id
      WHERE p.intent_id = $3 AND \(Generation.holds)
        AND CASE WHEN s.id IS NOT NULL THEN \(table.digest("s")) END IS DISTINCT FROM p.digest
        AND NOT EXISTS (SELECT FROM skill_sync.outbox o WHERE o.skill_table = $4 AND o.skill_id = p.skill_id)
      """, [.text(table.key)]),
  ]
  if setsBadges {
    statements += badges(intentID: intentID, generation: generation, table: table)
    statements += settled(unchanged, generation: generation, table: table)
  }
  statements += [
    // A push that was given up and made again within a second is the same commit: both intents end with it.
    statement(
      "end the intent",
      """
      DELETE FROM skill_sync.intent WHERE repository_id = $1 AND \(Generation.holds)
        AND commit = (SELECT commit FROM skill_sync.intent WHERE id = $3)
      """),
    Statement("commit", "COMMIT"),
  ]
  return statements
}

extension SyncRun {
  /// Takes a landed commit of ours into account, in one transaction.
  ///
  /// Where a rule of the application keeps a row's badge from being set, badges come one by one afterwards.
  ///
  /// - Parameters:
  ///   - mayRecordConflicts: false where none of its skills is known to have been in conflict.
  ///   - isLast: whether nothing more may be left to do: then what the run ends with goes along.
  /// - Throws: `Overtaken` where somebody else was faster.
  func settle(
    _ intentID: String, unchanged: [String], mayRecordConflicts: Bool = true, isLast: Bool = false
  ) throws {
    var skills: [String] = []
    let areShown = try settingBadges { setsBadges in
      // They go with the intent.
      if !setsBadges { skills = try self.skills(of: intentID) }
      let generation = Generation(state)
      let transaction = recording(
        of: intentID, generation: generation, table: table, unchanged: unchanged,
        mayRecordConflicts: mayRecordConflicts, setsBadges: setsBadges)
      let results = try transact(transaction, end: isLast ? end(hasSeenTip: true, after: generation) : [])
      guard let row = results[2].first else { throw Overtaken() }
      if let row = results[3].first { try History.measure(row, into: measurements) }
      advanced(to: generation, tip: try row.text("commit"), isWhole: try row.boolean("is_whole"))
    }
    if areShown { return }
    showOneByOne(skills, commit: state.tip)
    showOneByOne(unchanged, commit: nil)
  }

  private func skills(of intentID: String) throws -> [String] {
    try connection.query(
      Statement(
        "read the intent's skills",
        "SELECT skill_id FROM skill_sync.intent_path WHERE intent_id = $1::uuid", [.text(intentID)])
    ).map { try $0.text("skill_id") }
  }
}

/// Shows rows without anything to sync as synced, where the trigger had shown them as pending.
func settled(_ skillIDs: [String], generation: Generation, table: SkillTable) -> [Statement] {
  guard table.has("syncStatus"), !skillIDs.isEmpty else { return [] }
  return [
    generation.statement(
      "show what needed no sync",
      """
      UPDATE \(table.quotedName) s SET "syncStatus" = 'synced'
      WHERE s.id IN (SELECT f.id FROM \(table.quotedName) f WHERE \(table.id("f")) = ANY ($3::text[])
          FOR NO KEY UPDATE SKIP LOCKED)
        AND s."syncStatus" = 'pending' AND \(Generation.holds)
        AND NOT EXISTS (SELECT FROM skill_sync.outbox o WHERE o.skill_table = $4 AND o.skill_id = \(table.id("s")))
      """, [.textArray(skillIDs), .text(table.key)])
  ]
}

/// The application's badge and log for the skills of an intent.
///
/// A row that the application has locked is left out: it waits for nobody, and isn't made to.
private func badges(intentID: String, generation: Generation, table: SkillTable) -> [Statement] {
  var columns: [String] = []
  if table.has("syncStatus") {
    columns.append(
      #""syncStatus" = CASE WHEN \#(table.digest("s")) = p.digest THEN 'synced' ELSE 'pending' END"#)
  }
  if table.has("lastSyncedAt") { columns.append(#""lastSyncedAt" = \#(table.now(for: "lastSyncedAt"))"#) }
  if table.has("gitCommitSha") { columns.append(#""gitCommitSha" = i.commit"#) }
  var statements: [Statement] = []
  if !columns.isEmpty {
    statements.append(
      generation.statement(
        "show what was synced",
        """
        UPDATE \(table.quotedName) s SET \(columns.joined(separator: ", "))
        FROM skill_sync.intent_path p JOIN skill_sync.intent i ON i.id = p.intent_id
        WHERE p.intent_id = $3 AND \(table.id("s")) = p.skill_id AND \(Generation.holds)
          AND s.id IN (SELECT f.id FROM \(table.quotedName) f JOIN skill_sync.intent_path q
            ON q.skill_id = \(table.id("f")) WHERE q.intent_id = $3 FOR NO KEY UPDATE OF f SKIP LOCKED)
        """, [.text(intentID)]))
  }
  if table.hasSyncLog {
    statements.append(
      generation.statement(
        "log what was synced",
        """
        INSERT INTO \(table.syncLogName)
          (id, "skillId", operation, direction, status, "startedAt", "completedAt", "gitCommitSha", "syncedBy")
        SELECT gen_random_uuid()::text, s.id, CASE p.operation WHEN 'rename' THEN 'update' ELSE p.operation END,
          'db-to-git', 'success', timezone('utc', i.created_at), timezone('utc', clock_timestamp()), i.commit, 'system'
        FROM skill_sync.intent_path p JOIN skill_sync.intent i ON i.id = p.intent_id
          JOIN \(table.quotedName) s ON \(table.id("s")) = p.skill_id
        WHERE p.intent_id = $3 AND \(Generation.holds)
        """, [.text(intentID)]))
  }
  return statements
}
