import AWS
import SkillsCore

/// The function `git-to-skills`: an event in, the answer's JSON out.
public struct GitToSkillsFunction {
  let session: Session

  /// The function with what the process keeps.
  public init(session: Session) { self.session = session }

  /// - Parameters:
  ///   - payload: the event's JSON, as `ImportEvent` takes it.
  /// - Returns: an `ImportReport` as JSON; for an HTTP event an `HTTPAnswer` with it as the body.
  /// - Throws: a `RunError`; never for an HTTP event, whose caller gets a status.
  public func answer(_ payload: [UInt8], deadline: Deadline, progress: Progress) async throws(RunError)
    -> [UInt8]
  {
    try await session.measuring {
      switch try ImportEvent(payload) {
      case .http(let request):
        session.measurements.event = "webhook"
        session.log[metadataKey: "deliveryId"] = request.header("x-github-delivery").map { "\($0)" }
        return try JSON.write(await answer(request, deadline, progress))
      case .sweep:
        session.measurements.event = "sweep"
        return try JSON.write(
          try await session.import(after: nil, isSweep: true, deadline: deadline, progress: progress))
      case .pushed(let after, let delivery):
        session.measurements.event = "push"
        session.log[metadataKey: "deliveryId"] = delivery.map { "\($0)" }
        return try JSON.write(
          try await session.import(after: after, isSweep: false, deadline: deadline, progress: progress))
      case .queue(let records):
        session.measurements.event = "queue"
        return try JSON.write(try await report(records, deadline, progress))
      }
    }
  }

  /// What a request comes to, by the secrets that are valid now.
  private func webhook(_ request: HTTPRequest, _ deadline: Deadline) throws -> Webhook {
    let (settings, credentials) = (session.settings, session.credentials)
    func read(_ secrets: [String]) -> Webhook {
      Webhook(request, secrets: secrets, repository: settings.gitHubName, branch: settings.branch)
    }
    func isRefused(_ webhook: Webhook) -> Bool {
      if case .refused(401, _) = webhook { request.header("x-hub-signature-256") != nil } else { false }
    }
    func readByAll() throws -> Webhook {
      let webhook = read(try credentials.webhookSecrets(deadline))
      guard isRefused(webhook), let former = try credentials.formerWebhookSecret(deadline) else {
        return webhook
      }
      return read([former])
    }
    let webhook = try readByAll()
    guard isRefused(webhook), credentials.rereadWebhookSecrets(deadline) else { return webhook }
    return try readByAll()
  }

  private func answer(_ request: HTTPRequest, _ deadline: Deadline, _ progress: Progress) async -> HTTPAnswer
  {
    do {
      switch try webhook(request, deadline) {
      case .ping:
        session.measurements.outcome = "ignored"
        return HTTPAnswer(status: 200, message: "pong")
      case .notOurs(let reason):
        session.measurements.outcome = "ignored"
        return HTTPAnswer(status: 202, message: reason)
      case .refused(let status, let reason):
        session.measurements.outcome = "rejected"
        session.measurements.count(.rejectedWebhooks)
        session.log.warning("a webhook was refused: \(reason)", metadata: ["status": "\(status)"])
        return HTTPAnswer(status: status, message: reason)
      case .push(let after):
        if let queue = session.settings.webhookQueue {
          try session.aws.send(
            ImportEvent.message(pushed: after, delivery: request.header("x-github-delivery")), to: queue
          ) { deadline.remainingForAWS }
          return HTTPAnswer(status: 202, message: "queued")
        }
        let report = try await session.import(
          after: after, isSweep: false, deadline: deadline, progress: progress)
        return HTTPAnswer(status: 200, body: try JSON.text(report))
      }
    } catch let thrown {
      let error = RunError(thrown)
      session.log.error("\(error.message)", metadata: ["errorType": "\(error.type)"])
      session.measurements.outcome = error.type
      // A run's own failure was published by it: within the hour that is once.
      if let notice = Notice(thrown) {
        session.notices.publish([notice], of: nil, log: session.log, deadline)
      }
      return HTTPAnswer(status: thrown is AWSError ? 502 : 500, error: error)
    }
  }

  /// One look at the branch does what all the messages ask; a message that asks for nothing sensible fails alone.
  ///
  /// Where they all tell of one commit, there is nothing to look for if that is the recorded tip.
  private func report(
    _ records: [QueueRecord<ImportEvent>], _ deadline: Deadline, _ progress: Progress
  ) async throws -> ImportReport {
    var failures: [BatchItemFailure] = []
    var looks = false
    var isSweep = false
    var tips: Set<String?> = []
    for record in records {
      let problem: String?
      switch record.request {
      case .success(.sweep):
        (looks, isSweep, problem) = (true, true, nil)
        tips.insert(nil)
      case .success(.pushed(let after, let delivery)):
        (looks, problem) = (true, nil)
        // Of several the last: their pushes are imported as one.
        if let delivery { session.log[metadataKey: "deliveryId"] = "\(delivery)" }
        tips.insert(after)
      case .success(.http(let request)):
        switch try webhook(request, deadline) {
        case .push(let after):
          (looks, problem) = (true, nil)
          tips.insert(after)
        case .ping, .notOurs: problem = nil
        case .refused(_, let reason):
          session.measurements.count(.rejectedWebhooks)
          problem = reason
        }
      case .success(.queue): problem = "a batch inside a batch"
      case .failure(let error): problem = error.description
      }
      guard let problem else { continue }
      session.log.error(
        "a queue's message can't be read: \(problem)", metadata: ["messageId": "\(record.messageID)"])
      failures.append(BatchItemFailure(itemIdentifier: record.messageID))
    }
    var report = ImportReport()
    if looks {
      let after = tips.count == 1 ? tips.first ?? nil : nil
      report = try await session.import(
        after: after, isSweep: isSweep, deadline: deadline, progress: progress)
    }
    report.batchItemFailures = failures
    return report
  }
}
