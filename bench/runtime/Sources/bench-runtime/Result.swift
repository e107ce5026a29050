import FoundationEssentials

/// All that one run measured, and on what.
struct Result: Codable {
  /// When, as an ISO 8601 date.
  let date: String
  let machine: Machine
  let measurements: [Measurement]

  init(_ measurements: [Measurement], machine: Machine) {
    date = Date.now.formatted(.iso8601.year().month().day())
    self.machine = machine
    self.measurements = measurements
  }

  subscript(name: String) -> Measurement? { measurements.first { $0.name == name } }
  var floor: Measurement? { self["floor"] }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}

/// What it was measured on.
struct Machine: Codable {
  let processor: String
  let cores: Int
  let kernel: String
  /// Programs that wanted to run, on average over a minute: before and after.
  let loadBefore: Double
  var loadAfter: Double
  /// Whether the others had to wait.
  let hasPrecedence: Bool

  /// This machine, now.
  static func current(hasPrecedence: Bool) throws -> Machine {
    let processors = try textFile("/proc/cpuinfo").split(separator: "\n").filter {
      $0.hasPrefix("model name")
    }
    let name = processors.first?.split(separator: ":").last.map { $0.trimmingPrefix(" ") }
    let load = try currentLoad()
    return Machine(
      processor: name.map(String.init) ?? "unknown", cores: processors.count,
      kernel: try textFile("/proc/sys/kernel/osrelease").filter { $0 != "\n" }, loadBefore: load,
      loadAfter: load,
      hasPrecedence: hasPrecedence)
  }

  static func currentLoad() throws -> Double {
    try textFile("/proc/loadavg").split(separator: " ").first.flatMap { Double($0) } ?? 0
  }

  /// In words.
  var text: String {
    "\(processor), \(cores) cores, Linux \(kernel); load \(decimal(loadBefore, 1)) before and "
      + "\(decimal(loadAfter, 1)) after, " + (hasPrecedence ? "with precedence" : "without precedence")
  }
}

/// A text file's contents; /proc's have no length that could be asked for.
func textFile(_ path: String) throws -> String {
  String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
}

/// A number with so many digits behind the point.
func decimal(_ value: Double, _ digits: Int) -> String {
  let power = (0..<digits).reduce(1) { power, _ in power * 10 }
  let scaled = Int((value * Double(power)).rounded())
  guard digits > 0 else { return "\(scaled)" }
  let fraction = String(scaled % power)
  return "\(scaled / power)." + String(repeating: "0", count: digits - fraction.count) + fraction
}
