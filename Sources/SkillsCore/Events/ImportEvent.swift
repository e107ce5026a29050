/// An event for `git-to-skills`, told apart by its shape.
public enum ImportEvent: Equatable, Sendable {
  /// An HTTP request, whose signature is still to be verified.
  case http(HTTPRequest)
  /// A batch from SQS whose messages are HTTP events or one of the others.
  case queue([QueueRecord<ImportEvent>])
  /// Look at the branch and at every skill, not only at what changed since the recorded tip.
  case sweep
  /// A push to our branch, whose webhook was verified before it went into the queue: as `Webhook.push`.
  case pushed(after: String, delivery: String?)

  /// Reads an event of any shape that is accepted.
  ///
  /// API Gateway's REST and HTTP APIs, function URLs, EventBridge schedules, `{"action": "import"}`, and each of them in
  /// SQS batches.
  public init(_ payload: [UInt8]) throws(InvalidEvent) {
    let event = try readObject(payload)
    if let records = event["Records"]?.elements, isQueue(records) {
      self = .queue(queueRecords(records) { body throws(InvalidEvent) in try importEvent(readObject(body)) })
    } else {
      self = try importEvent(event)
    }
  }
}

private func importEvent(_ event: JSONValue) throws(InvalidEvent) -> ImportEvent {
  if let request = HTTPRequest(event) { return .http(request) }
  if let action = event["action"] {
    guard action.text == "import" else {
      throw InvalidEvent("unknown action \(quoted(action)): git-to-skills knows \"import\"")
    }
    if let after = event["after"]?.text { return .pushed(after: after, delivery: event["deliveryId"]?.text) }
    return .sweep
  }
  if ["aws.events", "aws.scheduler"].contains(event["source"]?.text) { return .sweep }
  throw InvalidEvent(
    "not an event that git-to-skills knows: it takes API Gateway and function URL requests, schedules, SQS batches "
      + "of those, and {\"action\": \"import\"}")
}

extension ImportEvent {
  /// The message that a verified push leaves in the webhook's queue.
  ///
  /// Small, whatever the payload's size, and without anything of the payload but the commit's id.
  ///
  /// - Parameter delivery: GitHub's id of the delivery, for logs.
  public static func message(pushed after: String, delivery: String?) -> String {
    var message = ["action": "import", "after": after]
    message["deliveryId"] = delivery
    return (try? JSON.text(message)) ?? ""
  }
}
