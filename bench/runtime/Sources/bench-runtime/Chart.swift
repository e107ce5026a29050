extension Result {
  /// Bars for what the goals are about, as SVG: with a ground of its own, so that it can be read on any page, and dark
  /// where the reader's system is.
  var chart: String {
    var body = ""
    var y = 34.0
    func bars(_ title: String, _ bars: [(label: String, value: Double, text: String)]) {
      guard let most = bars.map(\.value).max(), most > 0 else { return }
      body += #"<text class="title" x="20" y="\#(decimal(y, 0))">\#(title)</text>"# + "\n"
      y += 12
      for (index, bar) in bars.enumerated() {
        let width = max(2, bar.value / most * 330)
        let kind =
          index == 0
          ? "floor"
          : measurements.contains { $0.label == bar.label && $0.name == "awslambdaric" } ? "other" : "ours"
        body += """
          <text x="212" y="\(decimal(y + 14, 0))" text-anchor="end">\(bar.label)</text>
          <rect class="\(kind)" x="220" y="\(decimal(y + 2, 0))" width="\(decimal(width, 1))" height="16" rx="2"/>
          <text x="\(decimal(width + 227, 1))" y="\(decimal(y + 14, 0))">\(bar.text)</text>

          """
        y += 22
      }
      y += 30
    }
    bars(
      "Cold start: the process is made → it asks for its first event",
      measurements.map {
        (
          $0.label, $0.coldStart.p50,
          "\(milliseconds($0.coldStart.p50)) ms · \(ratio($0.coldStart.p50, floor?.coldStart.p50))"
        )
      })
    for size in measurements.first?.overhead.keys.sorted() ?? [] {
      bars(
        "A no-op invocation with \(size / 1_024) KB: what the runtime adds",
        measurements.compactMap { measurement in
          measurement.overhead[size].map {
            (
              measurement.label, $0.p50,
              "\(decimal($0.p50 * 1e6, 0)) µs · \(ratio($0.p50, floor?.overhead[size]?.p50))"
            )
          }
        })
    }
    bars(
      "Peak memory after a first event",
      measurements.map { ($0.label, Double($0.peakMemory), "\(megabytes($0.peakMemory)) MB") })
    let height = decimal(y - 20, 0)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="720" height="\(height)" viewBox="0 0 720 \(height)" role="img">
      <title>Lambda runtimes side by side: cold start, overhead of an invocation, memory</title>
      <style>
      .ground { fill: #ffffff; stroke: #d0d7de }
      text { font: 13px system-ui, sans-serif; fill: #1f2328 }
      .title { font-weight: 600 }
      .floor { fill: #8c959f }
      .ours { fill: #d9622b }
      .other { fill: #3572a5 }
      @media (prefers-color-scheme: dark) {
      .ground { fill: #161b22; stroke: #30363d }
      text { fill: #e6edf3 }
      }
      </style>
      <rect class="ground" x="0.5" y="0.5" width="719" height="\(decimal(y - 21, 0))" rx="6"/>
      \(body)</svg>

      """
  }
}
