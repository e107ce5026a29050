import Git
import Postgres
import SkillsCore

/// The settings, read from environment variables: one property for each variable of `docs/settings.md`.
public struct Settings: Sendable {
  /// `DATABASE_URL`, with the certificate authorities of `DATABASE_CA_FILE`.
  public var database: DatabaseURL?
  /// `GITHUB_REPO` with `GITHUB_BRANCH`, `GITHUB_TOKEN` and `SSL_CERT_FILE`.
  public var remote: Remote?
  /// The URL of `GITHUB_REPO` without `.git`: what our tables know the repository by.
  public var repositoryName = ""
  /// `owner/name` on GitHub; nil where the repository is elsewhere.
  public var gitHubName: String?
  /// `GITHUB_BRANCH`.
  public var branch = "main"
  /// `GITHUB_WEBHOOK_SECRET` and `GITHUB_WEBHOOK_SECRET_PREVIOUS`.
  public var webhookSecrets: [String] = []
  /// `SKILLS_TABLE`: `name` or `schema.name`.
  public var skillsTable = "Skill"
  /// `SKILLS_DIRECTORY`, without a slash at its end.
  public var skillsDirectory = "skills"
  /// `CONFLICT_POLICY`.
  public var conflictPolicy = ConflictPolicy.merge
  /// `GIT_DELETE_POLICY`.
  public var deletePolicy = GitDeletePolicy.archive
  /// `SYNC_BATCH_SIZE`: skills that an event-driven run takes at most.
  public var batchSize = 100
  /// Seconds between two pushes.
  public var pushInterval = 10
  /// `SYNC_DIRECTION`.
  public var direction = SyncDirection.both
  /// `COMMITTER_NAME` and `COMMITTER_EMAIL`.
  public var committer = Person(name: "Git-Backed Skills", email: "git-backed-skills@noreply.invalid")
  /// `AUTHOR_EMAILS`.
  public var authorEmails = AuthorEmails.owner
  /// `WORK_DIRECTORY`.
  public var workDirectory = "/tmp"
  /// `LOG_LEVEL`.
  public var logLevel = LogLevel.info
}

/// Which way changes go (`SYNC_DIRECTION`).
public enum SyncDirection: String, CaseIterable, Sendable {
  case both
  /// Rows to files only: rows are never written.
  case export
  /// Files to rows only: nothing is pushed.
  case `import`
}

/// How much is logged (`LOG_LEVEL`).
public enum LogLevel: String, CaseIterable, Sendable {
  case debug, info, warning, error
}

/// A group of settings that a command can't do without.
public enum Need: Sendable {
  case database
  case repository
  case webhookSecret
}

/// All that is wrong with the settings, at once.
public struct SettingsError: Error, CustomStringConvertible {
  /// One sentence for each variable at fault.
  public let problems: [String]
  /// All problems, one a line.
  public var description: String {
    "the settings are wrong:\n" + problems.map { "  - \($0)" }.joined(separator: "\n")
  }
}
