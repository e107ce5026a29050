/// A value's text: what follows the colon or dash on its line, and the lines under it with their indentation.
struct Rendered: Equatable {
  var head: String
  var lines: [String] = []
}

/// Scalars as js-yaml 3.14's `safeDump` writes them by default: 80 columns, two spaces a level.
enum ScalarText {
  static let width = 80

  /// The scalar in upstream's own style.
  ///
  /// - Parameters:
  ///   - indentation: The column of lines under the key or dash.
  ///   - singleLine: Whether block scalars are out of the question: for keys and in flow collections.
  static func upstream(_ text: String, indentation: Int, singleLine: Bool = false) -> Rendered {
    if text.isEmpty { return Rendered(head: "''") }
    let lines = text.linesOfScalars()
    let isWritable = lines.allSatisfy { $0.allSatisfy(\.isWrittenAsIs) }
    let width = foldingWidth(indentation)
    if !isWritable || singleLine && lines.count > 1 { return Rendered(head: doubleQuoted(text)) }
    let folds = lines.contains { $0.count > width && $0.first != " " }
    if singleLine || lines.count == 1 && !folds {
      return Rendered(head: text.isPlainToDumper && !text.meansSomethingElse ? text : singleQuoted(text))
    }
    return block(text, folds: folds, indentation: indentation, indicator: 2)
  }

  /// The scalar in the style of the one it replaces; nil if it can't stand in that style.
  ///
  /// - Parameters:
  ///   - indicator: What a block scalar's indentation is relative to its parent's.
  ///   - escapesAstral: Whether double quotes escape characters beyond U+FFFF, as upstream does.
  static func styled(
    _ text: String, like style: Node.ScalarStyle, inFlow: Bool, indentation: Int, indicator: Int,
    escapesAstral: Bool
  ) -> Rendered? {
    switch style {
    case .plain:
      return text.canStandPlain(inFlow: inFlow) ? Rendered(head: text) : nil
    case .single:
      return text.unicodeScalars.allSatisfy(\.isReadable) ? Rendered(head: singleQuoted(text)) : nil
    case .double:
      return Rendered(head: doubleQuoted(text, escapesAstral: escapesAstral))
    case .literal, .folded:
      let isReadable = text.unicodeScalars.allSatisfy { $0.isReadable || $0 == "\n" }
      guard isReadable, !text.isEmpty, (1...9).contains(indicator) else { return nil }
      return block(text, folds: style == .folded, indentation: indentation, indicator: indicator)
    }
  }

  static func singleQuoted(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      if scalar == "'" { result.unicodeScalars.append(scalar) }
      result.unicodeScalars.append(scalar)
    }
    return result + "'"
  }

  static func doubleQuoted(_ text: String, escapesAstral: Bool = true) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      if let escape = escapes[scalar] {
        result += escape
      } else if scalar.isWrittenAsIs || !escapesAstral && scalar.isReadable {
        result.unicodeScalars.append(scalar)
      } else {
        result += hexadecimalEscape(scalar.value)
      }
    }
    return result + "\""
  }

  /// Deeper text may be narrower, but never below 40 columns.
  private static func foldingWidth(_ indentation: Int) -> Int { Swift.max(40, width - indentation) }

  private static func block(_ text: String, folds: Bool, indentation: Int, indicator: Int) -> Rendered {
    let isClipped = text.unicodeScalars.last == "\n"
    // With `+`, blank lines that happen to follow would belong to the text, and one before the fence is lost.
    if isClipped, (text.unicodeScalars.dropLast().last ?? "\n") == "\n" {
      return Rendered(head: doubleQuoted(text))
    }
    let firstInk = text.unicodeScalars.first { $0 != "\n" }
    let header =
      (folds ? ">" : "|") + (firstInk == " " ? String(indicator) : "")
      + (isClipped ? "" : "-")
    let folded = folds ? Folding.fold(text, width: foldingWidth(indentation)) : text
    var lines = folded.linesOfScalars()
    if isClipped { lines.removeLast() }
    let margin = String(repeating: " ", count: indentation)
    return Rendered(
      head: header, lines: lines.map { $0.isEmpty ? "" : margin + String(String.UnicodeScalarView($0)) })
  }

  private static func hexadecimalEscape(_ code: UInt32) -> String {
    let digits = String(code, radix: 16, uppercase: true)
    let (mark, length) = code <= 0xFF ? ("x", 2) : code <= 0xFFFF ? ("u", 4) : ("U", 8)
    return "\\" + mark + String(repeating: "0", count: length - digits.utf8.count) + digits
  }

  private static let escapes: [Unicode.Scalar: String] = [
    "\u{00}": "\\0", "\u{07}": "\\a", "\u{08}": "\\b", "\t": "\\t", "\n": "\\n", "\u{0B}": "\\v",
    "\u{0C}": "\\f", "\r": "\\r", "\u{1B}": "\\e", "\"": "\\\"", "\\": "\\\\", "\u{85}": "\\N",
    "\u{A0}": "\\_", "\u{2028}": "\\L", "\u{2029}": "\\P",
  ]
}

extension String {
  /// The lines between line feeds; by scalars, since a line feed can be one `Character` with what is before it.
  func linesOfScalars() -> [Substring.UnicodeScalarView] {
    unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
