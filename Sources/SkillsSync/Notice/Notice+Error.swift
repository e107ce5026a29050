import AWS
import Git
import GitHub
import Postgres

extension Notice {
  /// What a run that failed tells a person; nil if the next run may do better by itself.
  init?(_ error: any Error) {
    let known = RunError(error)
    guard let (title, remedy) = Notice.advice(error, type: known.type) else { return nil }
    self.init(cause: known.type, title: title, what: "\(known.type): \(known.message)", remedy: remedy)
  }

  private static func advice(_ error: any Error, type: String) -> (title: String, remedy: String)? {
    switch error {
    case let error as SyncError where error.type.hasPrefix("PushRejected."):
      return (
        "the repository refuses pushes",
        "What was saved stays in the outbox. Change the rule or the skill, then run: skills-to-git export"
      )
    case let error as SyncError where error.type == "BranchMissing":
      return ("the branch is gone", "Nothing was changed. Once the branch is back, run: git-to-skills import")
    case let error as SyncError where error.areTriesUsedUp:
      return (
        "a run gave up",
        "What waits is taken up by the next run. If this comes again, look what else writes to the repository or the "
          + "table so often: skills-to-git status"
      )
    case let error as GitError where [.authentication, .repositoryNotFound].contains(error.code):
      return (
        "the repository can't be entered",
        "What was saved stays in the outbox. Renew GITHUB_TOKEN or the GitHub App's access, then run: skills-to-git export"
      )
    case let error as GitHubError where [.authentication, .notInstalled].contains(error.code):
      return (
        "the GitHub App can't be used",
        "What was saved stays in the outbox. Correct the App's settings, then run: skills-to-git export"
      )
    case let error as PostgresError where error.isAuthentication:
      return (
        "the database can't be entered",
        "What was saved stays in the outbox. Correct DATABASE_URL, then run: skills-to-git status"
      )
    case let error as AWSError where error.code != .unavailable:
      return (
        "AWS refuses a call",
        "What was saved stays in the outbox. Correct the role's permissions or the setting, then run: skills-to-git status"
      )
    default: return nil
    }
  }
}
