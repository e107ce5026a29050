import HTTP

/// Why GitHub gave no installation token, or didn't set a commit's status.
///
/// `description` is made for logs: it never has the private key, a JSON Web Token or a token.
public struct GitHubError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Sendable {
    /// The App's id and its private key don't belong together, or the key was deleted on GitHub; or the token isn't valid.
    case authentication
    /// The installation isn't there, is suspended, or lacks the repository or the permission; or the token does.
    case notInstalled
    /// GitHub wasn't reached, was too busy, or failed.
    case unavailable
    /// Anything else that GitHub answered.
    case other
  }

  /// What GitHub was asked for.
  enum Purpose {
    /// An installation token with this permission.
    case installationToken(InstallationPermission)
    case commitStatus
  }

  /// What kind of failure it is.
  public let code: Code
  /// What happened, in GitHub's words where there are any.
  public let message: String
  /// When GitHub may be asked again, in seconds since the epoch; nil where it didn't say that it was asked too much.
  public let retryTime: Int64?
  private let purpose: Purpose

  /// One line: what happened, and what a person can do about it.
  public var description: String {
    let failure =
      switch purpose {
      case .installationToken: "no installation token of the GitHub App"
      case .commitStatus: "the commit's status wasn't set"
      }
    return "\(failure): \(message)" + (suggestion.map { " (\($0))" } ?? "")
  }

  init(code: Code, message: String, purpose: Purpose, retryTime: Int64? = nil) {
    self.code = code
    self.message = message
    self.purpose = purpose
    self.retryTime = retryTime
  }

  /// What an answer that gives nothing of what was asked for says.
  ///
  /// - Parameters:
  ///   - secret: what let us in, which a server, or a gateway before it, may repeat.
  ///   - now: seconds since the epoch.
  init(_ response: Response, for purpose: Purpose, hiding secret: String, now: Int64) {
    // Too many requests are a 403, too, but say when to come back.
    let retryTime = GitHub.retryTime(response, now: now)
    let words = words(of: response)?.replacing(secret, with: "[redacted]")
    var code = retryTime == nil ? Code(status: response.status) : .unavailable
    // Of a status: that there is no such commit, perhaps no more.
    if case .commitStatus = purpose, response.status == 422 { code = .other }
    self.init(
      code: code,
      message: "GitHub answered \(response.status)" + (words.map { ": \($0.prefix(300))" } ?? ""),
      purpose: purpose, retryTime: retryTime)
  }

  /// What usually helps.
  private var suggestion: String? {
    switch (code, purpose) {
    case (.authentication, .installationToken):
      "check that GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY are of one App"
    case (.notInstalled, .installationToken(.contents)):
      "check GITHUB_APP_INSTALLATION_ID, that the installation has the repository, and that the App may read and write "
        + "contents"
    case (.authentication, .commitStatus): "check that the token is valid"
    case (.notInstalled, .installationToken(.statuses)), (.notInstalled, .commitStatus):
      "let the App or the token read and write commit statuses, or set COMMIT_STATUS=off"
    case (.unavailable, _) where retryTime != nil: "it is asked again when it allows it"
    case (.unavailable, _):
      "it is tried again; if it persists, check the network, the proxy, SSL_CERT_FILE and GITHUB_API_URL"
    case (.other, _): nil
    }
  }
}

extension GitHubError.Code {
  init(status: Int) {
    self =
      switch status {
      case 401: .authentication
      case 403, 404, 422: .notInstalled
      case 429, 500...: .unavailable
      default: .other
      }
  }
}
