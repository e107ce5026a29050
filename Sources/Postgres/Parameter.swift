#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A value bound to `$1`, `$2` … of a statement; never part of its text.
///
/// The server infers each parameter's type from its place in the statement, so text can be bound wherever its
/// format is understood: `jsonb`, enums, timestamps. Where nothing tells the type, cast it: `$1::jsonb`.
public enum Parameter: Sendable, Equatable {
  /// Text, or the text form of any type.
  case text(String)
  /// A whole number.
  case integer(Int)
  /// `true` or `false`.
  case boolean(Bool)
  /// SQL's NULL.
  case null
  /// A one-dimensional `text[]`, whose elements may be NULL.
  case textArray([String?])
  /// A JSON text, for `json` and `jsonb`.
  case json(String)

  /// Text, or NULL for `nil`.
  public static func optionalText(_ text: String?) -> Parameter { text.map { .text($0) } ?? .null }

  /// What is sent: PostgreSQL's text format, `nil` for NULL.
  var wireText: String? {
    switch self {
    case .text(let text), .json(let text): text
    case .integer(let number): String(number)
    case .boolean(let flag): flag ? "t" : "f"
    case .textArray(let elements): textArrayLiteral(elements)
    case .null: nil
    }
  }

  var holdsNUL: Bool {
    switch self {
    case .text(let text), .json(let text): text.holdsNUL
    case .textArray(let elements): elements.contains { $0?.holdsNUL == true }
    case .integer, .boolean, .null: false
    }
  }
}

extension Parameter: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByNilLiteral, ExpressibleByArrayLiteral
{
  /// `"…"` is text.
  public init(stringLiteral text: String) { self = .text(text) }
  /// `1` is an integer.
  public init(integerLiteral number: Int) { self = .integer(number) }
  /// `true` is a boolean.
  public init(booleanLiteral flag: Bool) { self = .boolean(flag) }
  /// `nil` is NULL.
  public init(nilLiteral: ()) { self = .null }
  /// `["…", nil]` is a `text[]`.
  public init(arrayLiteral elements: String?...) { self = .textArray(elements) }
}

extension String {
  /// Whether C would take it for a shorter one.
  var holdsNUL: Bool {
    var copy = self
    return copy.withUTF8 { bytes in
      bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
    }
  }
}
