#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One event for the function, with what Lambda says about it.
public struct Invocation: Sendable {
  /// Lambda's id of this invocation, as in its log lines; the same when Lambda itself tries again.
  public let requestID: String
  /// When Lambda ends the function, in milliseconds since 1970-01-01T00:00:00Z.
  public let deadline: Int64
  /// The X-Ray trace header, if Lambda sent one.
  public let traceID: String?
  /// The ARN that was invoked: with the version or alias that the caller used.
  public let invokedFunctionARN: String?
  /// The event, byte for byte; for almost every source a JSON document.
  public let payload: [UInt8]

  /// An invocation that didn't come from Lambda: from a command line, or a test.
  public init(
    requestID: String, deadline: Int64, traceID: String? = nil, invokedFunctionARN: String? = nil,
    payload: [UInt8]
  ) {
    self.requestID = requestID
    self.deadline = deadline
    self.traceID = traceID
    self.invokedFunctionARN = invokedFunctionARN
    self.payload = payload
  }

  /// The time until the deadline; negative once it has passed.
  ///
  /// By the wall clock, as the deadline is one: a sandbox may be frozen, and other clocks with it.
  public var remainingTime: Duration {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return .milliseconds(deadline) - .seconds(now.tv_sec) - .nanoseconds(now.tv_nsec)
  }
}
