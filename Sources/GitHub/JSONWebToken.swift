import Cryptography
import FoundationEssentials

/// The JSON Web Token by which a GitHub App says who it is.
///
/// https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
///
/// - Parameters:
///   - appID: the App's id or its client id.
///   - now: seconds since the epoch.
func jsonWebToken(appID: String, key: RSAPrivateKey, now: Int64) -> String {
  struct Header: Encodable { var alg = "RS256", typ = "JWT" }
  struct Claims: Encodable {
    var iat, exp: Int64
    var iss: String
  }
  // A minute back, as GitHub asks, for clocks that differ. It takes no token that is valid for over ten minutes.
  let claims = Claims(iat: now - 60, exp: now + 9 * 60, iss: appID)
  let signed = "\(base64URL(json(Header()))).\(base64URL(json(claims)))"
  return "\(signed).\(base64URL(key.signature(of: Array(signed.utf8))))"
}

/// RFC 4648 §5, without padding.
private func base64URL(_ bytes: [UInt8]) -> String {
  Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
    "=", with: "")
}
