import Cryptography
import FoundationEssentials
import HTTP

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
  private let url: String
  private let client: Client
  private var token: Token?

  /// - Parameters:
  ///   - appID: the App's id or its client id.
  ///   - repository: the name, without its owner, of the one repository that the tokens are for.
  ///   - apiURL: as `https://api.github.com`.
  ///   - certificateAuthorityFile: the authorities to trust, in PEM; the system's if nil.
  public init(
    appID: String, installationID: String, repository: String, apiURL: String,
    certificateAuthorityFile: String? = nil
  ) {
    self.appID = appID
    self.installationID = installationID
    self.repository = repository
    url = "\(apiURL)/app/installations/\(installationID)/access_tokens"
    client = Client(
      certificateAuthorityFile: certificateAuthorityFile, connectTimeout: .seconds(5),
      maximumResponseBytes: 1 << 20)
  }

  /// A token that may read and write the repository's contents, and nothing else.
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
      throw GitHubError(code: .authentication, message: "the private key \(error)")
    }
    let answer = try mint(jsonWebToken(appID: appID, key: key, now: now), remainingTime)
    token = Token(text: answer.token, expiresAt: answer.expiresAt, keyDigest: digest)
    return answer.token
  }

  /// Forgets the token that is there: it was refused.
  public func forgetToken() { token = nil }

  private func mint(
    _ jsonWebToken: String, _ remainingTime: () -> Duration
  ) throws(GitHubError) -> (token: String, expiresAt: Int64) {
    struct Input: Encodable {
      var repositories: [String]
      var permissions = ["contents": "write"]
    }
    struct Output: Decodable { var token, expires_at: String }
    var request = Request(
      .post, url,
      headers: [
        "Accept": "application/vnd.github+json", "Authorization": "Bearer \(jsonWebToken)",
        "Content-Type": "application/json", "User-Agent": "git-backed-skills",
        "X-GitHub-Api-Version": "2022-11-28",
      ], body: json(Input(repositories: [repository])))
    let response = try send(&request, remainingTime)
    guard response.status == 201,
      let output = try? JSONDecoder().decode(Output.self, from: Data(response.body)),
      // A line break would end up in git's configuration.
      output.token.utf8.allSatisfy({ $0 > 32 && $0 < 127 }),
      let expiry = try? Date(output.expires_at, strategy: .iso8601)
    else { throw error(response, withholding: jsonWebToken) }
    return (output.token, Int64(expiry.timeIntervalSince1970))
  }

  /// Tries a second time where GitHub wasn't reached, or failed.
  private func send(
    _ request: inout Request, _ remainingTime: () -> Duration
  ) throws(GitHubError) -> Response {
    for isLast in [false, true] {
      request.timeout = min(remainingTime(), .seconds(10))
      guard remainingTime() > .zero else { break }
      request.usesFreshConnection = isLast
      do throws(HTTPError) {
        let response = try client.send(request)
        if response.status < 500 || isLast { return response }
      } catch {
        if isLast { throw GitHubError(code: .unavailable, message: error.description) }
      }
    }
    throw GitHubError(code: .unavailable, message: "there was no time left to ask for it")
  }

  /// - Parameter secret: a text that the message must not have, whatever a server, or a gateway before it, repeats.
  private func error(_ response: Response, withholding secret: String) -> GitHubError {
    struct Fault: Decodable { var message: String }
    if response.status == 201 {
      return GitHubError(code: .other, message: "GitHub's answer has no token, or no time when it expires")
    }
    let words = (try? JSONDecoder().decode(Fault.self, from: Data(response.body)))?.message
      .replacing(secret, with: "[redacted]")
    // Too many requests are a 403, too, but say when to come back, or that none is left:
    // https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
    let isBusy = response.headers["Retry-After"] != nil || response.headers["X-RateLimit-Remaining"] == "0"
    return GitHubError(
      code: isBusy ? .unavailable : GitHubError.Code(status: response.status),
      message: "GitHub answered \(response.status)" + (words.map { ": \($0.prefix(300))" } ?? ""))
  }
}
