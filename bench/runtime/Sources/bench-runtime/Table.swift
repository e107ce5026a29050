/// A table: aligned for a terminal, or in Markdown.
struct Table {
  let head: [String]
  let rows: [[String]]

  /// The first column to the left, the others to the right.
  var text: String {
    let lines = [head] + rows
    let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      line.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - line[column].count)
        return column == 0 ? line[column] + padding : padding + line[column]
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  var markdown: String {
    let rule = ["---"] + head.dropFirst().map { _ in "---:" }
    return ([head, rule] + rows).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }
}

extension Result {
  /// Cold start, memory and size.
  var startTable: Table {
    Table(
      head: ["", "cold start", "median", "least", "p10–p90", "processor", "peak memory", "zip"],
      rows: measurements.map { measurement in
        let start = measurement.coldStart
        return [
          measurement.label, ratio(start.p50, floor?.coldStart.p50), "\(milliseconds(start.p50)) ms",
          "\(milliseconds(start.minimum)) ms",
          "\(milliseconds(start.p10))–\(milliseconds(start.p90)) ms",
          "\(milliseconds(measurement.coldStartProcessorTime.p50)) ms",
          "\(megabytes(measurement.peakMemory)) MB",
          "\(megabytes(measurement.size)) MB",
        ]
      })
  }

  /// The overhead of an invocation, by its size.
  var invocationTable: Table {
    let sizes = measurements.flatMap(\.overhead.keys).reduce(into: Set()) { $0.insert($1) }.sorted()
    return Table(
      head: [""] + sizes.flatMap { ["\($0 / 1_024) KB", "p50", "p99"] },
      rows: measurements.filter { !$0.overhead.isEmpty }.map { measurement in
        [measurement.label]
          + sizes.flatMap { size -> [String] in
            guard let overhead = measurement.overhead[size] else { return ["", "", ""] }
            return [
              ratio(overhead.p50, floor?.overhead[size]?.p50), "\(decimal(overhead.p50 * 1e6, 0)) µs",
              "\(decimal(overhead.p99 * 1e6, 0)) µs",
            ]
          }
      })
  }
}

func ratio(_ value: Double, _ least: Double?) -> String {
  least.map { "\(decimal(value / $0, value / $0 < 10 ? 2 : 0)) ×" } ?? ""
}

func milliseconds(_ seconds: Double) -> String { decimal(seconds * 1e3, seconds < 0.1 ? 2 : 0) }

func megabytes(_ bytes: Int) -> String { decimal(Double(bytes) / Double(1 << 20), 1) }
