/// What an event asks of `skills-to-git`.
public enum ExportRequest: Equatable, Sendable {
  /// These skills, and whatever else waits in the outbox.
  case skills([String])
  /// Whatever waits in the outbox.
  case outbox
  /// Every row compared with its base, for what a trigger or an event missed.
  case everything

  /// The skills that it names.
  public var named: [String] {
    if case .skills(let ids) = self { return ids }
    return []
  }
}

/// An event for `skills-to-git`, told apart by its shape.
public enum ExportEvent: Equatable, Sendable {
  /// One event.
  case single(ExportRequest)
  /// A batch from SQS: each record by its message id, with what it asks or why it can't be read.
  case queue([QueueRecord<ExportRequest>])
  /// A look at both sides that changes nothing.
  case drift

  /// Reads an event of any shape that is accepted.
  ///
  /// EventBridge's custom events, `aws.rds` and schedules, the same through SNS or in SQS batches, `{skillId, operation}`
  /// as RDS's `aws_lambda` extension sends it, and the manual `{action, skillId?}`; `{action: "drift"}` by itself alone.
  public init(_ payload: [UInt8]) throws(InvalidEvent) {
    let event = try readObject(payload)
    if let records = event["Records"]?.elements, isQueue(records) {
      self = .queue(
        queueRecords(records) { body throws(InvalidEvent) in try exportRequest(readObject(body)) })
    } else if event["action"]?.text == "drift" {
      self = .drift
    } else {
      self = .single(try exportRequest(event))
    }
  }
}

private func exportRequest(_ event: JSONValue) throws(InvalidEvent) -> ExportRequest {
  if let records = event["Records"]?.elements {
    return try union(snsMessages(records)) { message throws(InvalidEvent) in try exportRequest(message) }
  }
  if event["Type"]?.text == "Notification", let message = event["Message"]?.text {
    return try exportRequest(readObject(Array(message.utf8)))  // SNS without raw delivery, through SQS
  }
  if let action = event["action"] { return try manualRequest(action, event) }
  if let source = event["source"]?.text, let detailType = event["detail-type"]?.text {
    return try eventBridgeRequest(source: source, detailType: detailType, event["detail"] ?? .null)
  }
  // RDS's own notices have other keys through SNS than through EventBridge.
  if event["Event Source"] != nil, event["Event Message"] != nil { return .outbox }
  if event["skillId"] != nil { return try skillRequest(event) }
  throw InvalidEvent(
    "not an event that skills-to-git knows: it takes EventBridge, SQS and SNS events, {\"skillId\", \"operation\"} "
      + "and {\"action\": \"sync\" | \"export\" | \"drift\"}")
}

private func manualRequest(_ action: JSONValue, _ event: JSONValue) throws(InvalidEvent) -> ExportRequest {
  let all: ExportRequest
  switch action.text {
  case "sync": all = .outbox
  case "export": all = .everything
  default:
    throw InvalidEvent(
      "unknown action \(quoted(action)): skills-to-git knows \"sync\", \"export\" and, by itself, \"drift\"")
  }
  guard let id = event["skillId"], id != .null else { return all }
  return .skills([try validID(id)])
}

private func eventBridgeRequest(
  source: String, detailType: String, _ detail: JSONValue
) throws(InvalidEvent) -> ExportRequest {
  switch (source, detailType) {
  case ("aws.rds", _): return .outbox  // it tells of the instance, never of rows
  case ("aws.events", _), ("aws.scheduler", _): return .everything
  case (_, "SkillCreated"), (_, "SkillUpdated"), (_, "SkillDeleted"): return try skillRequest(detail)
  default:
    throw InvalidEvent(
      "unknown detail-type \(quoted(.string(detailType))): it must be SkillCreated, SkillUpdated or SkillDeleted"
    )
  }
}

private func skillRequest(_ detail: JSONValue) throws(InvalidEvent) -> ExportRequest {
  guard let id = detail["skillId"] else { throw InvalidEvent("the event has no \"skillId\"") }
  if let operation = detail["operation"], operation != .null,
    !["create", "update", "delete", "insert"].contains(operation.text?.lowercased())
  {
    throw InvalidEvent(
      "unknown operation \(quoted(operation)): it must be \"create\", \"update\" or \"delete\"")
  }
  return .skills([try validID(id)])
}

private func validID(_ id: JSONValue) throws(InvalidEvent) -> String {
  guard let text = id.text else { throw InvalidEvent("\"skillId\" must be a text") }
  if let problem = problemWithSkillID(text) { throw InvalidEvent("\"skillId\" \(problem)") }
  return text
}

private func union(
  _ messages: [JSONValue], _ request: (JSONValue) throws(InvalidEvent) -> ExportRequest
) throws(InvalidEvent) -> ExportRequest {
  var result = ExportRequest.outbox
  for message in messages { result = result.union(try request(message)) }
  return result
}

extension ExportRequest {
  /// One request that does what both ask.
  public func union(_ other: ExportRequest) -> ExportRequest {
    switch (self, other) {
    case (.everything, _), (_, .everything): .everything
    case (.skills(let one), .skills(let two)): .skills(one + two.filter { !one.contains($0) })
    case (.skills, .outbox): self
    case (.outbox, _): other
    }
  }
}
