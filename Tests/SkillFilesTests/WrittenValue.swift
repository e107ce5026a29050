@testable import SkillFiles

/// A value's text: what follows the colon or dash on its line, and the lines under it with their indentation.
struct WrittenValue {
  var head: String
  var lines: [String] = []
  var layout = Layout.other
  /// Whether a comment may follow the head.
  var takesCommentBeside = true
  /// Whether comments that are indented deeper may follow: under a block scalar they would be text.
  var takesCommentBelow = true
}

/// Values in any style that can hold them, as people write them and as programs do.
extension Generator {
  enum Place { case value, item, flow }

  private func margin(_ column: Int) -> String { String(repeating: " ", count: column) }

  /// The key and its colon.
  mutating func written(key: String) -> String {
    let isReadable = key.unicodeScalars.allSatisfy(\.isReadable)
    let text =
      chance(1, of: 6)
      ? isReadable && chance(1, of: 2) ? ScalarText.singleQuoted(key) : ScalarText.doubleQuoted(key)
      : ScalarText.upstream(key, indentation: 0, singleLine: true).head
    return text + (chance(1, of: 20) ? " :" : ":")
  }

  /// What begins an entry or item, with the value's first line and perhaps a comment.
  mutating func line(_ start: String, _ value: WrittenValue, gap: Int = 1) -> String {
    let comment =
      value.takesCommentBeside && chance(1, of: 5) ? pick([" # note: 'x'", "   #", "\t# [a"]) : ""
    if value.head.isEmpty { return start + comment + (chance(1, of: 20) ? " " : "") }
    return start + margin(gap) + value.head + comment
  }

  /// A value's text under a key or dash at the column; `gap` is how far after a dash it begins.
  mutating func written(_ value: Value, column: Int, place: Place, gap: Int) -> WrittenValue {
    switch value {
    case .string(let text): return written(text, column: column, place: place)
    case .null:
      let head = pick(["null", "null", "~", place == .flow ? "Null" : ""])
      return WrittenValue(
        head: head, layout: head == "null" ? .canonical : .other, takesCommentBeside: place != .item)
    case .number(1.5) where chance(1, of: 2): return WrittenValue(head: pick(["1.50", "+1.5", "15e-1"]))
    case .list(let items) where !items.isEmpty && place != .flow && chance(2, of: 3):
      return blockList(items, column: column, place: place, gap: gap)
    case .map(let mapping) where !mapping.isEmpty && place != .flow && chance(2, of: 3):
      return blockMap(mapping, column: column, place: place, gap: gap)
    case .list(let items) where !items.isEmpty:
      return flowList(items, column: column, place: place)
    case .map(let mapping) where !mapping.isEmpty:
      return flowMap(mapping, column: column)
    // An item's comment would go with the last item of a collection that takes its place.
    default:
      return WrittenValue(
        head: Rendering.flow(value), layout: .canonical, takesCommentBeside: place != .item)
    }
  }

  private mutating func written(_ text: String, column: Int, place: Place) -> WrittenValue {
    let style = pick(
      [Node.ScalarStyle.plain, .single, .double, .literal, .folded].dropLast(place == .flow ? 2 : 0))
    let indicator = pick([1, 2, 4])
    let escapesAstral = chance(1, of: 2)
    guard
      let rendered = ScalarText.styled(
        text, like: style, inFlow: place == .flow, indentation: column + indicator, indicator: indicator,
        escapesAstral: escapesAstral)
    else {
      let upstream = ScalarText.upstream(text, indentation: column + 2, singleLine: place == .flow)
      let isBlock = !upstream.lines.isEmpty
      return WrittenValue(head: upstream.head, lines: upstream.lines, takesCommentBelow: !isBlock)
    }
    let isBlock = rendered.head.first == "|" || rendered.head.first == ">"
    if place != .flow, !isBlock, chance(1, of: 4), let gap = rendered.head.firstGap {
      let second = margin(column + pick([1, 2, 5])) + rendered.head[gap...].dropFirst()
      return WrittenValue(head: String(rendered.head[..<gap]), lines: [second], takesCommentBeside: false)
    }
    let keepsStyle = isBlock || style != .literal && style != .folded
    return WrittenValue(
      head: rendered.head, lines: rendered.lines,
      layout: keepsStyle
        ? .text(style, indicator: indicator, escapesAstral: escapesAstral, inFlow: place == .flow) : .other,
      takesCommentBelow: !isBlock)
  }

