import LambdaRuntime
import Logging
import SkillsCore

extension Session {
  /// Answers one event, and writes what it measured: one line, whatever becomes of the event.
  ///
  /// - Throws: a `RunError`.
  func measuring(_ answer: () async throws -> [UInt8]) async throws(RunError) -> [UInt8] {
    measurements = Measurements()
    log[metadataKey: "deliveryId"] = nil
    defer { writeMeasurements() }
    do {
      return try await answer()
    } catch {
      let error = RunError(error)
      measurements.outcome = error.type
      throw error
    }
  }

  private func writeMeasurements() {
    measurements.count(.invocations)
    var properties: [String: String] = [:]
    for key in ["requestId", "deliveryId"] { properties[key] = log[metadataKey: key].map { "\($0)" } }
    let document = MetricDocument(
      values: measurements.values, function: functionName, event: measurements.event,
      outcome: measurements.outcome, properties: properties)
    // Numbers and texts only: nothing that JSON can't say.
    guard let line = try? document.line(at: wallClock()) else { return }
    StandardStream.write(line + "\n", to: metricOutput.rawValue)
  }
}

extension ExportRequest {
  /// The kind of event, as metrics and logs name it.
  var kind: String {
    switch self {
    case .skills: "skill"
    case .outbox: "sync"
    case .everything: "sweep"
    }
  }
}
