/// Greedy line folding for `>` scalars, with js-yaml's breaks: at single spaces, never in or before an indented line.
enum Folding {
  /// The text with its long lines broken and, between two folded lines, one more line break, so that it reads the same.
  static func fold(_ text: String, width: Int) -> String {
    let lines = text.linesOfScalars().map(Array.init)
    guard let first = lines.first else { return text }
    var result = fold(first, width: width)
    // js-yaml treats a text that begins with a line break like one that begins with an indented line.
    var wasIndented = first.isEmpty || first.first == " "
    var index = 1
    while index < lines.count {
      let start = index
      while index < lines.count - 1, lines[index].isEmpty { index += 1 }
      let line = lines[index]
      let isIndented = line.first == " "
      let breaks = index - start + 1 + (!wasIndented && !isIndented && !line.isEmpty ? 1 : 0)
      result.append(contentsOf: repeatElement("\n", count: breaks))
      result.append(contentsOf: fold(line, width: width))
      wasIndented = isIndented
      index += 1
    }
    var folded = ""
    folded.unicodeScalars.append(contentsOf: result)
    return folded
  }

  private static func fold(_ line: [Unicode.Scalar], width: Int) -> [Unicode.Scalar] {
    guard line.first != " " else { return line }
    var result: [Unicode.Scalar] = []
    var start = 0
    var current = 0
    for next in breaks(in: line) {
      if next - start > width {
        let end = current > start ? current : next
        result.append(contentsOf: line[start..<end])
        result.append("\n")
        start = end + 1
      }
      current = next
    }
    if line.count - start > width, current > start {
      return result + line[start..<current] + ["\n"] + line[(current + 1)...]
    }
    return result + line[start...]
  }

  /// Where a space is followed by something else; a match takes both characters, as in js-yaml.
  private static func breaks(in line: [Unicode.Scalar]) -> [Int] {
    var found: [Int] = []
    var index = 0
    while index + 1 < line.count {
      if line[index] == " ", line[index + 1] != " " {
        found.append(index)
        index += 2
      } else {
        index += 1
      }
    }
    return found
  }
}
