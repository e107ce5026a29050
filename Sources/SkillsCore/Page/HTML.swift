/// A piece of an HTML document.
///
/// Markup is only what stands in the program's own text: a literal is a `StaticString`. Every `String` that is put into one is
/// escaped on its way, for text and for attribute values in quotes alike, so that forgetting it is impossible.
///
/// https://html.spec.whatwg.org/multipage/syntax.html
public struct HTML: Equatable, Sendable {
  /// The markup.
  public private(set) var markup: String

  private init(markup: String) { self.markup = markup }

  /// Pieces one after the other.
  static func joined(_ pieces: [HTML]) -> HTML { HTML(markup: pieces.map(\.markup).joined(separator: "\n")) }
}

extension HTML: ExpressibleByStringInterpolation {
  /// What a literal with values in it is made of.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var markup = ""

    /// An empty one.
    public init(literalCapacity: Int, interpolationCount: Int) { markup.reserveCapacity(literalCapacity) }

    /// Markup, as it stands in the program.
    public mutating func appendLiteral(_ literal: StaticString) { markup += literal.description }

    /// A text, escaped.
    public mutating func appendInterpolation(_ text: String) { appendEscaped(text, to: &markup) }

    /// A number.
    public mutating func appendInterpolation(_ number: Int) { markup += String(number) }

    /// Another piece.
    public mutating func appendInterpolation(_ piece: HTML) { markup += piece.markup }

    /// Other pieces, one after the other.
    public mutating func appendInterpolation(_ pieces: [HTML]) { markup += HTML.joined(pieces).markup }
  }

  /// Markup, as it stands in the program.
  public init(stringLiteral literal: StaticString) { self.init(markup: literal.description) }

  /// A literal with values in it.
  public init(stringInterpolation: StringInterpolation) { self.init(markup: stringInterpolation.markup) }
}

/// Appends `text` so that a browser shows it as it is, and so that it can't pose as something else.
private func appendEscaped(_ text: String, to markup: inout String) {
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": markup += "&amp;"
    case "<": markup += "&lt;"
    case ">": markup += "&gt;"
    case "\"": markup += "&quot;"
    case "'": markup += "&#39;"
    case "\n", "\t": markup.unicodeScalars.append(scalar)
    default:
      if scalar.isUnseen {
        markup += "[U+\(scalar.hexadecimal)]"
      } else {
        markup.unicodeScalars.append(scalar)
      }
    }
  }
}

extension Unicode.Scalar {
  /// Whether it has an effect on what stands around it, or none that could be seen: controls, what turns the direction of
  /// writing (https://www.unicode.org/reports/tr9/), and what HTML doesn't allow.
  fileprivate var isUnseen: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
    case 0xFDD0...0xFDEF: true
    case 0xE0000...0xE007F: true
    default: value & 0xFFFE == 0xFFFE
    }
  }

  /// At least four digits.
  fileprivate var hexadecimal: String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
