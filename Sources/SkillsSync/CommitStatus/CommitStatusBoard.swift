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
      let (next, mustWait) = try record(imported, run)
      news = next
      let end = Deadline(milliseconds: min(deadline.milliseconds - 1_000, wallClock() + 5_000))
      guard let news, !mustWait, end.remaining > .seconds(1), let token = try access.statusToken(end) else {
        return
      }
      let retryTime = try statuses.set(
        news.status.state.rawValue, news.status.text, context: "skills-sync", of: news.commit, token: token,
        now: wallClock() / 1_000
      ) { end.remaining }
      try wait(until: retryTime, run)
      _ = try run.connection.query(RecordedCommitStatus.markSet(news, repositoryID: run.state.id))
      log.info("the commit's status was set", metadata: metadata(of: news))
    } catch {
      if let error = error as? GitHubError {
        if error.retryTime != nil { run.measurements.count(.rateLimitAnswers) }
        try? wait(until: error.retryTime, run)
        if error.code == .authentication { access.forgetStatusToken() }
        // What GitHub finds wrong with it now, such as a commit that was taken off the branch, it will find again.
        if error.code == .other, let news {
          _ = try? run.connection.query(RecordedCommitStatus.markSet(news, repositoryID: run.state.id))
        }
      }
      log.warning("\(RunError(error).message)", metadata: news.map(metadata) ?? [:])
    }
  }

  private func metadata(of status: RecordedCommitStatus) -> Logger.Metadata {
    ["commit": "\(status.commit)", "state": "\(status.status.state)"]
  }

  private func wait(until time: Int64?, _ run: SyncRun) throws {
    guard let time else { return }
    _ = try run.connection.query(RecordedCommitStatus.wait(until: time, repositoryID: run.state.id))
  }

  /// Records what is to be said; nil if GitHub has it, or another run says something newer.
  ///
  /// - Returns: that, and whether GitHub said that it was asked too much, and isn't to be asked yet.
  private func record(
    _ imported: ImportReport, _ run: SyncRun
  ) throws -> (next: RecordedCommitStatus?, mustWait: Bool) {
    let row = try run.connection.query(RecordedCommitStatus.read(repositoryID: run.state.id)).first
    let last = try row.flatMap { try RecordedCommitStatus($0) }
    let mustWait = try row?.boolean("must_wait") ?? false
    let next = RecordedCommitStatus.next(
      imported: imported.imported, status: CommitStatus(imported, last: last), last: last)
    guard let next, next != last else { return (next, mustWait) }
    let rows = try run.connection.query(
      RecordedCommitStatus.record(next, after: last, repositoryID: run.state.id))
    return (rows.isEmpty ? nil : next, mustWait)
  }
}

extension CommitStatus {
  /// - Parameter last: what was to be said last.
  fileprivate init(_ report: ImportReport, last: RecordedCommitStatus?) {
    // A commit is to blame for what it brought. Of the one that was blamed, all is said until it is well.
    let isNewCommit = report.imported != nil && report.imported != last?.commit
    let blamesAll = !isNewCommit && last?.status.state == .failure
    let blamed = blamesAll ? report.failures : report.newFailures
    self.init(
      changed: [
        ("updated", report.updated.count), ("created", report.created.count),
        ("renamed", report.renamed.count), ("archived", report.archived.count),
        ("deleted", report.deleted.count), ("in conflict", report.conflicts.count),
      ], setAside: blamed.map { ($0.path ?? "", $0.message) },
      setAsideBefore: report.failures.count - blamed.count, held: report.held?.count ?? 0)
  }
}
