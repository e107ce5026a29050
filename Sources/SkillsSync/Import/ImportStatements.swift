import Postgres
import SkillsCore

/// The statements of an import's transaction, after the copy into the temporary table: sent in one round trip.
///
/// Nothing takes part unless the generation is the one that was read, and no row is touched that isn't what was reconciled.
struct ImportStatements {
  let table: SkillTable
  let generation: Generation
  /// The commit whose tree was compared; nil for a branch without commits.
  let target: String?

  private var change: String { RowChange.tableName }

  /// Rows that are to be left out, since they were found to be at fault.
  func exclude(_ skillIDs: [String]) -> Statement {
    Statement(
      "leave out rows at fault", "DELETE FROM \(change) WHERE skill_id = ANY ($1::text[])",
      [.textArray(skillIDs)])
  }

  /// Takes the locks and finds what is no longer what was reconciled.
  ///
  /// A row that somebody else has locked isn't waited for: the application could wait for another of ours, and be the one
  /// that PostgreSQL ends.
  var fence: [Statement] {
    [
      generation.advance,
      generation.statement(
        "stop unless the generation holds", "DELETE FROM \(change) WHERE NOT \(Generation.holds)"),
      Statement(
        "lock the rows",
        """
        WITH free AS (SELECT s.id FROM \(table.quotedName) s JOIN \(change) c ON \(table.id("s")) = c.skill_id
          FOR NO KEY UPDATE OF s SKIP LOCKED)
        UPDATE \(change) c SET locked = true FROM free WHERE \(table.id("free")) = c.skill_id
        """, []),
      Statement(
        "find rows that changed meanwhile",
        """
        UPDATE \(change) c SET stale = true WHERE (c.expected_digest IS NOT NULL AND NOT c.locked)
          OR c.expected_digest IS DISTINCT FROM
            (SELECT \(table.digest("s")) FROM \(table.quotedName) s WHERE \(table.id("s")) = c.skill_id)
        """, []),
    ]
  }

  /// Takes titles that change out of the way, so that two may trade places: a unique index isn't deferrable.
  var parkTitles: Statement {
    Statement(
      "park titles",
      """
      UPDATE \(table.quotedName) s SET title = '~' || md5(\(table.id("s")))
      FROM \(change) c WHERE \(table.id("s")) = c.skill_id AND NOT c.stale AND c.effect = 'update' AND c.title <> s.title
        AND EXISTS (SELECT FROM \(change) d WHERE lower(d.title) = lower(s.title) AND d.skill_id <> c.skill_id AND NOT d.stale)
      """, [])
  }

  /// Writes rows, for all skills or for one alone.
  func writeRows(only skillID: String? = nil) -> [Statement] {
    let only: Parameter = skillID.map { .text($0) } ?? .null
    let isMeant = "NOT c.stale AND ($1::text IS NULL OR c.skill_id = $1)"
    var statements = [
      Statement(
        "update rows",
        """
        UPDATE \(table.quotedName) s SET \(assignments.map { "\($0.column) = \($0.value)" }.joined(separator: ", "))
        FROM \(change) c WHERE \(table.id("s")) = c.skill_id AND c.effect = 'update' AND \(isMeant)
        """, [only]),
      Statement(
        "insert rows",
        """
        INSERT INTO \(table.quotedName) (\(insertions.map(\.column).joined(separator: ", ")))
        SELECT \(insertions.map(\.value).joined(separator: ", ")) FROM \(change) c
        WHERE c.effect = 'insert' AND \(isMeant)
        """, [only]),
      Statement(
        "delete rows",
        """
        DELETE FROM \(table.quotedName) s USING \(change) c
        WHERE \(table.id("s")) = c.skill_id AND c.effect = 'delete' AND \(isMeant)
        """, [only]),
    ]
    if let archival {
      statements.append(
        Statement(
          "archive rows",
          """
          UPDATE \(table.quotedName) s SET \(archival)
          FROM \(change) c WHERE \(table.id("s")) = c.skill_id AND c.effect = 'archive' AND \(isMeant)
          """, [only]))
    }
    if let makeSystemOwner = makeSystemOwner(only) { statements.insert(makeSystemOwner, at: 0) }
    return statements
  }

