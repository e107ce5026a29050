import Failpoints
import HTTP

/// Lambda's Runtime API, version 2018-06-01: four calls over one connection that is kept open.
///
/// The calls block their thread. That suits Lambda, which gives a sandbox one invocation at a time.
/// (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html)
public final class RuntimeClient {
  /// The largest response that Lambda takes, in bytes: "6 MB" in its quotas, and this in its errors.
  public static let maximumResponseBytes = 6_291_556

  /// Twice what Lambda lets an event be, so that only a broken server meets the bound.
  private static let maximumEventBytes = 2 * maximumResponseBytes

  private let client: Client
  private let base: String
  private let postTimeout: Duration
  private let interruption: Int32?

  /// A client of the API at `address`; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - address: host and port, as Lambda gives them in `AWS_LAMBDA_RUNTIME_API`.
  ///   - interruption: a file descriptor; once it can be read, a waiting `next` ends with
  ///     `RuntimeError.Code.interrupted`.
  ///   - postTimeout: the longest that one post may take. The API is in the same sandbox and answers
  ///     in milliseconds; a post without an answer must not use up the function's time.
  public init(address: String, interruption: Int32? = nil, postTimeout: Duration = .seconds(10)) {
    // The proxy is for the function's own requests: the API is local, and its traffic is private.
    client = Client(
      proxy: .none, connectTimeout: .seconds(1), maximumResponseBytes: Self.maximumEventBytes)
    base = "http://\(address)/2018-06-01/runtime"
    self.postTimeout = postTimeout
    self.interruption = interruption
  }

  /// Waits for an invocation, for as long as it takes.
  ///
  /// There is no timeout on purpose: Lambda freezes the sandbox between invocations, for hours at
  /// times, and a clock that ran out meanwhile would drop an invocation that is just being handed over.
  /// - Throws: `interrupted`, `unreachable`, `status`, or the header that is missing or malformed.
  public func next() throws(RuntimeError) -> Invocation {
    let answer: Response
    do {
      answer = try client.send(Request(.get, base + "/invocation/next"), interruption: interruption)
    } catch { throw RuntimeError(error) }
    return try invocation(in: answer)
  }

  /// Reads the API's answer to `next`.
  func invocation(in answer: Response) throws(RuntimeError) -> Invocation {
    guard answer.status == 200 else {
      throw RuntimeError(.status(answer.status), "GET invocation/next: the API answered \(answer.status)")
    }
    let requestID = try header(RuntimeHeader.requestID, of: answer)
    // It becomes part of a URL's path; Lambda's are UUIDs.
    guard (1...128).contains(requestID.utf8.count), requestID.utf8.allSatisfy(isIdentifierByte) else {
      throw malformed(RuntimeHeader.requestID, nil)
    }
    let deadlineText = try header(RuntimeHeader.deadline, of: answer, requestID: requestID)
    guard deadlineText.utf8.allSatisfy(isDigit), let deadline = Int64(deadlineText) else {
      throw malformed(RuntimeHeader.deadline, requestID)
    }
    return Invocation(
      requestID: requestID, deadline: deadline, traceID: answer.headers[RuntimeHeader.traceID],
      invokedFunctionARN: answer.headers[RuntimeHeader.invokedFunctionARN], payload: answer.body)
  }

  /// Answers an invocation with the handler's result.
  ///
  /// - Throws: `responseTooLarge` before anything is sent, `unreachable` after the second try, or `status`.
  public func respond(to requestID: String, with response: [UInt8]) throws(RuntimeError) {
    guard response.count <= Self.maximumResponseBytes else {
      throw RuntimeError(
        .responseTooLarge, requestID: requestID,
        "The response has \(response.count) bytes; Lambda takes at most \(Self.maximumResponseBytes) (6 MB).")
    }
    try post("/invocation/\(requestID)/response", response, requestID: requestID)
  }

  /// Answers an invocation with an error.
  ///
  /// - Throws: `unreachable` after the second try, or `status`.
  public func fail(_ requestID: String, with report: ErrorReport) throws(RuntimeError) {
    try post("/invocation/\(requestID)/error", report, requestID: requestID)
  }

  /// Says why the function can't start; the process is to exit with a status other than 0 afterwards.
  ///
  /// - Throws: `unreachable` after the second try, or `status`.
  public func initializationError(_ report: ErrorReport) throws(RuntimeError) {
    try post("/init/error", report, requestID: nil)
  }

  private func post(_ path: String, _ report: ErrorReport, requestID: String?) throws(RuntimeError) {
    try post(
      path, report.json, requestID: requestID, headers: [RuntimeHeader.errorType: report.headerValue])
  }

  /// Posts, and once more on a new connection when no answer came.
  ///
  /// The kept connection may have died while the sandbox was frozen. Only the post is repeated, never
  /// the handler; should the first one have arrived after all, the API refuses the second with 400,
  /// and the invocation has its answer. (libcurl itself repeats a request whose kept connection closes
  /// before the first byte of an answer; that isn't counted here.)
  private func post(
    _ path: String, _ body: [UInt8], requestID: String?, headers: Headers = [:]
  ) throws(RuntimeError) {
    var request = Request(.post, base + path, headers: headers, body: body, timeout: postTimeout)
    request.headers.append("Content-Type", "application/json")
    failpoint("before POST \(path)")
    defer { failpoint("after POST \(path)") }
    let answer: Response
    do {
      answer = try client.send(request)
    } catch {
      request.usesFreshConnection = true
      do { answer = try client.send(request) } catch { throw RuntimeError(error, requestID: requestID) }
    }
    guard (200..<300).contains(answer.status) else {
      throw RuntimeError(
        .status(answer.status), requestID: requestID,
        "POST \(path.dropFirst()): the API answered \(answer.status)")
    }
  }

  private func header(
    _ name: String, of answer: Response, requestID: String? = nil
  ) throws(RuntimeError) -> String {
    guard let value = answer.headers[name], !value.isEmpty else {
      throw RuntimeError(.missingHeader(name), requestID: requestID, "an invocation came without \(name)")
    }
    return value
  }

  private func malformed(_ name: String, _ requestID: String?) -> RuntimeError {
    RuntimeError(
      .malformedHeader(name), requestID: requestID, "an invocation came with a \(name) that can't be read")
  }
}

private func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

private func isIdentifierByte(_ byte: UInt8) -> Bool {
  isDigit(byte) || byte == UInt8(ascii: "-")
    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
}
