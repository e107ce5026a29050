/// What a server answered, whatever its status: a 500 is an answer, not an `HTTPError`.
public struct Response: Sendable {
  /// The status code, 200–599.
  public let status: Int
  /// The header fields.
  public let headers: Headers
  /// The body, whole; empty if there was none.
  public let body: [UInt8]
}
