import Glibc

/// What was measured of one program.
struct Measurement: Codable {
  let name: String
  let label: String
  /// Seconds from before the process is made to its first `next`.
  var coldStart: Distribution
  /// The processor's time of that, in seconds.
  var coldStartProcessorTime: Distribution
  /// The runtime's part of an invocation, in seconds, by the event's size in bytes.
  var overhead: [Int: Distribution] = [:]
  /// The most memory in RAM when its first event was answered, in bytes.
  var peakMemory: Int
  /// What is uploaded, compressed, in bytes.
  let size: Int
}

/// Some values of a sample, by rank.
struct Distribution: Codable {
  let count: Int
  let minimum: Double
  let p10: Double
  let p50: Double
  let p90: Double
  let p99: Double

  init(_ values: [Double]) {
    let sorted = values.sorted()
    func value(_ rank: Double) -> Double {
      sorted.isEmpty ? 0 : sorted[Int(rank * Double(sorted.count - 1) + 0.5)]
    }
    count = sorted.count
    minimum = value(0)
    p10 = value(0.1)
    p50 = value(0.5)
    p90 = value(0.9)
    p99 = value(0.99)
  }
}

/// How often, and of what size.
struct Extent {
  /// Microseconds between two starts: what the end of one leaves to the kernel isn't the next one's.
  let pause: UInt32
  let coldStarts: Int
  /// Invocations of each size.
  let invocations: Int
  /// Invocations of one program before it is another's turn.
  let turn = 100
  let eventSizes = [1_024, 102_400]
}

/// Measures the programs side by side: they take turns, each time in another order, so that what else the machine does
/// concerns all alike.
func measure(_ programs: [Program], _ extent: Extent) throws -> [Measurement] {
  let server = try RuntimeServer()
  var coldStarts = programs.map { _ in [Double]() }
  var processorTimes = coldStarts
  // The first round fills the page cache.
  for round in 0...extent.coldStarts {
    for index in programs.indices.shuffled() {
      usleep(extent.pause)
      let runtime = try Runtime(programs[index], server)
      guard round > 0 else { continue }
      coldStarts[index].append(runtime.coldStart)
      processorTimes[index].append(runtime.coldStartProcessorTime)
    }
  }
  var results: [Measurement] = []
  for (index, program) in programs.enumerated() {
    let runtime = try Runtime(program, server)
    _ = try runtime.invoke(program.noop)
    results.append(
      Measurement(
        name: program.name, label: program.label, coldStart: Distribution(coldStarts[index]),
        coldStartProcessorTime: Distribution(processorTimes[index]), peakMemory: try runtime.peakMemory(),
        size: program.size))
  }
  for size in extent.eventSizes where extent.invocations > 0 {
    for (index, overhead) in try measureInvocations(programs, server, Event(bytes: size), extent) {
      results[index].overhead[size] = overhead
    }
  }
  return results
}

/// The overhead of each program that answers any event.
private func measureInvocations(
  _ programs: [Program], _ server: RuntimeServer, _ event: Event, _ extent: Extent
) throws -> [Int: Distribution] {
  var runtimes: [Int: Runtime] = [:]
  var times: [Int: [Double]] = [:]
  for index in programs.indices where programs[index].isEcho {
    let runtime = try Runtime(programs[index], server)
    // Not counted: the first ones load code and grow buffers.
    for _ in 0..<extent.turn { _ = try runtime.invoke(event) }
    runtimes[index] = runtime
  }
  for _ in 0..<extent.invocations / extent.turn {
    for (index, runtime) in runtimes.shuffled() {
      for _ in 0..<extent.turn { times[index, default: []].append(try runtime.invoke(event)) }
    }
  }
  return times.mapValues { Distribution($0) }
}
