/// Takes what must not be seen out of text that git or a server wrote.
struct Redaction: Sendable {
  private let secrets: [String]

  init(token: Secret?) {
    guard let token, !token.value.isEmpty else {
      secrets = []
      return
    }
    secrets = [basicCredential(token), token.value]
  }

  /// `text` without the token, the Basic credential made of it, and the user part of any URL.
  func callAsFunction(_ text: String) -> String {
    var result = text
    for secret in secrets {
      result = result.parts(between: secret).joined(separator: "[redacted]")
    }
    return withoutUserInformation(result)
  }
}

/// What follows `Authorization: Basic `.
///
/// GitHub takes any user name beside a token and suggests this one.
func basicCredential(_ token: Secret) -> String {
  base64(Array("x-access-token:\(token.value)".utf8))
}

/// `text` with `://user:password@` shortened to `://[redacted]@`: proxies' URLs have credentials too.
private func withoutUserInformation(_ text: String) -> String {
  let pieces = text.parts(between: "://")
  guard pieces.count > 1 else { return text }
  return pieces.enumerated().map { position, piece in
    guard position > 0 else { return piece }
    let authority = piece.unicodeScalars.prefix { !"/ \t\r\n'\"".unicodeScalars.contains($0) }
    guard let at = authority.lastIndex(of: "@") else { return piece }
    return "[redacted]" + piece[at...]
  }.joined(separator: "://")
}
