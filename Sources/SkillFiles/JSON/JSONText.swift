extension Value {
  /// The value as JSON (RFC 8259) on one line, keys in their order.
  ///
  /// What JSON has no form for is tagged: `{"$date": "2025-12-19T00:00:00.000Z"}`, and `{"$number": "NaN"}`, likewise
  /// `Infinity`, `-Infinity` and `-0`.
  public var taggedJSON: String {
    var text = ""
    JSONText.append(self, to: &text)
    return text
  }
}

/// Texts and values in JSON.
public enum JSONText {
  /// A text in double quotes; control characters and what JavaScript takes for line ends are escaped.
  public static func quoted(_ text: String) -> String {
    var result = "\""
    append(text, to: &result)
    return result + "\""
  }

  static func append(_ value: Value, to text: inout String) {
    switch value {
    case .null: text += "null"
    case .boolean(let flag): text += flag ? "true" : "false"
    case .number(let number): append(number, to: &text)
    case .string(let string): text += quoted(string)
    case .date(let milliseconds): text += #"{"$date":"\#(DateText.iso8601(milliseconds))"}"#
    case .list(let items):
      text += "["
      for (index, item) in items.enumerated() {
        if index > 0 { text += "," }
        append(item, to: &text)
      }
      text += "]"
    case .map(let mapping):
      text += "{"
      for (index, entry) in mapping.entries.enumerated() {
        if index > 0 { text += "," }
        text += quoted(entry.key) + ":"
        append(entry.value, to: &text)
      }
      text += "}"
    }
  }

  private static func append(_ number: Double, to text: inout String) {
    let isNegativeZero = number == 0 && number.sign == .minus
    let digits = isNegativeZero ? "-0" : NumberText.javaScript(number)
    text += number.isFinite && !isNegativeZero ? digits : #"{"$number":"\#(digits)"}"#
  }

  private static func append(_ text: String, to result: inout String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _
      where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar == "\u{2028}"
        || scalar == "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
