import Postgres
import SkillsCore

/// What waits, as our tables have it at the end of a run; a held deletion waits for nothing but its confirmation.
enum Gauges {
  static func read(_ run: SyncRun) -> Statement {
    Statement(
      "measure what waits",
      """
      SELECT (SELECT count(*) FROM skill_sync.outbox WHERE skill_table = $2) AS pending, o.size AS outbox_size, o.age AS oldest_change_age,
        (SELECT count(*) FROM skill_sync.conflict WHERE repository_id = $1 AND resolved_at IS NULL) AS open_conflicts,
        (SELECT count(*) FROM skill_sync.failed WHERE repository_id = $1) AS failed_skills,
        (SELECT count(*) FROM skill_sync.held WHERE repository_id = $1) AS held_deletions,
        (SELECT extract(epoch FROM clock_timestamp() - coalesce(tip_seen_at, created_at))::float8
         FROM skill_sync.repository WHERE id = $1) AS imported_tip_age
      FROM (SELECT count(*) AS size, extract(epoch FROM clock_timestamp() - min(changed_at))::float8 AS age
        FROM skill_sync.outbox x WHERE skill_table = $2
          AND NOT EXISTS (SELECT FROM skill_sync.held h WHERE h.repository_id = $1 AND h.skill_id = x.skill_id)) o
      """, [.integer(run.state.id), .text(run.table.key)])
  }

  static func measure(_ row: Postgres.Row, into measurements: Measurements) {
    func set(_ metric: Metric, _ column: String) {
      measurements.set(metric, (try? row.optionalText(column))?.flatMap { Double($0) })
    }
    set(.outboxSize, "outbox_size")
    set(.oldestChangeAge, "oldest_change_age")
    set(.openConflicts, "open_conflicts")
    set(.failedSkills, "failed_skills")
    set(.heldDeletions, "held_deletions")
    set(.importedTipAge, "imported_tip_age")
  }
}