  /// Records what was agreed on, what lost, and what must be exported in turn.
  var recordBase: [Statement] {
    [
      generation.statement(
        "close conflicts that are none any more",
        """
        UPDATE skill_sync.conflict o SET resolved_at = clock_timestamp(), resolved_by = 'sync'
        FROM \(change) c WHERE o.repository_id = $1 AND o.skill_id = c.skill_id AND o.resolved_at IS NULL AND NOT c.stale
          AND c.settled_by IS NULL AND \(Generation.holds) AND NOT (c.record = 'open' AND o.row_text IS NOT DISTINCT FROM c.row_text
            AND o.file_text IS NOT DISTINCT FROM c.file_text)
        """),
      generation.statement(
        "settle a conflict by hand",
        """
        UPDATE skill_sync.conflict o SET resolved_at = clock_timestamp(), resolved_by = c.settled_by, decision = c.reason,
          path = c.path, base_text = c.base_text, row_text = c.row_text, file_text = c.file_text,
          row_at = c.row_at, row_by = c.row_by,
          file_at = CASE WHEN o.file_text = c.file_text THEN o.file_at ELSE c.file_at END,
          file_by = CASE WHEN o.file_text = c.file_text THEN o.file_by ELSE c.file_by END
        FROM \(change) c WHERE o.repository_id = $1 AND o.skill_id = c.skill_id AND o.resolved_at IS NULL AND NOT c.stale
          AND c.settled_by IS NOT NULL AND \(Generation.holds)
        """),
      generation.statement(
        "record conflicts",
        """
        INSERT INTO skill_sync.conflict (repository_id, skill_id, path, base_text, row_text, file_text, decision,
          row_at, row_by, file_at, file_by, resolved_at, resolved_by)
        SELECT $1, c.skill_id, c.path, c.base_text, c.row_text, c.file_text, c.reason, c.row_at, c.row_by, c.file_at, c.file_by,
          CASE c.record WHEN 'settled' THEN clock_timestamp() END, CASE c.record WHEN 'settled' THEN 'policy' END
        FROM \(change) c WHERE c.record <> 'none' AND c.settled_by IS NULL AND NOT c.stale AND \(Generation.holds)
          AND NOT EXISTS (SELECT FROM skill_sync.conflict o WHERE c.record = 'open' AND o.repository_id = $1
            AND o.skill_id = c.skill_id AND o.resolved_at IS NULL AND o.row_text IS NOT DISTINCT FROM c.row_text
            AND o.file_text IS NOT DISTINCT FROM c.file_text)
        """),
      generation.statement(
        "record the base",
        """
        INSERT INTO skill_sync.base (repository_id, skill_id, path, blob, title, text, previous_text, digest, state)
        SELECT $1, c.skill_id, c.path, c.blob, c.file_title, c.file_text, c.previous_text,
          CASE WHEN c.agrees THEN \(table.digest("s")) END, 'present'
        FROM \(change) c JOIN \(table.quotedName) s ON \(table.id("s")) = c.skill_id
        WHERE c.base = 'present' AND NOT c.stale AND \(Generation.holds)
        ON CONFLICT (repository_id, skill_id) DO UPDATE SET path = excluded.path, blob = excluded.blob,
          title = excluded.title, text = excluded.text, previous_text = excluded.previous_text,
          digest = excluded.digest, state = excluded.state
        """),
      // Without its row, a deleted skill's base waits for the export that deletes its file too.
      generation.statement(
        "record the base of skills without a row",
        """
        UPDATE skill_sync.base b SET path = c.path, blob = c.blob, title = c.file_title, text = c.file_text, digest = NULL
        FROM \(change) c WHERE b.repository_id = $1 AND b.skill_id = c.skill_id AND c.base = 'present' AND NOT c.stale
          AND NOT EXISTS (SELECT FROM \(table.quotedName) s WHERE \(table.id("s")) = c.skill_id) AND \(Generation.holds)
        """),
      generation.statement(
        "record tombstones",
        """
        UPDATE skill_sync.base b SET state = 'tombstone', digest = CASE WHEN c.agrees THEN
          (SELECT \(table.digest("s")) FROM \(table.quotedName) s WHERE \(table.id("s")) = c.skill_id) END
        FROM \(change) c WHERE b.repository_id = $1 AND b.skill_id = c.skill_id AND c.base = 'tombstone' AND NOT c.stale
          AND \(Generation.holds)
        """),
      generation.statement(
        "queue what must follow",
        """
        INSERT INTO skill_sync.outbox (skill_table, skill_id, operation)
        SELECT $3, c.skill_id, 'update' FROM \(change) c WHERE c.enqueues AND NOT c.stale AND \(Generation.holds)
        """, [.text(table.key)]),
    ]
  }

