import Git
import GitHub
import Synchronization

/// What lets a process in to the repository's server: a token of the settings, of Secrets Manager, or of a GitHub App.
///
/// It is had when it is first needed, kept, and had anew once after it was refused. Who asks while it is on its way waits for
/// it.
final class RepositoryAccess: Sendable {
  private let settings: Settings
  private let secrets: Secrets
  /// For the repository's contents.
  private let installation: Mutex<AppInstallation?>
  /// For commit statuses: an App may lack that permission.
  private let statusInstallation: Mutex<AppInstallation?>

  init(settings: Settings, secrets: Secrets) {
    self.settings = settings
    self.secrets = secrets
    func installation(_ permission: InstallationPermission) -> AppInstallation? {
      settings.app.map { app in
        AppInstallation(
          appID: app.id, installationID: app.installationID,
          repository: settings.gitHubName.map { String($0.split(separator: "/").last ?? "") } ?? "",
          permission: permission, apiURL: settings.gitHubAPIURL,
          certificateAuthorityFile: settings.certificateAuthorityFile)
      }
    }
    self.installation = Mutex(installation(.contents))
    statusInstallation = Mutex(installation(.statuses))
  }

  /// The token; nil where the server asks for none.
  func token(_ deadline: Deadline) throws -> Git.Secret? {
    guard let app = settings.app else {
      return try settings.token.map { Secret(try secrets.value($0, of: "GITHUB_TOKEN", deadline)) }
    }
    let key = try secrets.value(app.privateKey, of: "GITHUB_APP_PRIVATE_KEY", deadline)
    return try installation.withLock { installation in
      try installation.map {
        Secret(try $0.token(privateKey: key, now: wallClock() / 1_000) { deadline.remainingForGit })
      }
    }
  }

  /// A token that may write commit statuses; nil where there is none of any kind.
  func statusToken(_ deadline: Deadline) throws -> String? {
    guard let app = settings.app else {
      return try settings.token.map { try secrets.value($0, of: "GITHUB_TOKEN", deadline) }
    }
    let key = try secrets.value(app.privateKey, of: "GITHUB_APP_PRIVATE_KEY", deadline)
    return try statusInstallation.withLock { installation in
      try installation?.token(privateKey: key, now: wallClock() / 1_000) { deadline.remaining }
    }
  }

  /// Forgets the App's token for commit statuses: it was refused.
  func forgetStatusToken() { statusInstallation.withLock { $0?.forgetToken() } }

  /// Tells whether it is somebody else who is let in; holds no secret.
  func identity(_ deadline: Deadline) throws -> String {
    if let app = settings.app { return "app \(app.id) \(app.installationID)" }
    return try token(deadline)?.fingerprint ?? "no token"
  }

  /// Whether there is something newer to be let in by, now that `error` says that this was refused.
  func renew(after error: any Error, _ deadline: Deadline) -> Bool {
    guard deadline.hasTime else { return false }
    if (error as? GitError)?.code == .authentication {
      guard let app = settings.app else { return secrets.reread(settings.token, deadline) }
      _ = secrets.reread(app.privateKey, deadline)
      installation.withLock { $0?.forgetToken() }
      return true
    }
    // With the same key GitHub would give no other answer.
    return (error as? GitHubError)?.code == .authentication
      && secrets.reread(settings.app?.privateKey, deadline)
  }
}
