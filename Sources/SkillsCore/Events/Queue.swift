/// One message of an SQS batch.
public struct QueueRecord<Request: Equatable & Sendable>: Equatable, Sendable {
  /// What `batchItemFailures` names it by.
  public var messageID: String
  /// What it asks, or why it can't be read.
  public var request: Result<Request, InvalidEvent>

  /// A message and what it asks.
  public init(messageID: String, request: Result<Request, InvalidEvent>) {
    self.messageID = messageID
    self.request = request
  }
}

func readObject(_ payload: [UInt8]) throws(InvalidEvent) -> JSONValue {
  let event: JSONValue
  do { event = try JSON.read(payload) } catch { throw InvalidEvent("the event isn't JSON") }
  guard case .object = event else { throw InvalidEvent("the event must be a JSON object") }
  return event
}

func isQueue(_ records: [JSONValue]) -> Bool {
  !records.isEmpty && records.allSatisfy { $0["eventSource"]?.text == "aws:sqs" }
}

/// Reads each record's body; a record that can't be read takes no other along.
func queueRecords<Request>(
  _ records: [JSONValue], _ read: ([UInt8]) throws(InvalidEvent) -> Request
) -> [QueueRecord<Request>] {
  records.map { record in
    let result: Result<Request, InvalidEvent>
    do throws(InvalidEvent) {
      guard let body = record["body"]?.text else { throw InvalidEvent("the SQS record has no body") }
      result = .success(try read(Array(body.utf8)))
    } catch {
      result = .failure(error)
    }
    return QueueRecord(messageID: record["messageId"]?.text ?? "", request: result)
  }
}

func snsMessages(_ records: [JSONValue]) throws(InvalidEvent) -> [JSONValue] {
  var messages: [JSONValue] = []
  for record in records {
    guard let text = record["Sns"]?["Message"]?.text else {
      throw InvalidEvent("\"Records\" must be records of SQS or of SNS")
    }
    messages.append(try readObject(Array(text.utf8)))
  }
  if messages.isEmpty { throw InvalidEvent("\"Records\" is empty") }
  return messages
}

/// A value of an event, shortened, as an error message may show it.
func quoted(_ value: JSONValue) -> String {
  let text = (try? JSON.text(value)) ?? "?"
  return text.count > 60 ? text.prefix(59) + "…" : text
}
