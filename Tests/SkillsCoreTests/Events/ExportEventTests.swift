import SkillsCore
import Testing

/// Shapes that no file in `Events` shows.
struct ExportEventTests {
  private func request(_ json: String) throws -> ExportRequest {
    guard case .single(let request) = try ExportEvent(Array(json.utf8)) else {
      throw InvalidEvent("a batch")
    }
    return request
  }

  private func records(_ json: String) throws -> [QueueRecord<ExportRequest>] {
    guard case .queue(let records) = try ExportEvent(Array(json.utf8)) else { throw InvalidEvent("no batch") }
    return records
  }

  private func text(_ json: String) throws -> String { try JSON.text(JSONValue.string(json)) }

  @Test(arguments: ["create", "update", "delete", "INSERT", "Update", "DELETE"])
  func anOperationIsKnownInAnyCase(_ operation: String) throws {
    #expect(try request(#"{"skillId": "a", "operation": "\#(operation)"}"#) == .skills(["a"]))
  }

  @Test func anOperationMayBeMissing() throws {
    #expect(try request(#"{"skillId": "a"}"#) == .skills(["a"]))
    #expect(try request(#"{"skillId": "a", "operation": null}"#) == .skills(["a"]))
  }

  @Test(arguments: [
    #"{"skillId": 1}"#, #"{"skillId": null}"#, #"{"skillId": ""}"#, #"{"skillId": "a\nb"}"#,
    #"{"skillId": " a"}"#,
    #"{"skillId": ["a"]}"#, #"{"skillId": "a", "operation": 1}"#, #"{"skillId": "a", "operation": ""}"#,
    #"{"action": "sync", "skillId": 7}"#, #"{"action": "export", "skillId": "\u0000"}"#, #"{"action": null}"#,
    #"{"action": ["sync"]}"#, #"{"action": "Sync"}"#, #"{"Records": []}"#, #"{"Records": [{}]}"#,
    #"{"Records": [{"eventSource": "aws:s3"}]}"#, #"{"Records": {"a": 1}}"#,
    #"{"Records": [{"Sns": {"Message": "hello"}}]}"#, #"{"Records": [{"Sns": {"Message": "[]"}}]}"#,
    #"{"Records": [{"eventSource": "aws:sqs", "body": "{}"}, {"Sns": {"Message": "{}"}}]}"#,
    #"{"source": "app", "detail-type": "SkillRenamed", "detail": {"skillId": "a"}}"#,
    #"{"source": "app", "detail-type": "SkillUpdated"}"#,
    #"{"source": "app", "detail-type": "SkillUpdated", "detail": 1}"#,
    #"{"source": "app"}"#, "null", "1", "\"sync\"", "", "{\"action\": \"sync\"} trailing",
  ])
  func whatAsksForNothingSensibleIsInvalid(_ json: String) {
    #expect(throws: InvalidEvent.self) { try ExportEvent(Array(json.utf8)) }
  }

  @Test func anErrorShowsNoMoreThanTheStartOfAValue() {
    let long = String(repeating: "x", count: 10_000)
    let error = #expect(throws: InvalidEvent.self) { try request(#"{"action": "\#(long)"}"#) }
    #expect(error.map { $0.description.count < 200 } == true)
  }

  @Test func anActionMayNameOneSkill() throws {
    #expect(try request(#"{"action": "export", "skillId": "a"}"#) == .skills(["a"]))
    #expect(try request(#"{"action": "export", "skillId": null}"#) == .everything)
    #expect(try request(#"{"action": "sync", "skillId": null}"#) == .outbox)
  }

  @Test func bothKindsOfScheduleAskForEverything() throws {
    for source in ["aws.events", "aws.scheduler"] {
      #expect(
        try request(#"{"source": "\#(source)", "detail-type": "Scheduled Event", "detail": {}}"#)
          == .everything)
    }
  }

  @Test func whateverRDSSaysItAsksForTheOutbox() throws {
    for kind in ["RDS DB Instance Event", "RDS DB Cluster Event", "SkillUpdated"] {
      #expect(
        try request(#"{"source": "aws.rds", "detail-type": "\#(kind)", "detail": {"skillId": 1}}"#) == .outbox
      )
    }
    let notice = #"{"Event Source": "db-instance", "Event Message": "A failover has completed."}"#
    #expect(try request(#"{"Records": [{"Sns": {"Message": \#(text(notice))}}]}"#) == .outbox)
  }

  @Test func severalMessagesOfSNSAreOneRequest() throws {
    let message = { (json: String) in #"{"Sns": {"Message": \#(try self.text(json))}}"# }
    let (a, b) = (try message(#"{"skillId": "a"}"#), try message(#"{"skillId": "b"}"#))
    #expect(try request(#"{"Records": [\#(a), \#(b), \#(a)]}"#) == .skills(["a", "b"]))
    #expect(try request(#"{"Records": [\#(a), \#(message(#"{"action": "export"}"#))]}"#) == .everything)
  }

  @Test func aMessageOfSNSMayComeThroughAQueue() throws {
    let notification = #"{"Type": "Notification", "Message": \#(try text(#"{"skillId": "a"}"#))}"#
    let records = try records(
      #"{"Records": [{"messageId": "1", "eventSource": "aws:sqs", "body": \#(text(notification))}]}"#)
    #expect(records == [QueueRecord(messageID: "1", request: .success(.skills(["a"])))])
  }

  @Test func aRecordThatCannotBeReadTakesNoOtherAlong() throws {
    let records = try records(
      #"""
      {"Records": [
        {"messageId": "1", "eventSource": "aws:sqs"}, {"messageId": "2", "eventSource": "aws:sqs", "body": "{"},
        {"messageId": "3", "eventSource": "aws:sqs", "body": "{\"action\": \"sync\"}"},
        {"eventSource": "aws:sqs", "body": "[]"}
      ]}
      """#)
    #expect(records.map(\.messageID) == ["1", "2", "3", ""])
    #expect(records.map { (try? $0.request.get()) != nil } == [false, false, true, false])
    #expect(records[0].request == .failure(InvalidEvent("the SQS record has no body")))
  }

  @Test func aBatchInsideABatchIsNotRead() throws {
    let inner =
      #"{"Records": [{"messageId": "i", "eventSource": "aws:sqs", "body": "{\"skillId\": \"a\"}"}]}"#
    let records = try records(
      #"{"Records": [{"messageId": "1", "eventSource": "aws:sqs", "body": \#(text(inner))}]}"#)
    #expect((try? records[0].request.get()) == nil)
  }

  @Test func oneRequestDoesWhatBothAsk() {
    let (one, two) = (ExportRequest.skills(["a", "b"]), ExportRequest.skills(["b", "c"]))
    #expect(one.union(two) == .skills(["a", "b", "c"]))
    for request in [one, .outbox, .everything] {
      #expect(request.union(.everything) == .everything)
      #expect(ExportRequest.everything.union(request) == .everything)
      #expect(request.union(.outbox) == request)
      #expect(ExportRequest.outbox.union(request) == request)
    }
  }
}
