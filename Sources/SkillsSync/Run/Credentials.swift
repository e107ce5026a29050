import HTTP
import Postgres

/// What lets a process in to the database, and GitHub to us.
///
/// Settings say where each comes from; here they are had when they are first needed, kept, and had anew once after they
/// were refused.
final class Credentials {
  private let settings: Settings
  private let applicationName: String
  private let secrets: Secrets
  private var database: (Database, DatabaseURL)?
  private var webhookSecretsRereadAt: Int64 = 0

  init(settings: Settings, applicationName: String, secrets: Secrets) {
    self.settings = settings
    self.applicationName = applicationName
    self.secrets = secrets
  }

  /// Runs `body` with the database; once more with another URL, where this one lets nobody in any more.
  func withDatabase<Result>(
    _ deadline: Deadline, _ body: (Database, DatabaseURL) throws -> Result
  ) throws -> Result {
    do {
      return try withCurrentDatabase(deadline, body)
    } catch let error as PostgresError
      where error.isAuthentication && secrets.reread(settings.database, deadline)
    {
      database = nil
      return try withCurrentDatabase(deadline, body)
    }
  }

  private func withCurrentDatabase<Result>(
    _ deadline: Deadline, _ body: (Database, DatabaseURL) throws -> Result
  ) throws -> Result {
    if let (database, url) = database { return try body(database, url) }
    guard let setting = settings.database else { throw SettingsError(problems: ["DATABASE_URL is missing"]) }
    let url: DatabaseURL
    do {
      url = try DatabaseURL(
        try secrets.value(setting, of: "DATABASE_URL", deadline),
        rootCertificate: settings.databaseCertificateAuthorityFile,
        publicAuthorities: certificateAuthorityFallback)
    } catch let error as DatabaseURLError {
      throw SettingsError(problems: ["DATABASE_URL: \(error)"])
    }
    let database = Database(url, applicationName: applicationName)
    self.database = (database, url)
    return try body(database, url)
  }

  /// The webhook's secrets that are valid now; none is empty.
  func webhookSecrets(_ deadline: Deadline) throws -> [String] {
    guard let setting = settings.webhookSecret else {
      throw SettingsError(problems: [
        "GITHUB_WEBHOOK_SECRET is missing: set it to the secret of the webhook on GitHub"
      ])
    }
    let name = "GITHUB_WEBHOOK_SECRET"
    return [try secrets.value(setting, of: name, deadline), settings.previousWebhookSecret].compactMap(\.self)
  }

  /// The one before Secrets Manager's last rotation, valid too; nil where there is none.
  ///
  /// Almost every webhook has the current one: this is had for one that hasn't.
  func formerWebhookSecret(_ deadline: Deadline) throws -> String? {
    try settings.webhookSecret.flatMap {
      try secrets.previousValue($0, of: "GITHUB_WEBHOOK_SECRET", deadline)
    }
  }

  /// Whether other secrets of the webhook are valid by now; asked at most once a minute, as anybody can send a wrong
  /// signature.
  func rereadWebhookSecrets(_ deadline: Deadline) -> Bool {
    guard wallClock() - webhookSecretsRereadAt >= 60_000 else { return false }
    webhookSecretsRereadAt = wallClock()
    return secrets.reread(settings.webhookSecret, deadline)
  }
}
