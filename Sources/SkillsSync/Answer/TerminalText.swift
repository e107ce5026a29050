/// `text` in lines of at most 80 columns, those after the first indented by two more than it is.
///
/// Words that are longer are broken. Control characters, which a terminal would obey, become `?`.
///
/// - Parameter mostLines: what is longer ends with `…`.
func terminalText(_ text: String, mostLines: Int = .max) -> String {
  let indent = String(repeating: " ", count: text.prefix { $0 == " " }.count + 2)
  var lines: [String] = []
  for paragraph in text.unicodeScalars.split(whereSeparator: { $0 == "\n" || $0 == "\r" }) {
    var line = TerminalLine(lines.isEmpty ? "" : indent)
    // The first one's own indentation stays.
    var isFirst = true
    for word in paragraph.split(separator: " ", omittingEmptySubsequences: !lines.isEmpty) {
      let glyphs = word.map { $0.isControl ? "?" : $0 }
      let width = glyphs.reduce(0) { $0 + $1.columns }
      if !isFirst {
        if line.width + 1 + width <= terminalColumns || line.isEmpty {
          line.append(" ")
        } else {
          lines.append(line.text)
          line = TerminalLine(indent)
        }
      }
      isFirst = false
      for glyph in glyphs {
        if line.width + glyph.columns > terminalColumns {
          lines.append(line.text)
          line = TerminalLine(indent)
        }
        line.append(glyph)
      }
    }
    lines.append(line.text)
  }
  if lines.count > mostLines { lines = lines.prefix(mostLines - 1) + ["\(indent)…"] }
  return lines.joined(separator: "\n")
}

/// As wide as terminals are where nobody made them wider.
private let terminalColumns = 80

private struct TerminalLine {
  private(set) var text: String
  private(set) var width: Int
  private let start: Int

  /// Whether nothing stands behind the indentation.
  var isEmpty: Bool { width == start }

  init(_ indent: String) {
    text = indent
    width = indent.count
    start = indent.count
  }

  mutating func append(_ glyph: Unicode.Scalar) {
    text.unicodeScalars.append(glyph)
    width += glyph.columns
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool {
    properties.generalCategory == .control || (0x202A...0x202E).contains(value)
  }

  /// How many columns a terminal gives it, about as East Asian Width says (https://www.unicode.org/reports/tr11/).
  fileprivate var columns: Int {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: 0
    default:
      switch value {
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
        2
      default: 1
      }
    }
  }
}
