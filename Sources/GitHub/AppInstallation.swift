import Cryptography
import FoundationEssentials

/// What an installation token may do with the repository: it reads and writes this, and nothing else.
///
/// One permission a token: an App that lacks one of several gets no token at all.
public enum InstallationPermission: String, Sendable {
  case contents, statuses
}

/// An installation of a GitHub App, which lets in by tokens that live for an hour.
///
/// https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app
public final class AppInstallation {
  private struct Token {
    var text: String
    /// Seconds since the epoch.
    var expiresAt: Int64
    /// SHA-256 of the private key by which it was had: another key asks for another token.
    var keyDigest: [UInt8]
  }

  private let appID: String
  private let installationID: String
  private let repository: String
  private let permission: InstallationPermission
  private let client: RESTClient
  private var token: Token?

  /// - Parameters:
  ///   - appID: the App's id or its client id.
  ///   - repository: the name, without its owner, of the one repository that the tokens are for.
  ///   - permission: what the tokens are for.
  ///   - apiURL: as `https://api.github.com`.
  ///   - certificateAuthorityFile: the authorities to trust, in PEM; the system's if nil.
  public init(
    appID: String, installationID: String, repository: String, permission: InstallationPermission,
    apiURL: String, certificateAuthorityFile: String? = nil
  ) {
    self.appID = appID
    self.installationID = installationID
    self.repository = repository
    self.permission = permission
    client = RESTClient(apiURL: apiURL, certificateAuthorityFile: certificateAuthorityFile)
  }

  /// A token that may read and write what the permission says of the repository, and nothing else.
  ///
  /// One that is there already is used for as long as it outlives the work by some minutes.
  ///
  /// - Parameters:
  ///   - privateKey: the App's, in PEM.
  ///   - now: seconds since the epoch.
  ///   - remainingTime: what is left for the work.
  public func token(
    privateKey: String, now: Int64, remainingTime: () -> Duration
  ) throws(GitHubError) -> String {
    let digest = sha256(privateKey.utf8)
    let end = now + max(0, remainingTime().components.seconds) + 5 * 60
    if let token, token.keyDigest == digest, token.expiresAt > end { return token.text }
    let key: RSAPrivateKey
    do {
      key = try RSAPrivateKey(pem: privateKey)
    } catch {
      throw GitHubError(
        code: .authentication, message: "the private key \(error)", purpose: .installationToken(permission))
    }
    let answer = try mint(jsonWebToken(appID: appID, key: key, now: now), now: now, remainingTime)
    token = Token(text: answer.token, expiresAt: answer.expiresAt, keyDigest: digest)
    return answer.token
  }

  /// Forgets the token that is there: it was refused.
  public func forgetToken() { token = nil }

  private func mint(
    _ jsonWebToken: String, now: Int64, _ remainingTime: () -> Duration
  ) throws(GitHubError) -> (token: String, expiresAt: Int64) {
    struct Input: Encodable {
      var repositories: [String]
      var permissions: [String: String]
    }
    struct Output: Decodable { var token, expires_at: String }
    let response = try client.post(
      "/app/installations/\(installationID)/access_tokens",
      Input(repositories: [repository], permissions: [permission.rawValue: "write"]), token: jsonWebToken,
      for: .installationToken(permission), remainingTime: remainingTime)
    guard response.status == 201 else {
      throw GitHubError(
        response, for: .installationToken(permission), hiding: jsonWebToken, now: now)
    }
    guard let output = try? JSONDecoder().decode(Output.self, from: Data(response.body)),
      // A line break would end up in git's configuration.
      output.token.utf8.allSatisfy({ $0 > 32 && $0 < 127 }),
      let expiry = try? Date(output.expires_at, strategy: .iso8601)
    else {
      throw GitHubError(
        code: .other, message: "GitHub's answer has no token, or no time when it expires",
        purpose: .installationToken(permission))
    }
    return (output.token, Int64(expiry.timeIntervalSince1970))
  }
}
