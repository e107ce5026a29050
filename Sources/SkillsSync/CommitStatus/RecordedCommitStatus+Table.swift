import Postgres
import SkillsCore

extension RecordedCommitStatus {
  /// Reads what was to be said last.
  static func read(repositoryID: Int) -> Statement {
    Statement(
      "read the commit's status",
      """
      SELECT status_commit, status_state, status_text, status_is_set,
        coalesce(status_retry_at > clock_timestamp(), false) AS must_wait
      FROM skill_sync.repository WHERE id = $1
      """,
      [.integer(repositoryID)])
  }

  /// nil where nothing was to be said yet.
  init?(_ row: Postgres.Row) throws {
    guard let commit = try row.optionalText("status_commit"),
      let state = CommitStatus.State(rawValue: try row.text("status_state"))
    else { return nil }
    self.init(
      commit: commit, status: CommitStatus(state: state, text: try row.text("status_text")),
      isSet: try row.boolean("status_is_set"))
  }

  /// Records what is to be said from now on, unless another run did since `last` was read: then no row comes back.
  static func record(
    _ next: RecordedCommitStatus, after last: RecordedCommitStatus?, repositoryID: Int
  ) -> Statement {
    Statement(
      "record the commit's status",
      """
      UPDATE skill_sync.repository SET status_commit = $2, status_state = $3, status_text = $4, status_is_set = false
      WHERE id = $1 AND status_commit IS NOT DISTINCT FROM $5 AND status_text IS NOT DISTINCT FROM $6 RETURNING id
      """,
      [
        .integer(repositoryID), .text(next.commit), .text(next.status.state.rawValue),
        .text(next.status.text),
      ]
        + [last?.commit, last?.status.text].map { .optionalText($0) })
  }

  /// Records when GitHub may be asked again, by its own clock's seconds since the epoch.
  static func wait(until time: Int64, repositoryID: Int) -> Statement {
    Statement(
      "record when GitHub may be asked again",
      "UPDATE skill_sync.repository SET status_retry_at = to_timestamp($2::float8) WHERE id = $1",
      [.integer(repositoryID), .integer(Int(time))])
  }

  /// Records that GitHub has it, or never will.
  static func markSet(_ status: RecordedCommitStatus, repositoryID: Int) -> Statement {
    Statement(
      "record that the commit's status is set",
      "UPDATE skill_sync.repository SET status_is_set = true WHERE id = $1 AND status_commit = $2 AND status_text = $3",
      [.integer(repositoryID), .text(status.commit), .text(status.status.text)])
  }
}
