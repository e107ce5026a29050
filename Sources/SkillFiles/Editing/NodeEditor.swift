/// Collects the replacements that turn nodes into other values, each as small as the way it is written allows.
struct NodeEditor {
  /// Where a value is, or would be: after a key's colon or a list's dash.
  struct Slot {
    enum Place { case value, item, flow }
    var place: Place
    /// The offset after the colon or dash; in a flow collection where a value that isn't written would go.
    var after: Int
    /// The key's or the dash's column.
    var column: Int
    /// What goes before a value that isn't written yet.
    var separator = " "
  }

  let lines: Lines
  /// How values are written that aren't changed in place.
  let rendering: Rendering
  /// The key of the root whose value isn't changed in place.
  let rewritten: String?
  /// Whether lines that go leave a line break, for a text before them that keeps its own (`|+`).
  let leavesBreak: Bool
  private(set) var replacements: [Replacement] = []

  init(lines: Lines, rendering: Rendering, rewritten: String?, leavesBreak: Bool) {
    self.lines = lines
    self.rendering = rendering
    self.rewritten = rewritten
    self.leavesBreak = leavesBreak
  }

  mutating func replace(_ range: Range<Int>, _ text: String) {
    replacements.append(Replacement(range: range, text: text))
  }

  /// Turns the node's value into another one: in place where it can be, else rewritten in upstream's style.
  mutating func change(_ node: Node, at slot: Slot, from old: Value?, to new: Value) {
    if old == new { return }
    if node.tag == nil, node.anchor == nil {
      let count = replacements.count
      if changeInPlace(node, at: slot, from: old, to: new) { return }
      replacements.removeSubrange(count...)
    }
    rewrite(node, at: slot, to: new)
  }

  /// Writes the value anew in upstream's style.
  mutating func rewrite(_ node: Node, at slot: Slot, to new: Value) {
    if slot.place == .flow { return write(Rendered(head: Rendering.flow(new)), over: node, at: slot) }
    let place: Rendering.Place = slot.place == .item ? .item : .value
    var indentation = slot.column + 2
    if place == .item, !new.isScalar, !node.range.isEmpty, node.range.lowerBound < lines.end(of: slot.after) {
      indentation = lines.column(of: node.range.lowerBound)
    }
    write(rendering.block(new, indentation: indentation, place: place), over: node, at: slot)
  }

  private mutating func changeInPlace(_ node: Node, at slot: Slot, from old: Value?, to new: Value) -> Bool {
    switch (node.content, old, new) {
    case (.scalar(_, let style), _, .string(let text)):
      guard let rendered = styled(text, like: node, style, at: slot) else { return false }
      write(rendered, over: node, at: slot)
      return true
    case (.list(let items, .block), .list(let old), .list(let new)) where !new.isEmpty:
      return changeBlockList(items, from: old, to: new)
    case (.map(let pairs, .block), .map(let old), .map(let new)) where !new.isEmpty:
      return changeBlockMap(pairs, from: old, to: new)
    // An empty flow list is how upstream writes a list without items: filled, it becomes a block list.
    case (.list(let items, .flow), .list(let old), .list(let new)) where !old.isEmpty && !new.isEmpty:
      return changeFlowList(items, from: old, to: new)
    case (.map(let pairs, .flow), .map(let old), .map(let new)) where !old.isEmpty && !new.isEmpty:
      return changeFlowMap(pairs, from: old, to: new)
    default: return false
    }
  }

  private func styled(_ text: String, like node: Node, _ style: Node.ScalarStyle, at slot: Slot) -> Rendered?
  {
    let source = lines.bytes[node.range]
    var indentation = slot.column + 2
    if style == .literal || style == .folded, let found = blockIndentation(of: node, at: slot) {
      indentation = found
    }
    return ScalarText.styled(
      text, like: style, inFlow: slot.place == .flow, indentation: indentation,
      indicator: indentation - slot.column,
      escapesAstral: !source.contains { $0 >= 0xF0 })
  }

  /// The column of a block scalar's text, by its header or its first line; nil if it has neither.
  private func blockIndentation(of node: Node, at slot: Slot) -> Int? {
    let header = lines.bytes[node.start..<lines.end(of: node.start)].prefix { !$0.isSpace }
    if let digit = header.first(where: \.isDigit) { return slot.column + Int(digit - Byte.zero) }
    var offset = lines.afterBreak(of: node.start)
    while offset < node.range.upperBound {
      let line = lines.bytes[offset..<lines.end(of: offset)]
      if let ink = line.firstIndex(where: { $0 != Byte.space }) { return ink - offset }
      offset = lines.afterBreak(of: offset)
    }
    return nil
  }

  /// Puts text in the node's place, keeping what else is on its lines: comments after it and before it.
  private mutating func write(_ rendered: Rendered, over node: Node, at slot: Slot) {
    let under = rendered.lines.map { lines.newline + $0 }.joined()
    let head = rendered.head.isEmpty ? "" : slot.separator + rendered.head
    if node.range.isEmpty {
      replace(slot.after..<slot.after, head)
      if under.isEmpty { return }
      let lineEnd = lines.end(of: slot.after)
      replace(lineEnd..<lineEnd, under)
    } else if slot.place == .flow {
      replace(node.range, separated(rendered.head, from: node.range.upperBound))
    } else if node.range.lowerBound > lines.end(of: slot.after) {
      writeOverLaterLines(rendered, head: head, under: under, node, at: slot)
    } else if let headerEnd = blockHeaderEnd(of: node) {
      let textStart = lines.end(of: headerEnd)
      replace((rendered.head.isEmpty ? slot.after : node.range.lowerBound)..<headerEnd, rendered.head)
      replace(textStart..<Swift.max(textStart, node.range.upperBound), under)
    } else {
      // A block collection's last line may end with a comment, which belongs to it.
      let isBlock = node.isBlockCollection
      let end = isBlock ? lines.end(of: node.range.upperBound) : node.range.upperBound
      replace(
        (rendered.head.isEmpty ? slot.after : node.range.lowerBound)..<end,
        separated(rendered.head, from: end))
      let endOfLine = lines.end(of: end)
      if !under.isEmpty { replace(endOfLine..<endOfLine, under) }
    }
  }

  private mutating func writeOverLaterLines(
    _ rendered: Rendered, head: String, under: String, _ node: Node, at slot: Slot
  ) {
    if case .scalar = node.content, rendered.lines.isEmpty, !rendered.head.isEmpty,
      blockHeaderEnd(of: node) == nil
    {
      replace(node.range, separated(rendered.head, from: node.range.upperBound))
      return
    }
    if !head.isEmpty { replace(slot.after..<slot.after, head) }
    replace(lines.end(of: slot.after)..<lines.end(of: node.range.upperBound), under)
  }

  /// The text with a space where a comment follows: upstream's parser takes `'x'#` for the end of a text, but not `x#`.
  private func separated(_ head: String, from next: Int) -> String {
    guard next < lines.bytes.count, lines.bytes[next] == Byte.hash else { return head }
    let endsItself = head.utf8.first.map { "'\"[{".utf8.contains($0) } ?? false
    return endsItself ? head : head + " "
  }

  private func blockHeaderEnd(of node: Node) -> Int? {
    switch node.content {
    case .scalar(_, .literal), .scalar(_, .folded):
      lines.bytes[node.start...].firstIndex { $0.isSpace } ?? node.range.upperBound
    default: nil
    }
  }
}

extension Node {
  var isBlockCollection: Bool {
    switch content {
    case .list(_, .block), .map(_, .block): true
    case .under(let inner): inner.isBlockCollection
    default: false
    }
  }
}