  private mutating func blockList(_ items: [Value], column: Int, place: Place, gap: Int) -> WrittenValue {
    let isCompact = place == .item && chance(4, of: 5)
    let dash = isCompact ? column + 1 + gap : column + pick(place == .value ? [0, 2, 3] : [2, 4])
    var lines: [String] = []
    var layouts: [Layout] = []
    var takesCommentBelow = true
    for (index, item) in items.enumerated() {
      if !lines.isEmpty || !isCompact, chance(1, of: 8) { lines.append(margin(dash) + "# between") }
      let gap = pick([1, 1, 1, 3])
      // js-yaml takes the next list's items into one that ends with an empty item.
      let isLast = index == items.count - 1
      let value =
        item == .null && isLast
        ? WrittenValue(head: "~") : written(item, column: dash, place: .item, gap: gap)
      lines.append(line(margin(dash) + "-", value, gap: gap))
      lines += value.lines
      layouts.append(value.layout)
      takesCommentBelow = value.takesCommentBelow
    }
    return under(lines, at: isCompact ? dash : nil, .list(layouts, grows: !isCompact), takesCommentBelow)
  }

  private mutating func blockMap(_ mapping: Mapping, column: Int, place: Place, gap: Int) -> WrittenValue {
    let isCompact = place == .item && chance(4, of: 5)
    let key = isCompact ? column + 1 + gap : column + pick([1, 2, 4])
    var lines: [String] = []
    var layouts: [String: Layout] = [:]
    var takesCommentBelow = true
    for entry in mapping.entries {
      if !lines.isEmpty || !isCompact, chance(1, of: 8) { lines.append(margin(key) + "# between") }
      let value = written(entry.value, column: key, place: .value, gap: 1)
      lines.append(line(margin(key) + written(key: entry.key), value))
      lines += value.lines
      layouts[entry.key] = value.layout
      takesCommentBelow = value.takesCommentBelow
    }
    return under(lines, at: isCompact ? key : nil, .map(layouts, grows: true), takesCommentBelow)
  }

  /// A block collection's lines: the first one on its dash's line if it is compact.
  private func under(_ lines: [String], at column: Int?, _ layout: Layout, _ takesCommentBelow: Bool)
    -> WrittenValue
  {
    guard let column, let first = lines.first else {
      return WrittenValue(head: "", lines: lines, layout: layout, takesCommentBelow: takesCommentBelow)
    }
    return WrittenValue(
      head: String(first.unicodeScalars.dropFirst(column)), lines: Array(lines.dropFirst()), layout: layout,
      takesCommentBeside: false, takesCommentBelow: takesCommentBelow)
  }

  private mutating func flowList(_ items: [Value], column: Int, place: Place) -> WrittenValue {
    let values = items.map { written($0, column: column, place: .flow, gap: 1) }
    let layout = Layout.list(values.map(\.layout), grows: false)
    if place == .value, chance(1, of: 4) {
      let comment = chance(1, of: 2) ? " # note" : ""
      let lines = values.map { margin(column + 2) + $0.head + "," + comment }
      return WrittenValue(
        head: "[" + comment, lines: lines + [margin(column + 1) + "]"], layout: layout,
        takesCommentBeside: false)
    }
    let inner = pick(["", "", " "])
    let separator = pick([", ", ", ", ",", " , "])
    let text = values.map(\.head).joined(separator: separator)
    return WrittenValue(head: "[" + inner + text + inner + "]", layout: layout)
  }

  private mutating func flowMap(_ mapping: Mapping, column: Int) -> WrittenValue {
    var texts: [String] = []
    var layouts: [String: Layout] = [:]
    for entry in mapping.entries {
      let value = written(entry.value, column: column, place: .flow, gap: 1)
      texts.append(written(key: entry.key) + " " + value.head)
      layouts[entry.key] = value.layout
    }
    let inner = pick(["", "", " "])
    return WrittenValue(
      head: "{" + inner + texts.joined(separator: pick([", ", " ,"])) + inner + "}",
      layout: .map(layouts, grows: false))
  }
}

extension String {
  /// A space between letters, where a text on one line can be broken.
  fileprivate var firstGap: Index? {
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    return utf8.indices.dropFirst().first { index in
      guard utf8[index] == Byte.space, let next = utf8[index...].dropFirst().first else { return false }
      return letters.contains(next) && letters.contains(utf8[utf8.index(before: index)])
    }
  }
}
