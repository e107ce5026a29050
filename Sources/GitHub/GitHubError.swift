/// Why GitHub gave no installation token.
///
/// `description` is made for logs: it never has the private key, a JSON Web Token or an installation token.
public struct GitHubError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Sendable {
    /// The App's id and its private key don't belong together, or the key was deleted on GitHub.
    case authentication
    /// The installation isn't there, is suspended, or lacks the repository or the permission.
    case notInstalled
    /// GitHub wasn't reached, was too busy, or failed.
    case unavailable
    /// Anything else that GitHub answered.
    case other
  }

  /// What kind of failure it is.
  public let code: Code
  /// What happened, in GitHub's words where there are any.
  public let message: String

  /// One line: what happened, and what a person can do about it.
  public var description: String {
    "no installation token of the GitHub App: \(message)" + (code.suggestion.map { " (\($0))" } ?? "")
  }
}

extension GitHubError.Code {
  /// What usually helps.
  fileprivate var suggestion: String? {
    switch self {
    case .authentication: "check that GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY are of one App"
    case .notInstalled:
      "check GITHUB_APP_INSTALLATION_ID, that the installation has the repository, and that the App may read and write "
        + "contents"
    case .unavailable:
      "it is tried again; if it persists, check the network, the proxy, SSL_CERT_FILE and GITHUB_API_URL"
    case .other: nil
    }
  }

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
