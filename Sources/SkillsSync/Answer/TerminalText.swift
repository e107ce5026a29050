/// `text` in lines of at most 80 columns, those after the first indented by two more than it is.
///
/// Words that are longer are broken, but for addresses, which a person wants to open. Control characters, which a terminal
/// would obey, become `?`.
///
/// - Parameter mostLines: of what is longer, addresses stay and the rest ends with `…`.
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
      let isAddress = String(String.UnicodeScalarView(word)).contains("://")
      for glyph in glyphs {
        if !isAddress, line.width + glyph.columns > terminalColumns {
          lines.append(line.text)
          line = TerminalLine(indent)
        }
        line.append(glyph)
      }
    }
    lines.append(line.text)
  }
  if lines.count > mostLines {
    let addresses = lines.dropFirst(mostLines - 1).filter { $0.contains("://") }
    lines = lines.prefix(mostLines - 1) + ["\(indent)…"] + addresses
  }
  return lines.joined(separator: "\n")
}

/// `text` on one line, without what a terminal would obey.
func terminalLine(_ text: String) -> String {
  String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isControl ? "?" : $0 }))
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
  /// What a terminal would obey, or what turns the direction of what stands around it.
  fileprivate var isControl: Bool {
    properties.generalCategory == .control || turnsDirection
  }

  private var turnsDirection: Bool {
    switch value {
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
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
