import GitHub
import Logging
import Postgres
import SkillsCore

/// Shows on GitHub what became of the commit that was imported.
///
/// What is to be said is recorded before GitHub is asked: what it didn't take is said by a later run that looks at the branch.
/// Nothing here ever fails a run, nor holds it up for more than a few seconds at its end.
final class CommitStatusBoard {
  private let access: RepositoryAccess
  /// nil where no status is to be set, or the repository isn't on GitHub.
  private let statuses: CommitStatuses?
  /// GitHub isn't asked before, in seconds since the epoch: it said that it was asked too much.
  private var opensAt: Int64 = 0

  init(settings: Settings, access: RepositoryAccess) {
    self.access = access
    // Where rows are never written, nothing is imported; without a token nobody may set one.
    let isWanted =
      settings.commitStatus == .on && settings.direction != .export
      && (settings.app != nil || settings.token != nil)
    statuses = settings.gitHubName.flatMap { name in
      isWanted
        ? CommitStatuses(
          repository: name, apiURL: settings.gitHubAPIURL,
          certificateAuthorityFile: settings.certificateAuthorityFile) : nil
    }
  }

  /// Says what the run's import did, if that is news.
  func show(_ run: SyncRun, log: Logger, _ deadline: Deadline) {
    // A connection that broke can't be asked any more.
    guard let statuses, let imported = run.imported, run.connection.isOpen else { return }
    var news: RecordedCommitStatus?
    do {
      news = try record(imported, run)
      let end = Deadline(milliseconds: min(deadline.milliseconds - 1_000, wallClock() + 5_000))
      guard let news, end.remaining > .seconds(1), wallClock() / 1_000 >= opensAt,
        let token = try access.statusToken(end)
      else { return }
      let retryTime = try statuses.set(
        news.status.state.rawValue, news.status.text, context: "skills-sync", of: news.commit, token: token,
        now: wallClock() / 1_000
      ) { end.remaining }
      opensAt = retryTime ?? 0
      _ = try run.connection.query(RecordedCommitStatus.markSet(news, repositoryID: run.state.id))
      log.info("the commit's status was set", metadata: metadata(of: news))
    } catch {
      if let error = error as? GitHubError {
        if let retryTime = error.retryTime {
          opensAt = retryTime
          run.measurements.count(.rateLimitAnswers)
        }
        if error.code == .authentication { access.forgetStatusToken() }
      }
      log.warning("\(RunError(error).message)", metadata: news.map(metadata) ?? [:])
    }
  }

  private func metadata(of status: RecordedCommitStatus) -> Logger.Metadata {
    ["commit": "\(status.commit)", "state": "\(status.status.state)"]
  }

  /// Records what is to be said; nil if GitHub has it, or another run says something newer.
  private func record(_ imported: ImportReport, _ run: SyncRun) throws -> RecordedCommitStatus? {
    let last = try run.connection.query(RecordedCommitStatus.read(repositoryID: run.state.id)).first
      .flatMap { try RecordedCommitStatus($0) }
    let next = RecordedCommitStatus.next(
      imported: imported.imported, status: CommitStatus(imported), last: last)
    guard let next, next != last else { return next }
    let rows = try run.connection.query(
      RecordedCommitStatus.record(next, after: last, repositoryID: run.state.id))
    return rows.isEmpty ? nil : next
  }
}

extension CommitStatus {
  init(_ report: ImportReport) {
    self.init(
      changed: [
        ("updated", report.updated.count), ("created", report.created.count),
        ("renamed", report.renamed.count), ("archived", report.archived.count),
        ("deleted", report.deleted.count), ("in conflict", report.conflicts.count),
      ], setAside: report.failures.map { ($0.path ?? "", $0.message) }, held: report.held?.count ?? 0)
  }
}