  /// Keeps the application's own records true.
  func recordForApplication(startedAt: String) -> [Statement] {
    var statements: [Statement] = []
    if !badge.isEmpty {
      statements.append(
        Statement(
          "show what was synced",
          """
          UPDATE \(table.quotedName) s SET \(badge.map { "\($0.column) = \($0.value)" }.joined(separator: ", "))
          FROM \(change) c WHERE \(table.id("s")) = c.skill_id AND NOT c.stale
            AND (c.effect <> 'keep' OR c.base <> 'keep' OR c.record <> 'none')
          """, []))
    }
    if table.hasSyncLog {
      statements.append(
        Statement(
          "log what was synced",
          """
          INSERT INTO \(table.syncLogName)
            (id, "skillId", operation, direction, status, "startedAt", "completedAt", "gitCommitSha", "syncedBy")
          SELECT gen_random_uuid()::text, s.id, CASE c.effect WHEN 'insert' THEN 'create' WHEN 'archive' THEN 'delete'
              ELSE 'update' END, 'git-to-db', 'success', timezone('utc', $1::timestamptz),
            timezone('utc', clock_timestamp()), \(commitLiteral), 'system'
          FROM \(change) c JOIN \(table.quotedName) s ON \(table.id("s")) = c.skill_id
          WHERE c.effect IN ('insert', 'update', 'archive') AND NOT c.stale
          """, [.text(startedAt)]))
    }
    return statements
  }

  /// Records the files that were set aside: all of them, each time.
  ///
  /// Where a file is well again, what its row had to wait for is over: the row goes back to the outbox.
  ///
  /// - Parameter showsBadges: whether the application's badge is set along.
  func recordFailures(_ failures: [Failure], showsBadges: Bool) -> [Statement] {
    let failing = failures.compactMap(\.skillID)
    let wellAgain = """
      SELECT f.skill_id FROM skill_sync.failed f WHERE f.repository_id = $1 AND f.side = 'file'
        AND f.skill_id IS NOT NULL AND f.skill_id <> ALL ($3::text[])
      """
    var statements = [
      generation.statement(
        "queue rows whose file is well again",
        """
        WITH waiting AS (DELETE FROM skill_sync.failed r WHERE r.repository_id = $1 AND r.side = 'row'
          AND r.reason = ANY ($5::text[]) AND r.subject IN (\(wellAgain)) AND \(Generation.holds) RETURNING r.skill_id)
        INSERT INTO skill_sync.outbox (skill_table, skill_id, operation) SELECT $4, skill_id, 'update' FROM waiting
        """,
        [
          .textArray(failing), .text(table.key), .textArray(Failure.Reason.ofFiles.map(\.rawValue)),
        ])
    ]
    if showsBadges, table.has("syncStatus") {
      statements.append(
        generation.statement(
          "show what is well again",
          """
          UPDATE \(table.quotedName) s SET "syncStatus" = CASE
            WHEN EXISTS (SELECT FROM skill_sync.outbox o WHERE o.skill_table = $4 AND o.skill_id = \(table.id("s")))
              THEN 'pending' ELSE 'synced' END
          WHERE s.id IN (SELECT w.id FROM \(table.quotedName) w WHERE \(table.id("w")) IN (\(wellAgain))
              FOR NO KEY UPDATE SKIP LOCKED)
            AND s."syncStatus" = 'failed' AND \(Generation.holds)
            AND NOT EXISTS (SELECT FROM skill_sync.conflict c WHERE c.repository_id = $1 AND c.skill_id = \(table.id("s"))
              AND c.resolved_at IS NULL)
            AND NOT EXISTS (SELECT FROM skill_sync.failed r WHERE r.repository_id = $1 AND r.side = 'row'
              AND r.subject = \(table.id("s")))
          """, [.textArray(failing), .text(table.key)]))
    }
    statements += [
      generation.statement(
        "forget former failures",
        "DELETE FROM skill_sync.failed WHERE repository_id = $1 AND side = 'file' AND \(Generation.holds)"),
      Failure.insertion(failures, generation: generation),
    ]
    if showsBadges, !failing.isEmpty {
      statements += Failure.badges(failing, generation: generation, table: table)
    }
    return statements
  }

