import Cryptography

/// What a request to the webhook comes to.
public enum Webhook: Equatable, Sendable {
  /// GitHub asks whether anyone is there.
  case ping
  /// A push to our branch: look at it.
  ///
  /// `after` is what GitHub says its tip is, good for one thing: if it is the recorded tip, there is nothing to do.
  case push(after: String)
  /// An event, a repository, a branch or a tag that isn't ours, with the reason.
  case notOurs(String)
  /// Refused: an HTTP status and a sentence.
  case refused(status: Int, String)

  /// Verifies and reads a GitHub webhook.
  ///
  /// Nothing of the body is looked at before its signature holds, and an empty secret never makes it hold:
  /// https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
  ///
  /// - Parameters:
  ///   - secrets: the secrets that are valid now; two during a rotation.
  ///   - repository: `owner/name` that payloads must name; nil where the repository isn't on GitHub.
  public init(_ request: HTTPRequest, secrets: [String], repository: String?, branch: String) {
    self = Webhook.read(request, secrets: secrets, repository: repository, branch: branch)
  }

  private static func read(
    _ request: HTTPRequest, secrets: [String], repository: String?, branch: String
  ) -> Webhook {
    guard !request.isTooLarge else {
      return .refused(status: 413, "the body is over \(HTTPRequest.largestBody) bytes")
    }
    guard let body = request.body else { return .refused(status: 400, "the body isn't base64") }
    guard let signature = request.header("x-hub-signature-256") else {
      return .refused(
        status: 401, "the X-Hub-Signature-256 header is missing: set the webhook's secret on GitHub")
    }
    guard isSigned(body, signature, secrets) else {
      return .refused(status: 401, "the X-Hub-Signature-256 header doesn't match the body")
    }
    guard let event = request.header("x-github-event") else {
      return .refused(status: 400, "the X-GitHub-Event header is missing")
    }
    if request.header("content-type")?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true {
      return .refused(
        status: 400, "the body is form-encoded: choose content type application/json for the webhook")
    }
    guard let payload = try? JSON.read(body), case .object = payload else {
      return .refused(status: 400, "the body isn't a JSON object")
    }
    switch event {
    case "ping": return .ping
    case "push": return push(payload, repository: repository, branch: branch)
    default: return .notOurs("only pushes are of interest, not the event \(quoted(.string(event)))")
    }
  }

  private static func push(_ payload: JSONValue, repository: String?, branch: String) -> Webhook {
    guard let ref = payload["ref"]?.text, let after = payload["after"]?.text else {
      return .refused(status: 400, "the push has no \"ref\" or no \"after\"")
    }
    if let repository, let name = payload["repository"]?["full_name"]?.text,
      name.lowercased() != repository.lowercased()
    {
      return .notOurs("a push to another repository")
    }
    guard ref == "refs/heads/\(branch)" else { return .notOurs("a push to another branch or a tag") }
    if payload["deleted"] == .boolean(true) { return .notOurs("the branch was deleted") }
    return .push(after: after)
  }

  private static func isSigned(_ body: [UInt8], _ signature: String, _ secrets: [String]) -> Bool {
    // Every secret is tried, so that the time doesn't tell which one fits.
    secrets.filter { !$0.isEmpty }.reduce(false) { found, secret in
      let expected = "sha256=" + hexadecimal(hmacSHA256(body, key: Array(secret.utf8)))
      return equalInConstantTime(Array(expected.utf8), Array(signature.utf8)) || found
    }
  }
}
