import FoundationEssentials

/// The part of a Markdown page that this program writes: what stands between its two marks.
struct Document {
  private static let begin = "<!-- written by make bench-runtime -->"
  private static let end = "<!-- end of what make bench-runtime writes -->"

  let folder: String

  /// Puts the result into `performance.md`, and its chart beside it.
  func write(_ result: Result) throws {
    let path = "\(folder)/performance.md"
    var page = try textFile(path)
    guard let begin = page.firstRange(of: Self.begin), let end = page.firstRange(of: Self.end),
      begin.upperBound < end.lowerBound
    else { throw Failure("\(path) has no part between “\(Self.begin)” and “\(Self.end)”") }
    page.replaceSubrange(begin.upperBound..<end.lowerBound, with: "\n\(section(result))\n")
    try Data(result.chart.utf8).write(to: URL(filePath: "\(folder)/performance-runtime.svg"))
    try Data(page.utf8).write(to: URL(filePath: path))
  }

  private func section(_ result: Result) -> String {
    let count = result.floor.map { "\($0.coldStart.count) starts" } ?? ""
    let invocations =
      result.floor?.overhead.values.first.map { " and \($0.count) invocations of each size" } ?? ""
    return """
      ![Bars: cold start, overhead of an invocation, peak memory](performance-runtime.svg)

      \(result.startTable.markdown)

      \(result.invocationTable.markdown)

      \(count)\(invocations) of each program, interleaved, on \(result.date): \(result.machine.text).

      \(result.goals(start: \.p50).map { "- \($0.line)" }.joined(separator: "\n"))
      """
  }
}