  /// Advances the recorded tip, unless a row changed meanwhile: then that one is looked at again first.
  ///
  /// - Parameter isWhole: whether all files are at their base or recorded now; nil if they are where they were.
  func finish(isWhole: Bool?) -> [Statement] {
    [
      generation.statement(
        "advance the recorded tip",
        """
        UPDATE skill_sync.repository SET tip = CASE WHEN s.any_stale THEN tip ELSE $3 END,
          whole_generation = CASE WHEN NOT s.any_stale AND NOT s.any_lost THEN
            CASE $4::boolean WHEN true THEN generation WHEN false THEN NULL ELSE whole_generation END END
        FROM (SELECT EXISTS (SELECT FROM \(change) c WHERE c.stale) AS any_stale,
          -- The application's own triggers may have swallowed a row.
          EXISTS (SELECT FROM \(change) c LEFT JOIN skill_sync.base b ON b.repository_id = $1 AND b.skill_id = c.skill_id
            WHERE c.base = 'present' AND NOT c.stale AND (b.path, b.blob, b.state) IS DISTINCT FROM (c.path, c.blob, 'present')) AS any_lost) s
        WHERE id = $1 AND generation = $2 RETURNING tip, whole_generation IS NOT NULL AS is_whole
        """, [target.map { .text($0) } ?? .null, isWhole.map { .boolean($0) } ?? .null]),
      Statement("read what is to be done again", "SELECT skill_id FROM \(change) WHERE stale", []),
      Statement("commit", "COMMIT", []),
    ]
  }

  private var commitLiteral: String {
    // Forty hexadecimal digits that git gave; checked all the same, as it stands in the text of a statement.
    guard let target,
      target.utf8.allSatisfy({
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
      })
    else { return "NULL::text" }
    return "'\(target)'::text"
  }

