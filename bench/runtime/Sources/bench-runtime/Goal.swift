/// A figure that has to hold.
struct Goal {
  let text: String
  let value: Double
  let limit: Double
  let isMinimum: Bool
  let unit: String

  var isMet: Bool { isMinimum ? value >= limit : value <= limit }

  /// As `cold start of skills-to-git: 1.60 × the floor (at most 2.00): met`.
  var line: String {
    "\(text): \(decimal(value, 2)) \(unit) (\(isMinimum ? "at least" : "at most") \(decimal(limit, 2))): "
      + (isMet ? "met" : "NOT MET")
  }
}

extension Result {
  /// The goals for what was measured.
  ///
  /// - Parameters:
  ///   - start: which of a program's starts counts.
  ///   - mostOfFloor: how many times the floor's start a function's may take.
  func goals(start: KeyPath<Distribution, Double>, mostOfFloor: Double = 2) -> [Goal] {
    guard let floor else { return [] }
    var goals: [Goal] = []
    func add(_ text: String, _ value: Double, atMost limit: Double, _ unit: String) {
      goals.append(Goal(text: text, value: value, limit: limit, isMinimum: false, unit: unit))
    }
    for measurement in [self["skills-to-git"], self["git-to-skills"]].compactMap(\.self) {
      add(
        "cold start of \(measurement.name)",
        measurement.coldStart[keyPath: start] / floor.coldStart[keyPath: start],
        atMost: mostOfFloor, "× the floor")
      if let python = self["awslambdaric"] {
        goals.append(
          Goal(
            text: "cold start of \(measurement.name)",
            value: python.coldStart[keyPath: start] / measurement.coldStart[keyPath: start], limit: 8,
            isMinimum: true, unit: "× below awslambdaric"))
      }
    }
    if let noop = self["noop"] {
      for (size, overhead) in noop.overhead.sorted(by: { $0.key < $1.key }) {
        guard let least = floor.overhead[size] else { continue }
        add(
          "p50 of a no-op invocation with \(size / 1_024) KB", overhead.p50 / least.p50, atMost: 1.2,
          "× the floor")
      }
    }
    for measurement in measurements where measurement.name != "awslambdaric" && measurement.name != "floor" {
      add(
        "peak memory of \(measurement.name)", Double(measurement.peakMemory) / Double(1 << 20), atMost: 16,
        "MB")
    }
    return goals
  }
}
