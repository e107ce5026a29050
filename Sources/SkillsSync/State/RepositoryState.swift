import Postgres
import SkillsCore

/// What one statement tells of a repository before anything is done.
struct RepositoryState: Equatable {
  var id: Int
  /// The recorded tip: the last commit that was looked at; nil before the first.
  var tip: String?
  /// New with every transaction that writes our state: what was read under one is written only under the same.
  var generation: String
  /// Whether each file of the recorded tip is at its base, or recorded as set aside, in conflict or held, and no base is of
  /// another commit.
  ///
  /// Not so while a row is being saved: an import leaves out that one, and the tip where it was.
  var isWhole = false
  var hasIntents: Bool
  var hasLease: Bool
  /// Whether a person stopped both functions.
  var isPaused = false
  /// Seconds since the last push, by the database's clock; nil if there was none.
  var secondsSincePush: Double?
  var now: String
  /// When a run last saw that the branch's tip is imported, ISO 8601, and how many seconds ago; nil before the first.
  var tipSeenAt: String?
  var tipAge: Double?
  /// A push that a rule refused, where none was accepted since.
  var refusal: RecordedRefusal?

  init(_ row: Postgres.Row) throws {
    id = try row.integer("id")
    tip = try row.optionalText("tip")
    generation = try row.text("generation")
    isWhole = try row.boolean("is_whole")
    hasIntents = try row.boolean("has_intents")
    hasLease = try row.boolean("has_lease")
    isPaused = try row.boolean("paused")
    secondsSincePush = try row.optionalText("seconds_since_push").flatMap(Double.init)
    now = try row.text("now")
    tipSeenAt = try row.optionalText("tip_seen_at")
    tipAge = try row.optionalText("tip_age").flatMap(Double.init)
    refusal = try RecordedRefusal(row)
  }
}

/// Which branch's folder is kept the same as which table.
struct RepositoryKey: Equatable, Sendable {
  var repository: String
  var branch: String
  var directory: String
  var skillTable: String
  /// What this run is known by while it holds the lease.
  var runID = randomUUID()

  var parameters: [Parameter] { [.text(repository), .text(branch), .text(directory), .text(skillTable)] }
}

/// A connection's backend, as `pg_stat_activity` shows it; asked of the function below that view, which takes less planning
/// (https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-STATS-FUNCTIONS).
///
/// A lease names it beside its holder: a process that died has none any more, so its lease ends with it. Behind a pooler the
/// backend lives on, and the lease ends by its time.
private let thisBackend = """
  (SELECT a.pid || '/' || coalesce(extract(epoch FROM a.backend_start)::text, '')
   FROM pg_stat_get_activity(pg_backend_pid()) a)
  """
private let liveBackends = """
  (SELECT a.pid || '/' || coalesce(extract(epoch FROM a.backend_start)::text, '') FROM pg_stat_get_activity(NULL) a)
  """

extension RepositoryKey {
  /// SQL: of the row with the key as $1 to $4.
  static let condition =
    "repository = $1 AND branch = $2 AND directory = $3 AND skill_table = $4"

  /// SQL: whether the state of `r` is whole; also where the column isn't there yet.
  static let isWhole = "coalesce((to_jsonb(r) ->> 'whole_generation')::uuid = r.generation, false)"

  /// Reads the state, without a trace.
  var read: Statement {
    Statement(
      "read the repository's state",
      """
      SELECT r.id, r.tip, r.generation, \(RepositoryKey.isWhole) AS is_whole, r.paused, now()::text AS now,
        EXISTS (SELECT FROM skill_sync.intent i WHERE i.repository_id = r.id) AS has_intents,
        coalesce(starts_with(r.lease_holder, $5 || ' '), false) AS has_lease,
        extract(epoch FROM clock_timestamp() - r.last_push_at)::float8::text AS seconds_since_push,
        \(isoTime("r.tip_seen_at")) AS tip_seen_at,
        extract(epoch FROM clock_timestamp() - r.tip_seen_at)::float8::text AS tip_age,
        \(RecordedRefusal.selectList)
      FROM skill_sync.repository r WHERE \(RepositoryKey.condition)
      """, parameters + [.text(runID)])
  }

  /// Makes the repository's row if it isn't there.
  var create: Statement {
    Statement(
      "make the repository's row",
      """
      INSERT INTO skill_sync.repository (repository, branch, directory, skill_table)
      SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT FROM skill_sync.repository WHERE \(RepositoryKey.condition))
      ON CONFLICT DO NOTHING
      """, parameters)
  }

  /// Stops both functions from changing anything, or lets them go on.
  ///
  /// The generation advances: a run under way finds itself overtaken, and reads this before it does anything more.
  func pause(_ isPaused: Bool) -> Statement {
    Statement(
      isPaused ? "pause" : "resume",
      """
      UPDATE skill_sync.repository SET paused = $5::boolean, generation = n.next,
        whole_generation = CASE WHEN whole_generation = generation THEN n.next END
      FROM (SELECT gen_random_uuid() AS next) n WHERE \(RepositoryKey.condition)
      """, parameters + [.boolean(isPaused)])
  }

  /// Takes the lease for `seconds`, if nobody holds it.
  ///
  /// It only saves wasted work; nothing rests on it.
  func takeLease(seconds: Int) -> Statement {
    Statement(
      "take the lease",
      """
      UPDATE skill_sync.repository
      SET lease_holder = $5 || ' ' || \(thisBackend), lease_until = clock_timestamp() + make_interval(secs => $6)
      WHERE \(RepositoryKey.condition)
        AND (lease_holder IS NULL OR lease_until < clock_timestamp() OR starts_with(lease_holder, $5 || ' ')
          OR split_part(lease_holder, ' ', 2) NOT IN \(liveBackends))
      """, parameters + [.text(runID), .integer(seconds)])
  }

  /// Gives the lease back; returns a row if it does.
  ///
  /// - Parameters:
  ///   - hasSeenTip: whether the run saw that the branch's tip is imported.
  ///   - generation: only if that holds; nil for whatever does.
  ///   - tip: only if that is the recorded tip; nil for whatever is.
  func releaseLease(hasSeenTip: Bool, generation: String?, tip: String?) -> Statement {
    Statement(
      "release the lease",
      """
      UPDATE skill_sync.repository SET lease_holder = NULL, lease_until = NULL,
        tip_seen_at = CASE WHEN $6::boolean THEN clock_timestamp() ELSE tip_seen_at END
      WHERE \(RepositoryKey.condition) AND starts_with(lease_holder, $5 || ' ')
        AND ($7::uuid IS NULL OR generation = $7::uuid) AND ($8::text IS NULL OR tip = $8)
      RETURNING id
      """,
      parameters + [
        .text(runID), .boolean(hasSeenTip), generation.map { .text($0) } ?? .null,
        tip.map { .text($0) } ?? .null,
      ])
  }
}
