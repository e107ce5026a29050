import SkillsCore

/// The function `skills-to-git`: an event in, the answer's JSON out.
public struct SkillsToGitFunction {
  let session: Session

  /// The function with what the process keeps.
  public init(session: Session) { self.session = session }

  /// - Parameters:
  ///   - payload: the event's JSON, as `ExportEvent` takes it.
  /// - Returns: an `ExportReport` as JSON; for `drift` a `DriftReport` of the first 1,000 skills that aren't in sync.
  /// - Throws: a `RunError`.
  public func answer(_ payload: [UInt8], deadline: Deadline, progress: Progress) async throws(RunError)
    -> [UInt8]
  {
    try await session.measuring {
      switch try ExportEvent(payload) {
      case .single(let request):
        session.measurements.event = request.kind
        return try JSON.write(try await export(request, deadline, progress))
      case .queue(let records):
        session.measurements.event = "queue"
        return try JSON.write(try await batch(records, deadline, progress))
      case .drift:
        session.measurements.event = "drift"
        return try JSON.write(try await session.drift(deadline: deadline, progress: progress).short)
      }
    }
  }

  /// One run that does what they all ask.
  ///
  /// Should it fail, the whole batch comes again.
  private func batch(
    _ records: [QueueRecord<ExportRequest>], _ deadline: Deadline, _ progress: Progress
  ) async throws -> ExportReport {
    var failures: [BatchItemFailure] = []
    var requests: [ExportRequest] = []
    for record in records {
      switch record.request {
      case .success(let request): requests.append(request)
      case .failure(let error):
        session.log.error(
          "a queue's message can't be read: \(error)", metadata: ["messageId": "\(record.messageID)"])
        failures.append(BatchItemFailure(itemIdentifier: record.messageID))
      }
    }
    var report = ExportReport()
    if let first = requests.first {
      report = try await export(requests.dropFirst().reduce(first) { $0.union($1) }, deadline, progress)
    }
    report.batchItemFailures = failures
    return report
  }

  private func export(
    _ request: ExportRequest, _ deadline: Deadline, _ progress: Progress
  ) async throws -> ExportReport {
    try await session.export(
      request, isBounded: request != .everything, deadline: deadline, progress: progress)
  }
}
