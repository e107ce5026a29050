/// What to ask of a server.
public struct Request: Sendable {
  /// The request's method (RFC 9110 §9).
  public enum Method: String, Sendable {
    /// Fetches; sends no body.
    case get = "GET"
    /// Sends a body, which may be empty.
    case post = "POST"
  }

  /// What to do with the resource.
  public var method: Method
  /// An absolute `http:` or `https:` URL, already percent-encoded.
  public var url: String
  /// The header fields to send; one with a line break in it is refused before anything is sent.
  public var headers: Headers
  /// What a POST sends, byte for byte; ignored for a GET.
  public var body: [UInt8]
  /// The longest that connecting, sending and receiving may take together; nil for no limit.
  public var timeout: Duration?
  /// What to sign the request with, if its server is AWS.
  public var signature: AWSSignature?
  /// Whether to leave the connection that is kept open alone and make a new one.
  ///
  /// For a second try: the first may have failed because the kept connection was dead.
  public var usesFreshConnection = false

  /// A request; only the method and the URL have no default.
  public init(
    _ method: Method, _ url: String, headers: Headers = [:], body: [UInt8] = [], timeout: Duration? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
  }
}
