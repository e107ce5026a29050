import CCurl

/// Why a request got no answer.
///
/// Made to be logged: it names the method and the URL without user information, query and fragment,
/// and never a header's value or a byte of a body.
public struct HTTPError: Error, CustomStringConvertible {
  /// The kinds of failure that a caller may want to treat differently.
  public enum Code: String, Sendable {
    /// The request can't be sent as it is: its URL, or a header with a line break.
    case invalidRequest
    /// The server wasn't reached, or the connection broke before the answer was complete.
    case connection
    /// TLS: the server's certificate wasn't accepted, or no common cipher was found.
    case security
    /// The time allowed for connecting, or for the whole request, ran out.
    case timeout
    /// What came back isn't HTTP.
    case malformed
    /// The answer is larger than the client takes.
    case tooLarge
    /// The caller's interruption came before the answer.
    case interrupted
    /// Something else went wrong in libcurl; the message is its own.
    case other
  }

  /// What kind of failure.
  public let code: Code
  /// What happened, in words.
  public let message: String
  /// The method and the URL, as far as it may be shown.
  public let subject: String

  /// One line: what was asked, and what happened.
  public var description: String { "\(subject): \(message)" }

  init(_ code: Code, _ message: String, _ request: Request) {
    self.code = code
    self.message = message
    subject = "\(request.method.rawValue) \(presentable(request.url))"
  }

  /// Translates libcurl's result (https://curl.se/libcurl/c/libcurl-errors.html).
  ///
  /// Not libcurl's error buffer: that may quote the URL or a header.
  init(_ result: CURLcode, _ request: Request) {
    let code: Code =
      switch result {
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_SEND_ERROR,
        CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_PROXY:
        .connection
      case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
        CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
        .security
      case CURLE_OPERATION_TIMEDOUT: .timeout
      // The scheme was checked before, so the protocol that libcurl doesn't know is the answer's.
      case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING,
        CURLE_HTTP2, CURLE_HTTP2_STREAM:
        .malformed
      case CURLE_URL_MALFORMAT: .invalidRequest
      default: .other
      }
    self.init(code, String(cString: curl_easy_strerror(result)), request)
  }
}

/// The URL without what may be secret: user information, query and fragment.
func presentable(_ url: String) -> String {
  let visible = url.prefix { $0 != "?" && $0 != "#" }
  let authorityStart = visible.firstRange(of: "://")?.upperBound ?? visible.startIndex
  let authority = visible[authorityStart...].prefix { $0 != "/" }
  guard let at = authority.lastIndex(of: "@") else { return String(visible) }
  return String(visible[..<authorityStart] + visible[visible.index(after: at)...])
}
