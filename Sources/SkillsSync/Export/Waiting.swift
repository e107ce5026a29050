import Postgres
import SkillsCore

/// What waits to be exported, and what is recorded of it, as one round trip tells it.
///
/// The outbox is read first: what is saved later is found by whoever reads the rows.
struct Waiting {
  let outbox: Outbox
  /// The files whose deletion waits for a confirmation.
  let held: HeldDeletions?
  /// Skill id → what the repository refused of it.
  let refused: [String: RefusedText]
  /// Of the skills that an event names, those whose row is at its base.
  let unchanged: [String]
  /// Whether no file of the recorded tip is set aside or in conflict: where the state is whole, each is that of a base then.
  let hasOnlyKnownFiles: Bool
  /// The skills that wait and those that an event names → whether they had a file when both sides agreed; without those in
  /// conflict, set aside or held, whose file may be another since; nil where that are many.
  let hadFile: [String: Bool]?

  /// More than these are compared with all files at once.
  private static let few = 1_000

  /// How many `statements` are.
  static let statementCount = 5

  /// What `init` reads.
  static func statements(_ key: RepositoryKey, _ table: SkillTable, named: [String]) -> [Statement] {
    let id = "(SELECT id FROM skill_sync.repository WHERE \(RepositoryKey.condition))"
    func statement(_ name: String, _ sql: String, _ more: [Parameter] = []) -> Statement {
      Statement(name, sql, key.parameters + more)
    }
    return [
      Outbox.read(skillTable: table.key),
      statement(
        "read what is held and refused",
        """
        SELECT direction, skill_id, NULL AS blob, NULL AS message FROM skill_sync.held WHERE repository_id = \(id)
        UNION ALL SELECT 'refused', subject, blob, message FROM skill_sync.failed WHERE repository_id = \(id)
          AND side = 'row' AND reason = '\(Failure.Reason.refusedByRepository.rawValue)'
        ORDER BY 1, 2
        """),
      statement(
        "find named skills at their base",
        """
        SELECT k.skill_id FROM unnest($5::text[]) k (skill_id)
        LEFT JOIN skill_sync.base b ON b.repository_id = \(id) AND b.skill_id = k.skill_id
        LEFT JOIN \(table.quotedName) s ON \(table.id("s")) = k.skill_id
        WHERE CASE WHEN s.id IS NOT NULL THEN \(table.digest("s")) END IS NOT DISTINCT FROM b.digest
          AND (s.id IS NOT NULL OR b.state IS DISTINCT FROM 'present')
        """, [.textArray(named)]),
      statement(
        "look for files without a base",
        """
        SELECT NOT EXISTS (SELECT FROM skill_sync.failed WHERE repository_id = \(id) AND side = 'file')
          AND NOT EXISTS (SELECT FROM skill_sync.conflict WHERE repository_id = \(id) AND resolved_at IS NULL)
          AS has_only_known_files
        """),
      statement(
        "find out which of what waits has a file",
        """
        SELECT k.skill_id, b.path IS NOT NULL AS had_file,
          EXISTS (SELECT FROM skill_sync.conflict
            WHERE repository_id = \(id) AND skill_id = k.skill_id AND resolved_at IS NULL)
          OR EXISTS (SELECT FROM skill_sync.held
            WHERE repository_id = \(id) AND direction = 'import' AND skill_id = k.skill_id)
          OR EXISTS (SELECT FROM skill_sync.failed
            WHERE repository_id = \(id) AND side = 'file' AND (skill_id = k.skill_id OR path = b.path))
          AS may_have_another
        FROM (SELECT * FROM unnest($5::text[]) n UNION SELECT skill_id FROM skill_sync.outbox
          WHERE skill_table = $6 AND skill_id IS NOT NULL LIMIT \(few + 1)) k (skill_id)
        -- One by one: joined as wholes, all bases would be read.
        LEFT JOIN LATERAL (SELECT path FROM skill_sync.base
          WHERE repository_id = \(id) AND skill_id = k.skill_id AND state = 'present' OFFSET 0) b ON true
        """, [.textArray(named), .text(table.key)]),
    ]
  }

  init(_ results: some RandomAccessCollection<[Postgres.Row]>) throws {
    let results = Array(results)
    outbox = try Outbox(results[0])
    held = try HeldDeletions.sets(results[1]).first { $0.way == .export }
    var refused: [String: RefusedText] = [:]
    for row in results[1] where try row.text("direction") == "refused" {
      refused[try row.text("skill_id")] = RefusedText(
        blob: try row.optionalText("blob"), message: try row.text("message"))
    }
    self.refused = refused
    unchanged = try results[2].map { try $0.text("skill_id") }
    hasOnlyKnownFiles = try results[3].first?.boolean("has_only_known_files") ?? false
    guard results[4].count <= Self.few else {
      hadFile = nil
      return
    }
    var hadFile: [String: Bool] = [:]
    for row in results[4] where try !row.boolean("may_have_another") {
      hadFile[try row.text("skill_id")] = try row.boolean("had_file")
    }
    self.hadFile = hadFile
  }
}
