/// Values as js-yaml 3.14's `safeDump` writes them by default; lists two columns under their key.
struct Rendering {
  enum Place { case value, item }

  /// Whether texts stay on the line of their key or dash, however long they are and whatever they hold.
  var keepsTextOnOneLine = false

  /// The value in upstream's style; `indentation` is the column of lines under its key or dash.
  func block(_ value: Value, indentation: Int, place: Place) -> Rendered {
    switch value {
    case .string(let text):
      return ScalarText.upstream(text, indentation: indentation, singleLine: keepsTextOnOneLine)
    case .list(let items) where !items.isEmpty:
      return Self.placed(
        items.flatMap { item($0, indentation: indentation) }, indentation: indentation, place: place)
    case .map(let mapping) where !mapping.isEmpty:
      return Self.placed(
        mapping.entries.flatMap { entry($0, indentation: indentation) }, indentation: indentation,
        place: place)
    default: return Rendered(head: Self.flow(value))
    }
  }

  /// A key with its value, as lines; `indentation` is the key's column.
  func entry(_ entry: Mapping.Entry, indentation: Int) -> [String] {
    var key = ScalarText.upstream(entry.key, indentation: indentation + 2, singleLine: true).head
    // At the beginning of a line three dots and a blank would end the document.
    if indentation == 0, key.utf8.starts(with: "... ".utf8) { key = ScalarText.singleQuoted(entry.key) }
    let value = block(entry.value, indentation: indentation + 2, place: .value)
    return [Self.margin(indentation) + key + ":" + (value.head.isEmpty ? "" : " " + value.head)] + value.lines
  }

  /// A list's item, as lines; `indentation` is the dash's column.
  func item(_ value: Value, indentation: Int) -> [String] {
    let item = block(value, indentation: indentation + 2, place: .item)
    return [Self.margin(indentation) + "- " + item.head] + item.lines
  }

  /// The value on one line.
  static func flow(_ value: Value) -> String {
    switch value {
    case .null: return "null"
    case .boolean(let flag): return flag ? "true" : "false"
    case .number(let number): return NumberText.yaml(number)
    case .date(let milliseconds): return DateText.iso8601(milliseconds)
    case .string(let text): return ScalarText.upstream(text, indentation: 2, singleLine: true).head
    case .list(let items): return "[" + items.map(flow).joined(separator: ", ") + "]"
    case .map(let mapping):
      let entries = mapping.entries.map { flow(.string($0.key)) + ": " + flow($0.value) }
      return "{" + entries.joined(separator: ", ") + "}"
    }
  }

  private static func placed(_ lines: [String], indentation: Int, place: Place) -> Rendered {
    // An item's first line stands on the dash's line.
    guard place == .item, let first = lines.first else { return Rendered(head: "", lines: lines) }
    return Rendered(
      head: String(first.unicodeScalars.dropFirst(indentation)), lines: Array(lines.dropFirst()))
  }

  private static func margin(_ count: Int) -> String { String(repeating: " ", count: count) }
}
