import SkillsCore

/// What one invocation has measured so far.
final class Measurements {
  private(set) var values: [Metric: Double] = [:]
  /// The kind of event, a constant text.
  var event = "invalid"
  /// `success`, `rejected`, or the type of the error.
  var outcome = "success"

  /// One more.
  func count(_ metric: Metric) { values[metric, default: 0] += 1 }

  /// A state as it was found last.
  func set(_ metric: Metric, _ value: Double?) { values[metric] = value ?? values[metric] }

  /// More time.
  func add(_ metric: Metric, _ duration: Duration) { values[metric, default: 0] += duration.inMilliseconds }

  /// Waits and counts it as time spent so.
  func sleep(_ duration: Duration) async throws {
    let began = ContinuousClock.now
    defer { add(.waitTime, ContinuousClock.now - began) }
    try await Task.sleep(for: duration)
  }
}

extension Duration {
  fileprivate var inMilliseconds: Double {
    Double(components.seconds) * 1_000 + (Double(components.attoseconds) / 1e15).rounded()
  }
}
