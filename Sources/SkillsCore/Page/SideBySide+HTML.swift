extension SideBySide {
  /// A table with a column for each text; on a phone they come one under the other.
  var html: HTML {
    """
    <table class="sides">
    <thead><tr>\(names.map { "<th scope=\"col\">\($0)</th>" as HTML })</tr></thead>
    <tbody>
    \(places.map(row))
    </tbody>
    </table>
    """
  }

  private func row(_ place: Place) -> HTML {
    switch place {
    case .same(let lines):
      let text = lines.map { cut($0, to: Self.mostScalars) }.joined(separator: "\n")
      return "<tr><td class=\"same\" colspan=\"\(names.count)\"><pre>\n\(text)</pre></td></tr>"
    case .skipped(let count):
      return
        "<tr><td class=\"skipped\" colspan=\"\(names.count)\">\(counted(count, "line", "lines")) without a difference</td></tr>"
    case .differs(let cells):
      return "<tr>\(cells.indices.map { cell($0, of: cells) })</tr>"
    }
  }

  private static let mostScalars = 2_000

  private func cell(_ index: Int, of cells: [[String]]) -> HTML {
    let lines = cells[index]
    // Of three, the first is what the others are compared with; of two, each with the other.
    let other: [String]? = index > 0 ? cells[0] : names.count == 2 ? cells[1] : nil
    let text: HTML =
      lines.isEmpty
      ? "<span class=\"none\">nothing here</span>"
      : "<pre>\n\(lines.indices.map { line(lines[$0], in: lines, comparedWith: other, at: $0) })</pre>"
    return "<td><span class=\"side\">\(names[index])</span>\(text)</td>"
  }

  private func line(_ line: String, in lines: [String], comparedWith other: [String]?, at index: Int) -> HTML
  {
    guard let other else { return "\(cut(line, to: Self.mostScalars))" }
    // Line by line where there are as many; else what the other hasn't at all.
    guard other.count == lines.count else {
      return other.contains(line)
        ? "\(cut(line, to: Self.mostScalars))" : "<mark>\(cut(line, to: Self.mostScalars))</mark>"
    }
    let words = ChangedWords(line, comparedWith: other[index])
    let (before, after) = (cut(words.before, to: Self.mostScalars), cut(words.after, to: Self.mostScalars))
    if words.changed.isEmpty { return "\(before)\(after)" }
    return "\(before)<mark>\(cut(words.changed, to: Self.mostScalars))</mark>\(after)"
  }
}
