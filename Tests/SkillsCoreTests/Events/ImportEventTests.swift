import SkillsCore
import Testing

/// Shapes that no file in `Events` shows.
struct ImportEventTests {
  private func request(_ json: String) throws -> HTTPRequest {
    guard case .http(let request) = try ImportEvent(Array(json.utf8)) else {
      throw InvalidEvent("no HTTP event")
    }
    return request
  }

  @Test func theMessageOfAVerifiedPushIsReadAsOne() throws {
    let after = "0123456789012345678901234567890123456789"
    for delivery in [nil, "72d3162e-cc78-11e3-81ab-4c9367dc0958"] {
      let message = ImportEvent.message(pushed: after, delivery: delivery)
      #expect(try ImportEvent(Array(message.utf8)) == .pushed(after: after, delivery: delivery))
      #expect(message.utf8.count < 200)
    }
  }

  private let context = #""requestContext": {"http": {"method": "POST"}}"#

  @Test func headersAreFoundInAnyCase() throws {
    let request = try request(
      #"{\#(context), "headers": {"X-Hub-SIGNATURE-256": "a", "x-other": "b"}, "body": ""}"#)
    #expect(request.header("x-hub-signature-256") == "a")
    #expect(request.header("x-missing") == nil)
  }

  @Test func aHeaderWithTwoValuesHasNoOneValue() throws {
    for headers in [
      #""headers": {"X-Sig": "a", "x-sig": "b"}"#, #""multiValueHeaders": {"X-Sig": ["a", "b"]}"#,
      #""multiValueHeaders": {"X-Sig": ["a", "a"]}"#,
      #""headers": {"X-Sig": "b"}, "multiValueHeaders": {"x-sig": ["a"]}"#,
    ] {
      #expect(try request("{\(context), \(headers)}").header("x-sig") == nil)
    }
  }

  @Test func theSameHeaderInBothFormsIsOne() throws {
    let request = try request(
      #"{\#(context), "headers": {"X-Sig": "a"}, "multiValueHeaders": {"X-Sig": ["a"]}}"#)
    #expect(request.header("x-sig") == "a")
  }

  @Test func headersOfAnotherKindAreNone() throws {
    for headers in [
      #""headers": null"#, #""headers": ["x-sig"]"#, #""headers": {"x-sig": 1}"#, #""other": 1"#,
    ] {
      #expect(try request("{\(context), \(headers)}").header("x-sig") == nil)
    }
  }

  @Test func aBodyIsTheBytesThatWereSent() throws {
    #expect(try request(#"{\#(context), "body": "é\r\n"}"#).body == Array("é\r\n".utf8))
    #expect(try request(#"{\#(context), "body": "/w==", "isBase64Encoded": true}"#).body == [0xFF])
    #expect(
      try request(#"{\#(context), "body": "/w==", "isBase64Encoded": false}"#).body == Array("/w==".utf8))
    #expect(try request("{\(context)}").body == [])
    #expect(try request(#"{\#(context), "body": null}"#).body == [])
  }

  @Test func anEncodedBodyOverTheLimitIsRefusedWithoutBeingDecoded() throws {
    // Were it decoded, it would be refused as no base64.
    let text = String(repeating: "!", count: (HTTPRequest.largestBody + 2) / 3 * 4 + 1)
    let request = try request(#"{\#(context), "body": "\#(text)", "isBase64Encoded": true}"#)
    #expect(request.isTooLarge)
    #expect(
      Webhook(request, secrets: ["one"], repository: nil, branch: "main")
        == .refused(status: 413, "the body is over \(HTTPRequest.largestBody) bytes"))
    let allowed = String(repeating: "A", count: HTTPRequest.largestBody / 3 * 4)
    #expect(
      try self.request(#"{\#(context), "body": "\#(allowed)", "isBase64Encoded": true}"#).body?.count
        == HTTPRequest.largestBody)
  }

  @Test(arguments: ["é", "/w=", "not base64!"])
  func aBodyThatIsNotBase64IsARequestWithoutOneAndRefused(_ body: String) throws {
    let request = try request(#"{\#(context), "body": "\#(body)", "isBase64Encoded": true}"#)
    #expect(request.body == nil)
    #expect(
      Webhook(request, secrets: ["one"], repository: nil, branch: "main")
        == .refused(status: 400, "the body isn't base64"))
  }

  @Test(arguments: [
    #"{"requestContext": {"http": {"method": "POST"}}}"#, #"{"httpMethod": "POST"}"#,
    #"{"requestContext": {"httpMethod": "POST"}}"#, #"{"httpMethod": "POST", "requestContext": {"elb": {}}}"#,
  ])
  func everyGatewaysRequestIsOne(_ json: String) throws {
    #expect(try request(json).body == [])
  }

  @Test func anEventThatLooksLikeBothIsARequest() throws {
    // Whoever can reach the gateway must not get by without a signature.
    #expect(try request(#"{\#(context), "action": "import", "source": "aws.events"}"#).body == [])
  }

  @Test func onlyTheEventsOwnKeysCount() throws {
    // A body is only a text until its signature holds, whatever it says.
    #expect(try request(#"{\#(context), "body": "{\"action\": \"import\"}"}"#).header("x") == nil)
  }

  @Test(arguments: [
    "{}", #"{"action": "export"}"#, #"{"action": 1}"#, #"{"source": "aws.rds"}"#, #"{"requestContext": {}}"#,
    #"{"Records": []}"#, #"{"Records": [{"eventSource": "aws:sns"}]}"#, "[]", "x",
  ])
  func whatAsksForNothingSensibleIsInvalid(_ json: String) {
    #expect(throws: InvalidEvent.self) { try ImportEvent(Array(json.utf8)) }
  }

  @Test func aQueueHoldsRequestsSchedulesAndActions() throws {
    func record(_ id: String, _ body: String) throws -> String {
      #"{"messageId": "\#(id)", "eventSource": "aws:sqs", "body": \#(try JSON.text(JSONValue.string(body)))}"#
    }
    let bodies = ["{\(context)}", #"{"source": "aws.scheduler"}"#, #"{"action": "import"}"#, "{}"]
    let records = try bodies.enumerated().map { try record("\($0)", $1) }.joined(separator: ", ")
    guard case .queue(let read) = try ImportEvent(Array(#"{"Records": [\#(records)]}"#.utf8)) else {
      Issue.record("no batch")
      return
    }
    #expect(read.map(\.messageID) == ["0", "1", "2", "3"])
    #expect(try read[0].request.get() == .http(HTTPRequest(headers: [:], body: [])))
    #expect(try read[1].request.get() == .sweep)
    #expect(try read[2].request.get() == .sweep)
    #expect((try? read[3].request.get()) == nil)
  }
}
