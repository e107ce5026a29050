import Foundation
import LambdaRuntime
import Testing

@Suite struct RuntimeClientTests {
  @Test func anInvocationHasWhatItsHeadersSay() throws {
    let headers = invocationHeaders(trace: "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1")
    let api = RuntimeServer(next: [.answer(200, headers: headers, body: [0, 255, 10])])
    let invocation = try api.client().next()
    #expect(invocation.requestID == "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
    #expect(invocation.deadline == 32_503_680_000_000)
    #expect(invocation.traceID == "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1")
    #expect(invocation.invokedFunctionARN == "arn:aws:lambda:us-east-2:123456789012:function:echo")
    #expect(invocation.payload == [0, 255, 10])
    #expect(api.nexts.map(\.path) == ["/2018-06-01/runtime/invocation/next"])
  }

  @Test func theRemainingTimeEndsAtTheDeadline() {
    let now = Int64(Date().timeIntervalSince1970 * 1_000)
    let soon = Invocation(requestID: "1", deadline: now + 60_000, payload: []).remainingTime
    #expect(soon > .seconds(55) && soon <= .seconds(60))
    #expect(Invocation(requestID: "1", deadline: now - 60_000, payload: []).remainingTime < .zero)
  }

  struct BadHeader: CustomTestStringConvertible, Sendable {
    let id: String
    let headers: [String: String]
    let code: RuntimeError.Code
    var testDescription: String { id }
  }

  static let requestID = "Lambda-Runtime-Aws-Request-Id"
  static let deadline = "Lambda-Runtime-Deadline-Ms"

  @Test(arguments: [
    BadHeader(id: "no id", headers: invocationHeaders(id: nil), code: .missingHeader(requestID)),
    BadHeader(id: "an empty id", headers: invocationHeaders(id: ""), code: .missingHeader(requestID)),
    BadHeader(id: "a path as id", headers: invocationHeaders(id: "../x"), code: .malformedHeader(requestID)),
    BadHeader(
      id: "a long id", headers: invocationHeaders(id: String(repeating: "a", count: 129)),
      code: .malformedHeader(requestID)),
    BadHeader(id: "no deadline", headers: invocationHeaders(deadline: nil), code: .missingHeader(deadline)),
    BadHeader(id: "words", headers: invocationHeaders(deadline: "soon"), code: .malformedHeader(deadline)),
    BadHeader(id: "a sign", headers: invocationHeaders(deadline: "+5"), code: .malformedHeader(deadline)),
    BadHeader(
      id: "too many digits", headers: invocationHeaders(deadline: "99999999999999999999"),
      code: .malformedHeader(deadline)),
  ])
  func aHeaderThatIsMissingOrMalformedIsNamed(_ bad: BadHeader) throws {
    let api = RuntimeServer(next: [.answer(200, headers: bad.headers)])
    let error = try #require(throws: RuntimeError.self) { try api.client().next() }
    #expect(error.code == bad.code)
    let name = bad.id.hasSuffix("id") ? Self.requestID : Self.deadline
    #expect(error.description.contains(name))
  }

  @Test func nextWaitsLongerThanAnyTimeoutOfOurs() throws {
    let api = RuntimeServer(next: [
      .slow(
        "", pause: .milliseconds(2_500),
        "HTTP/1.1 200 OK\r\n\(Self.requestID): a\r\n\(Self.deadline): 1\r\n\r\nx")
    ])
    // Longer than the second to connect and the time for a post.
    #expect(try api.client(postTimeout: .milliseconds(100)).next().payload == Array("x".utf8))
    #expect(api.nexts.count == 1)
  }

  @Test func everyCallGoesOverOneConnection() throws {
    let api = RuntimeServer(next: [invocation("1"), invocation("2"), invocation("3")])
    let client = api.client()
    for _ in 0..<2 { try client.respond(to: client.next().requestID, with: []) }
    try client.fail(client.next().requestID, with: ErrorReport(CancellationError()))
    #expect(api.server.requests.map(\.connection) == [1, 1, 1, 1, 1, 1])
  }

