import SkillsCore

/// What one invocation has measured so far.
final class Measurements {
  private(set) var values: [Metric: Double] = [:]
  /// The kind of event, a constant text.
  var event = "invalid"
  /// `success`, `rejected`, or the type of the error.
  var outcome = "success"

  /// So many more.
  func count(_ metric: Metric, _ number: Int = 1) {
    if number > 0 { values[metric, default: 0] += Double(number) }
  }

  /// The longest of several times.
  func setLongest(_ metric: Metric, _ seconds: Double) {
    values[metric] = max(seconds, values[metric] ?? seconds)
  }

  /// A state as it was found last.
  func set(_ metric: Metric, _ value: Double?) { values[metric] = value ?? values[metric] }

  /// More time.
  func add(_ metric: Metric, _ duration: Duration) {
    if duration > .zero { values[metric, default: 0] += duration.inMilliseconds }
  }

  /// Waits and counts it as time spent so.
  func sleep(_ duration: Duration) async throws {
    let began = ContinuousClock.now
    defer { add(.waitTime, ContinuousClock.now - began) }
    try await Task.sleep(for: duration)
  }
}

extension Duration {
  /// To whole milliseconds.
  var inMilliseconds: Double {
    Double(components.seconds) * 1_000 + (Double(components.attoseconds) / 1e15).rounded()
  }
}
