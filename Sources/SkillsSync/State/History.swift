import Postgres
import SkillsCore

/// `skill_sync.history`: what was brought to the other side, when, and how long it had waited.
///
/// Written in the transaction that records the effect, so that a run which ended before it is in it too.
enum History {
  private static let columns =
    "repository_id, direction, commit, created, updated, renamed, archived, deleted, lag_seconds"

  /// Records a push that landed: before the outbox entries that it answers are cleared, and its intent ends.
  static func pushed(_ intentID: String, generation: Generation) -> Statement {
    func count(_ operation: String) -> String { "count(*) FILTER (WHERE p.operation = '\(operation)')" }
    return generation.statement(
      "record the push",
      """
      INSERT INTO skill_sync.history (\(columns))
      SELECT $1, 'export', i.commit, \(count("create")), \(count("update")), \(count("rename")), 0, \(count("delete")),
        (SELECT extract(epoch FROM clock_timestamp() - min(o.changed_at))::float8
         FROM skill_sync.outbox o WHERE o.id = ANY (i.outbox_ids))
      FROM skill_sync.intent i JOIN skill_sync.intent_path p ON p.intent_id = i.id
      WHERE i.id = $3 AND \(Generation.holds) GROUP BY i.id RETURNING \(columns)
      """, [.text(intentID)])
  }

  /// Records an import, if it brought anything.
  ///
  /// - Parameters:
  ///   - commit: the one whose tree was compared; nil for a branch without commits.
  ///   - committedAt: the date of what it brought, in seconds since 1970; nil if that isn't known.
  static func imported(_ commit: String?, committedAt: Int?, generation: Generation) -> Statement {
    func count(_ outcome: ImportPlan.Outcome.Kind) -> String {
      "count(*) FILTER (WHERE c.outcome = '\(outcome.rawValue)')"
    }
    let counted: [ImportPlan.Outcome.Kind] = [.created, .updated, .renamed, .archived, .deleted]
    return generation.statement(
      "record the import",
      """
      INSERT INTO skill_sync.history (\(columns))
      SELECT $1, 'import', $3, \(counted.map(count).joined(separator: ", ")),
        CASE WHEN $4::float8 IS NOT NULL THEN greatest(0, extract(epoch FROM clock_timestamp())::float8 - $4::float8) END
      FROM \(RowChange.tableName) c
      WHERE c.outcome IN (\(counted.map { "'\($0.rawValue)'" }.joined(separator: ", "))) AND NOT c.stale
        AND \(Generation.holds)
      HAVING count(*) > 0 RETURNING \(columns)
      """, [.optionalText(commit), committedAt.map { .integer($0) } ?? .null])
  }

  /// Measures what a row of it says: once for each effect, whoever recorded it.
  static func measure(_ row: Postgres.Row, into measurements: Measurements) throws {
    let counted: [(Metric, [String])] = [
      (.created, ["created"]), (.updated, ["updated"]), (.renamed, ["renamed"]),
      (.removed, ["archived", "deleted"]),
    ]
    for (metric, columns) in counted {
      measurements.count(metric, try columns.reduce(0) { $0 + (try row.integer($1)) })
    }
    let isPush = try row.text("direction") == SyncWay.export.rawValue
    if isPush { measurements.count(.pushes) }
    if let lag = try row.optionalText("lag_seconds").flatMap(Double.init) {
      measurements.setLongest(isPush ? .exportLag : .importLag, lag)
    }
  }

  /// Removes what is older than `days`: of ours what is over, never what waits for a person.
  static func removal(olderThan days: Int, repositoryID: Int) -> Statement {
    let time = "clock_timestamp() - make_interval(days => $2)"
    return Statement(
      "remove old records",
      """
      WITH settled AS (DELETE FROM skill_sync.conflict WHERE repository_id = $1 AND resolved_at < \(time))
      DELETE FROM skill_sync.history WHERE repository_id = $1 AND synced_at < \(time)
      """, [.integer(repositoryID), .integer(days)])
  }
}
