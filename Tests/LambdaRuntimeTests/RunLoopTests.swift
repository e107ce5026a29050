import Foundation
import Testing

@testable import LambdaRuntime

@Suite struct RunLoopTests {
  struct Refused: FunctionError {
    let type = "Function.Refused"
    let message = "the row isn't there"
  }

  struct Unexpected: Error, CustomStringConvertible {
    var description: String { "password=hunter2" }
  }

  let log = RecordedLog()

  /// The loop's exit status and the payloads that the handler saw.
  private func loop(
    _ api: RuntimeServer, postTimeout: Duration = .seconds(10),
    handler: (Invocation) async throws -> [UInt8] = { $0.payload }
  ) async -> (status: Int32, handled: [String]) {
    var handled: [String] = []
    let status = await runLoop(api.client(postTimeout: postTimeout), logger: log.logger) {
      handled.append(String(decoding: $0.payload, as: UTF8.self))
      return try await handler($0)
    }
    return (status, handled)
  }

  @Test func everyInvocationGetsItsAnswerInTurn() async {
    let api = RuntimeServer(next: [invocation("one", id: "a"), invocation("two", id: "b")])
    let result = await loop(api)
    #expect(result.status == 0)
    #expect(
      api.posts.map(\.path).map { $0.components(separatedBy: "/").suffix(2) } == [
        ["a", "response"], ["b", "response"],
      ])
    #expect(api.posts.map(\.text) == ["one", "two"])
    #expect(log.text.contains("told to end"))
  }

  @Test func aConnectionThatTheServerClosesBetweenCallsCostsNoInvocation() async {
    let events = (0..<20).map { "event \($0)" }
    let api = RuntimeServer(
      next: events.map { .answerThenClose(200, headers: invocationHeaders(), body: Array($0.utf8)) },
      posts: events.map { _ in .answerThenClose(202) })
    let result = await loop(api) { invocation in
      // Long enough for the close to be noticed, or not: both happen.
      if invocation.payload.last == UInt8(ascii: "5") { try await Task.sleep(for: .milliseconds(20)) }
      return invocation.payload
    }
    #expect(result.status == 0)
    #expect(result.handled == events)
    #expect(api.posts.map(\.text) == events)
    #expect(api.outcomes.allSatisfy { $0 == "response" })
  }

  @Test func aConnectionThatDiesUnderAPostDoesNotRunTheHandlerAgain() async {
    let api = RuntimeServer(
      next: [invocation("one"), invocation("two")], posts: [.hangUp, .answer(202), .hangUp])
    let result = await loop(api)
    #expect(result.status == 0)
    #expect(result.handled == ["one", "two"])
    #expect(api.posts.map(\.text) == ["one", "one", "two", "two"])
  }

  @Test func aRepeatedPostThatHadArrivedIsLoggedAndForgotten() async {
    let api = RuntimeServer(next: [invocation("one"), invocation("two")], posts: [.stall, .answer(400)])
    let result = await loop(api, postTimeout: .milliseconds(200))
    #expect(result.status == 0)
    #expect(result.handled == ["one", "two"])
    #expect(log.text.contains("the API answered 400"))
  }

  @Test(arguments: [400, 403, 413])
  func aRefusedAnswerIsLoggedAndTheNextInvocationRuns(_ status: Int) async {
    let api = RuntimeServer(next: [invocation("one", id: "a"), invocation("two")], posts: [.answer(status)])
    let result = await loop(api)
    #expect(result.status == 0)
    #expect(result.handled == ["one", "two"])
    let lines = log.lines.filter { $0.contains("POST invocation/a/response: the API answered \(status)") }
    #expect(lines.count == 1)
    #expect(lines.allSatisfy { $0.contains(#""level":"ERROR""#) && $0.contains(#""requestId":"a""#) })
  }

  @Test func anAnswerThatReachesNobodyIsLoggedAndTheNextInvocationRuns() async {
    let api = RuntimeServer(
      next: [.answerThenClose(200, headers: invocationHeaders()), invocation("two")],
      posts: [.hangUp, .hangUp])
    let result = await loop(api)
    #expect(result.status == 0)
    #expect(result.handled == ["", "two"])
    #expect(log.text.contains("the invocation's answer didn't reach Lambda"))
  }

  @Test func aBrokenSandboxEndsTheProcessAtOnce() async {
    let api = RuntimeServer(next: [.answer(500), invocation("never")])
    let result = await loop(api)
    #expect(result.status == 1)
    #expect(result.handled.isEmpty)
    #expect(api.nexts.count == 1)
    #expect(log.text.contains("GET invocation/next: the API answered 500: the sandbox is broken, ending"))
  }

  @Test func aBrokenSandboxEndsTheProcessAfterAPost() async {
    let api = RuntimeServer(next: [invocation("one"), invocation("never")], posts: [.answer(500)])
    let result = await loop(api)
    #expect(result.status == 1)
    #expect(result.handled == ["one"])
    #expect(log.text.contains("the API answered 500: the sandbox is broken, ending"))
  }

  @Test(arguments: [ScriptedServer.Reply.answer(403), .answer(302), .raw("nonsense\r\n"), .answer(200)])
  func threeFailedNextsInARowEndTheProcess(_ failure: ScriptedServer.Reply) async {
    let api = RuntimeServer(next: [failure, failure, failure, invocation("never")])
    let result = await loop(api)
    #expect(result.status == 1)
    #expect(api.nexts.count == 3)
    #expect(log.lines.last?.contains("failed 3 times in a row, ending") == true)
    #expect(log.lines.filter { $0.contains("asking again") }.count == 2)
  }

  @Test func aNextThatWorksForgetsTheFailuresBeforeIt() async {
    let bad = ScriptedServer.Reply.answer(502)
    let api = RuntimeServer(next: [bad, bad, invocation("one"), bad, bad, invocation("two")])
    let result = await loop(api)
    #expect(result.status == 0)
    #expect(result.handled == ["one", "two"])
  }

  @Test func anInvocationWithABrokenDeadlineIsAnsweredWithAnError() async {
    let broken = ScriptedServer.Reply.answer(200, headers: invocationHeaders(id: "a", deadline: "soon"))
    let api = RuntimeServer(next: [broken, invocation("two", id: "b")])
    let result = await loop(api)
    #expect(result.status == 0)
    #expect(result.handled == ["two"])
    #expect(api.outcomes == ["error", "response"])
    #expect(api.posts.first?.path.hasSuffix("/invocation/a/error") == true)
    #expect(api.posts.first?.text.contains("Lambda-Runtime-Deadline-Ms") == true)
  }

  @Test func aHandlersErrorIsPostedWithItsTypeAndMessage() async {
    let api = RuntimeServer(next: [invocation("one", id: "a"), invocation("two", id: "b")])
    let result = await loop(api) { invocation in
      if invocation.requestID == "a" { throw Refused() }
      return []
    }
    #expect(result.status == 0)
    #expect(api.outcomes == ["error", "response"])
    #expect(api.posts.first?.path == "/2018-06-01/runtime/invocation/a/error")
    #expect(api.posts.first?.headers["lambda-runtime-function-error-type"] == "Function.Refused")
    #expect(
      api.posts.first?.text == #"{"errorType":"Function.Refused","errorMessage":"the row isn't there"}"#)
  }

  @Test func anotherErrorIsPostedByTheNameOfItsTypeOnly() async {
    let api = RuntimeServer(next: [invocation("one")])
    _ = await loop(api) { _ in throw Unexpected() }
    #expect(api.posts.first?.headers["lambda-runtime-function-error-type"] == "Function.Unexpected")
    #expect(api.posts.first?.text.contains("An unexpected error of type Unexpected") == true)
    #expect(api.posts.first?.text.contains("hunter2") == false)
    #expect(!log.text.contains("hunter2"))
  }

  @Test func aResponseOverTheLimitBecomesAnErrorThatNamesIt() async throws {
    let api = RuntimeServer(next: [invocation("one"), invocation("two")])
    let result = await loop(api) { invocation in
      invocation.payload == Array("one".utf8) ? [UInt8](repeating: 32, count: 6_291_557) : []
    }
    #expect(result.status == 0)
    #expect(api.outcomes == ["error", "response"])
    let post = try #require(api.posts.first)
    #expect(post.headers["lambda-runtime-function-error-type"] == "Function.ResponseSizeTooLarge")
    #expect(post.text.contains("The response has 6291557 bytes; Lambda takes at most 6291556 (6 MB)."))
  }

  @Test func anEventOfSixMegabytesComesBackWhole() async {
    let event = String(repeating: "0123456789abcdef", count: 6 * 65_536)
    let api = RuntimeServer(next: [invocation(event)])
    let result = await loop(api)
    #expect(result.status == 0)
    #expect(api.posts.map(\.body) == [Array(event.utf8)])
  }

  @Test func payloadsAreNeverLogged() async {
    let api = RuntimeServer(
      next: [invocation("event-secret"), invocation("event-secret"), invocation("event-secret")],
      posts: [.answer(400), .hangUp, .hangUp, .hangUp])
    _ = await loop(api) { _ in Array("answer-secret".utf8) }
    #expect(log.lines.count >= 3)
    #expect(!log.text.contains("secret"))
  }

  @Test func theTraceHeaderIsInTheEnvironmentWhileItsInvocationRuns() async {
    let traced = ScriptedServer.Reply.answer(200, headers: invocationHeaders(trace: "Root=1-2-3"))
    let api = RuntimeServer(next: [traced, invocation("")])
    var seen: [String?] = []
    _ = await loop(api) { _ in
      seen.append(getenv("_X_AMZN_TRACE_ID").map { String(cString: $0) })
      return []
    }
    #expect(seen == ["Root=1-2-3", nil])
  }
}