  @Test func aPostWithoutAnAnswerIsRepeatedOnceOnANewConnection() throws {
    let api = RuntimeServer(next: [], posts: [.hangUp])
    try api.client().respond(to: "a", with: Array("answer".utf8))
    #expect(api.posts.map(\.text) == ["answer", "answer"])
    #expect(api.posts.map(\.connection) == [1, 2])
    #expect(api.posts.map(\.path) == Array(repeating: "/2018-06-01/runtime/invocation/a/response", count: 2))
  }

  @Test func aPostThatHangsIsRepeatedOnce() throws {
    let api = RuntimeServer(next: [], posts: [.stall])
    try api.client(postTimeout: .milliseconds(200)).respond(to: "a", with: [1])
    #expect(api.posts.count == 2)
  }

  @Test func aPostIsNotRepeatedTwice() throws {
    let api = RuntimeServer(next: [], posts: [.hangUp, .hangUp])
    let error = try #require(throws: RuntimeError.self) { try api.client().respond(to: "a", with: [1]) }
    #expect(error.code == .unreachable)
    #expect(error.requestID == "a")
    #expect(api.posts.count == 2)
  }

  @Test func aRefusedPostIsNotRepeated() throws {
    let api = RuntimeServer(next: [], posts: [.answer(400)])
    let error = try #require(throws: RuntimeError.self) { try api.client().respond(to: "a", with: [1]) }
    #expect(error.code == .status(400))
    #expect(error.description == "POST invocation/a/response: the API answered 400")
    #expect(api.posts.count == 1)
  }

  @Test func theLargestResponseIsSentAndOneByteMoreIsNot() throws {
    let api = RuntimeServer(next: [])
    let client = api.client()
    let largest = [UInt8](repeating: 32, count: 6_291_556)
    try client.respond(to: "a", with: largest)
    #expect(api.posts.map(\.body.count) == [6_291_556])
    let error = try #require(throws: RuntimeError.self) { try client.respond(to: "b", with: largest + [32]) }
    #expect(error.code == .responseTooLarge)
    #expect(error.description == "The response has 6291557 bytes; Lambda takes at most 6291556 (6 MB).")
    #expect(api.posts.count == 1)
  }

  @Test func anInitializationErrorHasATypeAndAMessage() throws {
    struct Missing: FunctionError {
      let type = "Function.Settings\nMissing é"
      let message = "say \"hello\""
    }
    let api = RuntimeServer(next: [])
    try api.client().initializationError(ErrorReport(Missing()))
    let post = try #require(api.posts.first)
    #expect(post.path == "/2018-06-01/runtime/init/error")
    #expect(post.headers["lambda-runtime-function-error-type"] == "Function.Settings_Missing__")
    #expect(post.headers["content-type"] == "application/json")
    #expect(post.text == #"{"errorType":"Function.Settings\nMissing é","errorMessage":"say \"hello\""}"#)
  }

  @Test func aWaitingNextEndsWhenInterrupted() throws {
    let api = RuntimeServer(next: [])
    let error = try #require(throws: RuntimeError.self) { try api.client().next() }
    #expect(error.code == .interrupted)
    #expect(api.nexts.count == 1)
  }

  @Test func nothingIsAskedOnceInterrupted() throws {
    let api = RuntimeServer(next: [])
    let client = api.client()
    #expect(throws: RuntimeError.self) { try client.next() }
    #expect(throws: RuntimeError.self) { try client.next() }
    #expect(api.nexts.count == 1)
  }

  @Test func anInvocationThatHasBegunToArriveIsTakenDespiteAnInterruption() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let end = ends[1]
    let server = ScriptedServer { _ in
      Thread.detachNewThread {
        usleep(150_000)
        _ = write(end, "!", 1)
      }
      return .slow(
        "HTTP/1.1 200 OK\r\n\(Self.requestID): a\r\n\(Self.deadline): 1\r\nContent-Length: 4\r\n\r\nha",
        pause: .milliseconds(400), "lf")
    }
    defer { server.stop() }
    let client = RuntimeClient(address: server.address, interruption: ends[0])
    #expect(try client.next().payload == Array("half".utf8))
    #expect(throws: RuntimeError.self) { try client.next() }
  }
}