  /// The application's badge: what each column is to show for change `c`.
  private var badge: [(column: String, value: String)] {
    var badge: [(String, String)] = []
    if table.has("syncStatus") {
      badge.append(
        (
          #""syncStatus""#,
          "CASE WHEN c.record = 'open' THEN 'failed' WHEN c.enqueues THEN 'pending' ELSE 'synced' END"
        ))
    }
    if table.has("lastSyncedAt") { badge.append((#""lastSyncedAt""#, table.now(for: "lastSyncedAt"))) }
    if table.has("gitCommitSha") { badge.append((#""gitCommitSha""#, commitLiteral)) }
    return badge
  }

  /// What archiving a row changes; nil where the table has no column for it.
  private var archival: String? {
    var columns: [String] = []
    if table.has("isActive") {
      columns.append(#""isActive" = false"#)
    } else if table.has("status") {
      columns.append("status = 'ARCHIVED'")
    } else {
      return nil
    }
    if table.has("updatedAt") { columns.append(#""updatedAt" = \#(table.now(for: "updatedAt"))"#) }
    return columns.joined(separator: ", ")
  }

  /// Column and value for each column that a skill file has a say in; `c` is the change, null where nothing changes.
  private var synced: [(column: String, value: String)] {
    let sources = [
      ("title", "title"), ("content", "content"), ("categories", "categories"), ("tier", "tier"),
      ("owners", "owners"), ("sourceUrls", "sources"), ("isActive", "active"),
      ("summary", "summary"),
    ]
    return sources.filter { table.has($0.0) }.map { column, source in
      (quotedIdentifier(column), "c.\(source)::\(table.typeWithoutLength(of: column))")
    }
  }

  private var assignments: [(column: String, value: String)] {
    // What the file doesn't change stays as it is, to the byte.
    var assignments = synced.map { ($0.column, "coalesce(\($0.value), s.\($0.column))") }
    if table.has("updatedAt") { assignments.append((#""updatedAt""#, table.now(for: "updatedAt"))) }
    if table.hasOwnerRelation {
      assignments.append(
        (#""ownerId""#, #"CASE WHEN c.finds_owner THEN \#(foundOwner) ELSE s."ownerId" END"#))
    }
    if table.has("status") {
      assignments.append(
        (
          "status",
          "CASE WHEN s.status::text = 'ARCHIVED' AND \(isTombstone) THEN 'PUBLISHED'::\(table.type(of: "status")) ELSE s.status END"
        ))
    }
    return assignments
  }

  /// Before the base is recorded: whether the sync itself took skill `c` out of use.
  private var isTombstone: String {
    "EXISTS (SELECT FROM skill_sync.base b WHERE b.repository_id = \(generation.repositoryID)"
      + " AND b.skill_id = c.skill_id AND b.state = 'tombstone')"
  }

  private var insertions: [(column: String, value: String)] {
    var insertions = [("id", "c.skill_id::\(table.typeWithoutLength(of: "id"))")] + synced
    if table.has("updatedAt") { insertions.append((#""updatedAt""#, table.now(for: "updatedAt"))) }
    if table.has("createdAt") {
      let created =
        table.type(of: "createdAt").contains("with time zone")
        ? "c.created_at" : "timezone('utc', c.created_at)"
      insertions.append((#""createdAt""#, "coalesce(\(created), \(table.now(for: "createdAt")))"))
    }
    if table.hasOwnerRelation { insertions.append((#""ownerId""#, foundOwner)) }
    if table.has("status") { insertions.append(("status", "'PUBLISHED'")) }
    return insertions
  }

  /// The user that the first of the file's owners who is one is; else nobody, or the system user where somebody is required.
  private var foundOwner: String {
    """
    coalesce((SELECT u.id FROM \(table.usersName) u WHERE u.id = ANY (c.owner_ids) OR lower(u.email) = ANY (c.owner_emails)
      ORDER BY least(array_position(c.owner_ids, u.id), array_position(c.owner_emails, lower(u.email))), u.id LIMIT 1),
      \(systemOwner))
    """
  }

  private var systemOwner: String {
    guard table.requires("ownerId") else { return "NULL" }
    return """
      (SELECT u.id FROM \(table.usersName) u WHERE u.id = '\(SystemOwner.id)' OR u.email IN (\(systemEmails))
       ORDER BY u.id <> '\(SystemOwner.id)', u.email LIMIT 1)
      """
  }

  private var systemEmails: String { SystemOwner.emails.map { "'\($0)'" }.joined(separator: ", ") }

  /// Makes the system user where a row needs an owner and none is found; nil where none is ever needed.
  private func makeSystemOwner(_ only: Parameter) -> Statement? {
    guard table.hasOwnerRelation, table.requires("ownerId") else { return nil }
    let hasTime = table.userColumns.contains("updatedAt")
    return Statement(
      "make the system user",
      """
      INSERT INTO \(table.usersName) (id, name, email\(hasTime ? #", "updatedAt""# : ""))
      SELECT '\(SystemOwner.id)', 'System', '\(SystemOwner.emails[0])'\(hasTime ? ", \(SkillTable.nowInUTC)" : "")
      WHERE EXISTS (SELECT FROM \(change) c WHERE c.finds_owner AND c.effect IN ('insert', 'update') AND NOT c.stale
          AND ($1::text IS NULL OR c.skill_id = $1)
          AND NOT EXISTS (SELECT FROM \(table.usersName) u
            WHERE u.id = ANY (c.owner_ids) OR lower(u.email) = ANY (c.owner_emails)))
        AND NOT EXISTS (SELECT FROM \(table.usersName) u WHERE u.id = '\(SystemOwner.id)' OR u.email IN (\(systemEmails)))
      ON CONFLICT DO NOTHING
      """, [only])
  }
}
