import AWS
import Git
import SkillsCore

/// The settings, read from environment variables: one property for each variable of `docs/settings.md`.
///
/// What the environment says, no more: where a secret is kept elsewhere, `Secrets` reads it.
public struct Settings: Sendable {
  /// `DATABASE_URL`.
  public var database: SecretSetting?
  /// `DATABASE_CA_FILE`.
  public var databaseCertificateAuthorityFile: String?
  /// `GITHUB_REPO` with `GITHUB_BRANCH` and `SSL_CERT_FILE`, without a token.
  public var remote: Remote?
  /// `GITHUB_TOKEN`.
  public var token: SecretSetting?
  /// `GITHUB_APP_ID` and its kin.
  public var app: AppSettings?
  /// The URL of `GITHUB_REPO` without `.git`: what our tables know the repository by.
  public var repositoryName = ""
  /// `owner/name` on GitHub; nil where the repository is elsewhere.
  public var gitHubName: String?
  /// `GITHUB_API_URL`.
  public var gitHubAPIURL = "https://api.github.com"
  /// `GITHUB_BRANCH`.
  public var branch = "main"
  /// `GITHUB_WEBHOOK_SECRET`.
  public var webhookSecret: SecretSetting?
  /// `GITHUB_WEBHOOK_SECRET_PREVIOUS`.
  public var previousWebhookSecret: String?
  /// `WEBHOOK_QUEUE_URL`.
  public var webhookQueue: QueueURL?
  /// `COMMIT_STATUS`: whether commits that were imported get a status on GitHub.
  public var commitStatus = Switch.on
  /// `ALERT_TOPIC_ARN`.
  public var alertTopic: ResourceName?
  /// `SSL_CERT_FILE`: what is trusted over https beside the database.
  public var certificateAuthorityFile: String?
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
  /// `RETENTION_DAYS`: how long the records of what is over are kept.
  public var retentionDays = 90
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

/// A GitHub App that lets us in (`GITHUB_APP_ID`, `GITHUB_APP_INSTALLATION_ID`, `GITHUB_APP_PRIVATE_KEY`).
public struct AppSettings: Sendable {
  /// The App's id or its client id.
  public var id: String
  /// The installation's id.
  public var installationID: String
  /// The App's private key, in PEM.
  public var privateKey: SecretSetting
}

/// Which way changes go (`SYNC_DIRECTION`).
public enum SyncDirection: String, CaseIterable, Sendable {
  case both
  /// Rows to files only: rows are never written.
  case export
  /// Files to rows only: nothing is pushed.
  case `import`
}

/// What a person can turn off.
public enum Switch: String, CaseIterable, Sendable {
  case on, off
}

/// How much is logged (`LOG_LEVEL`).
public enum LogLevel: String, CaseIterable, Sendable {
  case debug, info, warning, error
}

/// The groups of settings that a command can't do without.
public struct Needs: OptionSet, Sendable {
  /// `DATABASE_URL`.
  public static let database = Needs(rawValue: 1)
  /// `GITHUB_REPO`.
  public static let repository = Needs(rawValue: 2)
  /// `GITHUB_WEBHOOK_SECRET`.
  public static let webhookSecret = Needs(rawValue: 4)

  /// A bit for each group.
  public let rawValue: UInt8

  /// The groups whose bits are set.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
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
