import FoundationEssentials
import HTTP

/// Sends requests to GitHub's REST API.
///
/// https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api
final class RESTClient {
  private let apiURL: String
  private let client: Client

  /// - Parameters:
  ///   - apiURL: as `https://api.github.com`.
  ///   - certificateAuthorityFile: the authorities to trust, in PEM; the system's if nil.
  init(apiURL: String, certificateAuthorityFile: String?) {
    self.apiURL = apiURL
    client = Client(
      certificateAuthorityFile: certificateAuthorityFile, connectTimeout: .seconds(5),
      maximumResponseBytes: 1 << 20)
  }

  /// Posts `body`, a second time where GitHub wasn't reached, or failed.
  ///
  /// - Parameters:
  ///   - path: with a slash at its start.
  ///   - token: what lets us in.
  ///   - purpose: what it is for, for the error.
  func post(
    _ path: String, _ body: some Encodable, token: String, for purpose: GitHubError.Purpose,
    remainingTime: () -> Duration
  ) throws(GitHubError) -> Response {
    var request = Request(
      .post, apiURL + path,
      headers: [
        "Accept": "application/vnd.github+json", "Authorization": "Bearer \(token)",
        "Content-Type": "application/json", "User-Agent": "git-backed-skills",
        "X-GitHub-Api-Version": "2022-11-28",
      ], body: json(body))
    var failure = "there was no time left to ask for it"
    for isLast in [false, true] {
      request.timeout = min(remainingTime(), .seconds(10))
      guard remainingTime() > .zero else { break }
      request.usesFreshConnection = isLast
      do throws(HTTPError) {
        let response = try client.send(request)
        let mayBeAskedAgain = response.status >= 500 && response.headers["Retry-After"] == nil
        if isLast || !mayBeAskedAgain { return response }
        failure = "GitHub answered \(response.status)"
      } catch {
        failure = error.description
      }
    }
    throw GitHubError(code: .unavailable, message: failure, purpose: purpose)
  }
}

/// GitHub's own words in an answer that refuses; nil if there are none.
func words(of response: Response) -> String? {
  struct Fault: Decodable { var message: String }
  return (try? JSONDecoder().decode(Fault.self, from: Data(response.body)))?.message
}

func json(_ value: some Encodable) -> [UInt8] {
  // Texts and whole numbers only: nothing that JSON can't say.
  (try? JSONEncoder().encode(value)).map { Array($0) } ?? []
}
