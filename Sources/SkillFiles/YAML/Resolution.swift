/// What js-yaml 3.14's safe schema makes of a plain scalar: its implicit types in its order.
enum Resolution {
  /// The value of a plain scalar, or nil if it is text; `<<` is text here and means a merge as a key.
  static func value(of text: String) -> Value? {
    let bytes = Array(text.utf8)
    guard let first = bytes.first else { return .null }
    switch first {
    case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"), UInt8(ascii: "T"),
      UInt8(ascii: "f"), UInt8(ascii: "F"):
      if isNull(text) { return .null }
      return boolean(text).map(Value.boolean)
    case Byte.zero...Byte.nine, Byte.plus, Byte.dash, Byte.dot:
      if let number = Numbers.integer(bytes) ?? Numbers.float(bytes) { return .number(number) }
      return Timestamp.milliseconds(bytes).map(Value.date(milliseconds:))
    default:
      return nil
    }
  }

  /// The key that merges other maps into its own (https://yaml.org/type/merge.html).
  static let mergeKey = "<<"

  /// Whether js-yaml would read the text, written plain, as something else than that text.
  static func isAmbiguous(_ text: String) -> Bool {
    value(of: text) != nil || text.hasSameBytes(as: mergeKey)
  }

  static func isNull(_ text: String) -> Bool {
    isShort(text) && ["~", "null", "Null", "NULL"].contains(text)
  }

  /// Only short texts are compared as `String`s: those look at accents in any order, which takes long for many.
  private static func isShort(_ text: String) -> Bool { text.utf8.count <= 5 }

  static func boolean(_ text: String) -> Bool? {
    guard isShort(text) else { return nil }
    return switch text {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }
}
