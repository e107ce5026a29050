import AWS
import Logging
import Postgres

/// Publishes notices to `ALERT_TOPIC_ARN`, each cause once an hour for as long as it lasts.
///
/// Our table remembers them for all processes, and this object for its own: also where the database is what fails. A notice
/// that can't be published is logged, and never fails a run.
final class NoticeBoard {
  private let topic: ResourceName?
  private let aws: AWSClient
  private let place: String
  /// When a cause was last published or found to be, in milliseconds since the epoch.
  private var published: [String: Int64] = [:]

  init(settings: Settings, aws: AWSClient) {
    topic = settings.alertTopic
    self.aws = aws
    place = "Repository \(settings.repositoryName), branch \(settings.branch), table \(settings.skillsTable)"
  }

  /// Publishes what a run has to say.
  ///
  /// - Parameter run: the run, if it came as far as the database; what is set aside is told of, too.
  func publish(_ notices: [Notice], of run: SyncRun?, log: Logger, _ deadline: Deadline) {
    // What isn't published now is by the next run that finds it so.
    guard let topic, deadline.remaining > .seconds(2) else { return }
    // A connection that broke can't be asked any more.
    let run = run.flatMap { $0.connection.isOpen ? $0 : nil }
    let setAside = run.map(setAside) ?? []
    let unpublished = unpublished(notices + setAside, run, log)
    for notices in Dictionary(grouping: unpublished, by: \.title).values {
      let (subject, text) = Notice.message(notices, place: place)
      do {
        try aws.publish(subject: subject, text, to: topic) { deadline.remainingForAWS }
      } catch {
        log.error("a notice can't be published: \(error)", metadata: ["notice": "\(subject)"])
        forget(notices.map(\.cause), run)
      }
    }
  }

  /// What is set aside, by this run or an earlier one.
  private func setAside(_ run: SyncRun) -> [Notice] {
    let rows = try? run.connection.query(
      Statement(
        "read what is set aside",
        """
        SELECT coalesce(path, skill_id, subject) AS subject, reason, message FROM skill_sync.failed
        WHERE repository_id = $1 ORDER BY 1 LIMIT 1000
        """, [.integer(run.state.id)]))
    return
      (try? rows?.map {
        .setAside(try $0.text("subject"), try $0.text("reason"), try $0.text("message"))
      }) ?? []
  }

  /// Those that nobody has published within the hour; they are ours to publish from now on.
  private func unpublished(_ notices: [Notice], _ run: SyncRun?, _ log: Logger) -> [Notice] {
    let now = wallClock()
    let new = notices.filter { now - (published[$0.cause] ?? 0) >= 3_600_000 }
    if new.isEmpty { return [] }
    var claimed = Set(new.map(\.cause))
    if let run {
      do {
        claimed = Set(
          try run.connection.query(NoticeBoard.claim(claimed.sorted(), repositoryID: run.state.id))
            .map { try $0.text("cause") })
      } catch {
        // Told twice is better than not at all.
        log.error("what was told can't be remembered: \(RunError(error).message)")
      }
    }
    for notice in new { published[notice.cause] = now }
    return new.filter { claimed.remove($0.cause) != nil }
  }

  private func forget(_ causes: [String], _ run: SyncRun?) {
    for cause in causes { published[cause] = nil }
    guard let run else { return }
    _ = try? run.connection.query(
      Statement(
        "forget a notice",
        "DELETE FROM skill_sync.notice WHERE repository_id = $1 AND cause = ANY ($2::text[])",
        [.integer(run.state.id), .textArray(causes)]))
  }

  /// Gives each cause to one of two processes at once, and removes those of long ago.
  private static func claim(_ causes: [String], repositoryID: Int) -> Statement {
    Statement(
      "claim notices",
      """
      WITH old AS (
        DELETE FROM skill_sync.notice WHERE repository_id = $1 AND cause <> ALL ($2::text[])
          AND published_at < clock_timestamp() - interval '1 day')
      INSERT INTO skill_sync.notice (repository_id, cause) SELECT $1, unnest($2::text[])
      ON CONFLICT (repository_id, cause) DO UPDATE SET published_at = excluded.published_at
        WHERE notice.published_at < clock_timestamp() - interval '1 hour'
      RETURNING cause
      """, [.integer(repositoryID), .textArray(causes)])
  }
}
