import Git
import Postgres
import SkillsCore

/// A push that a rule of the repository refused, as it is recorded until one is accepted.
struct RecordedRefusal: Equatable {
  var rule: PushRejection.Kind
  /// The server's words and what a person can do.
  var message: String
  /// What is known of who is at fault.
  var search: RefusalSearch
  /// What the settings were then (``SyncRun/pushConfiguration()``).
  var configuration: String
  /// ISO 8601, by the database's clock.
  var refusedAt: String
  var probeAt: String
  /// Whether it is time for the next probe.
  var isDue: Bool

  /// The server's words alone, as `PushRejection.explanation` ends with them; all there is where it said nothing.
  var words: String {
    let parts = message.split(separator: "\n", maxSplits: 1)
    return String(parts.last ?? "")
  }

  /// SQL: the columns that `init` reads, of repository `r`.
  static let selectList = """
    \(isoTime("r.refused_at")) AS refused_at, r.refused_reason, r.refused_message, r.refused_configuration,
    r.refusal_search::text AS refusal_search, \(isoTime("r.probe_at")) AS probe_at,
    r.probe_at <= clock_timestamp() AS is_probe_due
    """

  /// nil if the last push was accepted.
  init?(_ row: Postgres.Row) throws {
    guard let refusedAt = try row.optionalText("refused_at") else { return nil }
    self.refusedAt = refusedAt
    rule = PushRejection.Kind(rawValue: try row.text("refused_reason")) ?? .other
    message = try row.text("refused_message")
    search = try JSON.decode(RefusalSearch.self, from: try row.text("refusal_search"))
    configuration = try row.text("refused_configuration")
    probeAt = try row.text("probe_at")
    isDue = try row.boolean("is_probe_due")
  }

  /// Records a refused push, and when the next is tried.
  static func record(
    _ rejection: PushRejection, search: RefusalSearch, configuration: String, repositoryID: Int
  ) throws -> Statement {
    Statement(
      "record the refusal",
      """
      UPDATE skill_sync.repository SET refused_at = clock_timestamp(), refused_reason = $2, refused_message = $3,
        refused_configuration = $4, refusal_search = $5::jsonb,
        probe_at = clock_timestamp() + make_interval(secs => $6::float8)
      WHERE id = $1
      """,
      [
        .integer(repositoryID), .text(rejection.kind.rawValue), .text(rejection.explanation),
        .text(configuration), .text(try JSON.text(search)), .integer(search.wait),
      ])
  }

  /// Goes on with the search after a probe was accepted; without one, all is well again.
  static func goOn(with search: RefusalSearch?, repositoryID: Int) throws -> Statement {
    guard let search else {
      return Statement(
        "forget the refusal",
        """
        UPDATE skill_sync.repository SET refused_at = NULL, refused_reason = NULL, refused_message = NULL,
          refused_configuration = NULL, refusal_search = NULL, probe_at = NULL
        WHERE id = $1
        """, [.integer(repositoryID)])
    }
    return Statement(
      "record what a probe taught",
      """
      UPDATE skill_sync.repository SET refusal_search = $2::jsonb,
        probe_at = clock_timestamp() + make_interval(secs => $3::float8)
      WHERE id = $1 AND refused_at IS NOT NULL
      """, [.integer(repositoryID), .text(try JSON.text(search)), .integer(search.wait)])
  }
}

extension PushRejection {
  /// All that helps a person: the rule, what to do, the server's words.
  var explanation: String { "\(self); \(suggestion)" + (words.isEmpty ? "" : "\n\(words)") }
}

/// SQL: a time as ISO 8601 in UTC.
func isoTime(_ expression: String) -> String {
  #"to_char(\#(expression) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"#
}
