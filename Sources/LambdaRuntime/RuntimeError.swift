import HTTP

/// What went wrong between the runtime and Lambda's Runtime API; never a fault of the handler.
///
/// Safe to log: without payloads and header values.
public struct RuntimeError: Error, CustomStringConvertible {
  /// The kinds of failure.
  public enum Code: Sendable, Equatable {
    /// The API wasn't reached, or answered with something that isn't HTTP.
    case unreachable
    /// The API answered with this status instead of success.
    case status(Int)
    /// An invocation came without this header.
    case missingHeader(String)
    /// An invocation came with something else in this header than the API's documentation says.
    case malformedHeader(String)
    /// The function's response is larger than Lambda takes; nothing was sent.
    case responseTooLarge
    /// The process was told to end while it waited for an invocation.
    case interrupted
  }

  /// What kind of failure.
  public let code: Code
  /// The invocation, where it is known.
  public let requestID: String?
  /// What happened, in words.
  public let message: String

  /// The message; it names the call and the cause.
  public var description: String { message }

  init(_ code: Code, requestID: String? = nil, _ message: String) {
    self.code = code
    self.requestID = requestID
    self.message = message
  }

  init(_ error: HTTPError, requestID: String? = nil) {
    let code: Code = if case .interrupted = error.code { .interrupted } else { .unreachable }
    self.init(code, requestID: requestID, error.description)
  }
}
