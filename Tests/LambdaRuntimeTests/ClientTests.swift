import Foundation
import HTTP
import Testing

@Suite struct ClientTests {
  @Test func anAnswerHasStatusHeadersAndBody() throws {
    let server = ScriptedServer { _ in .answer(404, headers: ["X-Thing": "  a b "], body: Array("none".utf8))
    }
    defer { server.stop() }
    let answer = try Client().send(Request(.get, server.url + "/x?y=1"))
    #expect(answer.status == 404)
    #expect(answer.headers["x-tHING"] == "a b")
    #expect(answer.headers["X-Other"] == nil)
    #expect(String(decoding: answer.body, as: UTF8.self) == "none")
    #expect(server.requests.map(\.path) == ["/x?y=1"])
  }

  @Test func requestsShareAConnectionUntilAFreshOneIsWanted() throws {
    let server = ScriptedServer { _ in .answer(200) }
    defer { server.stop() }
    let client = Client()
    var request = Request(.get, server.url)
    for _ in 0..<3 { _ = try client.send(request) }
    request.usesFreshConnection = true
    _ = try client.send(request)
    request.usesFreshConnection = false
    _ = try client.send(request)
    #expect(server.requests.map(\.connection) == [1, 1, 1, 2, 2])
  }

  @Test func aClientThatGoesClosesItsConnection() throws {
    let server = ScriptedServer { _ in .answer(200) }
    defer { server.stop() }
    _ = try Client().send(Request(.get, server.url))
    #expect(eventually { server.closedConnections == 1 })
  }

  @Test func aLargeBodyIsSentAtOnceAndAsItIs() throws {
    let server = ScriptedServer { _ in .answer(200) }
    defer { server.stop() }
    let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
    _ = try Client().send(
      Request(.post, server.url, headers: ["Content-Type": "a/b", "X-Empty": ""], body: body))
    let request = try #require(server.requests.first)
    #expect(request.body == body)
    #expect(request.headers["expect"] == nil)
    #expect(request.headers["content-type"] == "a/b")
    #expect(request.headers["x-empty"] == "")
  }

  @Test func aPostWithoutABodySendsNone() throws {
    let server = ScriptedServer { _ in .answer(200) }
    defer { server.stop() }
    _ = try Client().send(Request(.post, server.url))
    let request = try #require(server.requests.first)
    #expect(request.method == "POST")
    #expect(request.headers["content-length"] == "0")
    #expect(request.headers["content-type"] == nil)
  }

  @Test func aRedirectIsAnAnswer() throws {
    let server = ScriptedServer { _ in .answer(302, headers: ["Location": "/elsewhere"]) }
    defer { server.stop() }
    #expect(try Client().send(Request(.get, server.url)).status == 302)
    #expect(server.requests.count == 1)
  }

  @Test func onlyTheFinalAnswersHeadersCount() throws {
    let server = ScriptedServer { _ in
      .raw("HTTP/1.1 100 Continue\r\nX-A: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-B: 2\r\nContent-Length: 0\r\n\r\n")
    }
    defer { server.stop() }
    let answer = try Client().send(Request(.get, server.url))
    #expect(answer.headers["X-A"] == nil)
    #expect(answer.headers["X-B"] == "2")
  }

  struct BadAnswer: CustomTestStringConvertible, Sendable {
    let id: String
    let reply: ScriptedServer.Reply
    let code: HTTPError.Code
    var testDescription: String { id }
  }

  @Test(arguments: [
    BadAnswer(id: "no answer", reply: .hangUp, code: .connection),
    BadAnswer(id: "never an answer", reply: .stall, code: .timeout),
    BadAnswer(id: "not HTTP", reply: .raw("220 mail ready\r\n"), code: .malformed),
    BadAnswer(
      id: "half a body", reply: .raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1234"), code: .connection),
    BadAnswer(id: "a header without a name", reply: .raw("HTTP/1.1 200 OK\r\n: x\r\n\r\n"), code: .malformed),
    BadAnswer(
      id: "a header without a colon", reply: .raw("HTTP/1.1 200 OK\r\nbroken\r\n\r\n"), code: .malformed),
    BadAnswer(id: "a body over the bound", reply: .answer(200, body: [1, 2, 3, 4, 5]), code: .tooLarge),
    BadAnswer(
      id: "an endless header", reply: .answer(200, headers: ["X": String(repeating: "x", count: 70_000)]),
      code: .tooLarge),
  ])
  func whatIsNoAnswerIsATypedError(_ bad: BadAnswer) throws {
    let server = ScriptedServer { _ in bad.reply }
    defer { server.stop() }
    let client = Client(maximumResponseBytes: 4)
    let error = try #require(throws: HTTPError.self) {
      try client.send(Request(.get, server.url, timeout: .milliseconds(300)))
    }
    #expect(error.code == bad.code, "\(error)")
  }

  @Test func aBodyAtTheBoundIsTaken() throws {
    let server = ScriptedServer { _ in .answer(200, body: [1, 2, 3, 4]) }
    defer { server.stop() }
    #expect(try Client(maximumResponseBytes: 4).send(Request(.get, server.url)).body == [1, 2, 3, 4])
  }

  @Test func aPortWhereNobodyListensIsAConnectionError() throws {
    let (socket, port) = listeningSocket()
    close(socket)
    let error = try #require(throws: HTTPError.self) {
      try Client().send(Request(.get, "http://127.0.0.1:\(port)"))
    }
    #expect(error.code == .connection)
  }

  @Test(arguments: ["X: 1\r\nX-Injected", "X\nY", ""])
  func aHeaderNameThatWouldEndItsLineIsRefused(_ name: String) throws {
    try expectRefused(name, "v")
  }

  @Test(arguments: ["a\r\nX-Injected: 1", "a\nb", "a\u{0}b"])
  func aHeaderValueThatWouldEndItsLineIsRefused(_ value: String) throws {
    try expectRefused("X", value)
  }

  private func expectRefused(_ name: String, _ value: String) throws {
    let server = ScriptedServer { _ in .answer(200) }
    defer { server.stop() }
    var request = Request(.get, server.url)
    request.headers.append(name, value)
    let error = try #require(throws: HTTPError.self) { try Client().send(request) }
    #expect(error.code == .invalidRequest)
    #expect(server.requests.isEmpty)
  }

  @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "127.0.0.1", "http://", ""])
  func aURLThatIsNotHTTPIsRefused(_ url: String) throws {
    let error = try #require(throws: HTTPError.self) { try Client().send(Request(.get, url)) }
    #expect(error.code == .invalidRequest, "\(error)")
  }

  @Test func anErrorShowsNoSecret() throws {
    let server = ScriptedServer { _ in .hangUp }
    defer { server.stop() }
    let error = try #require(throws: HTTPError.self) {
      try Client().send(
        Request(
          .post, "http://user:pa@ss@\(server.address)/path?token=query#fragment",
          headers: ["Authorization": "Bearer header"], body: Array("body-text".utf8)))
    }
    #expect(error.subject == "POST http://\(server.address)/path")
    for secret in ["user", "pa@ss", "query", "fragment", "header", "body-text"] {
      #expect(!String(reflecting: error).contains(secret))
    }
  }
}
