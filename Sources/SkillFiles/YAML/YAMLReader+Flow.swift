extension YAMLReader {
  /// Reads `[…]` or `{…}`; nil if neither is here.
  mutating func flowCollection(indent: Int) throws(Failure) -> Node.Content? {
    let isMap = byte == Byte.openBrace
    guard isMap || byte == Byte.openBracket else { return nil }
    try descend()
    defer { depth -= 1 }
    let opening = position
    let terminator = isMap ? Byte.closeBrace : Byte.closeBracket
    var items: [Node.Item] = []
    var pairs: [Node.Pair] = []
    var mayGoOn = true
    position += 1
    while !isAtEnd {
      skipSeparation()
      if byte == terminator {
        position += 1
        contentEnd = position
        return isMap ? .map(pairs, .flow) : .list(items, .flow)
      }
      if isAtEnd { break }
      if !mayGoOn { throw failure("a comma or the closing `\(isMap ? "}" : "]")` is missing before this") }
      let (pair, isPair) = try flowEntry(indent: indent)
      if isMap {
        pairs.append(pair)
      } else if isPair {
        let start = pair.key.range.lowerBound
        let node = Node(range: start..<pair.end, start: start, content: .map([pair], .pair))
        items.append(Node.Item(dash: start, node: node))
      } else {
        items.append(Node.Item(dash: pair.key.range.lowerBound, node: pair.key))
      }
      skipSeparation()
      mayGoOn = byte == Byte.comma
      if mayGoOn { position += 1 }
    }
    throw failure("the `\(isMap ? "}" : "]")` for this is missing", at: opening)
  }

  /// Reads one entry: a node alone (then it is the pair's key) or a key with a value.
  private mutating func flowEntry(indent: Int) throws(Failure) -> (pair: Node.Pair, isPair: Bool) {
    var isExplicit = false
    if byte == Byte.question, next.isSpace {
      isExplicit = true
      position += 1
      skipSeparation()
    }
    let line = line
    let start = position
    let key =
      try node(parentIndent: indent, context: .flowIn, seek: false, compact: true) ?? .empty(at: start)
    skipSeparation()
    guard isExplicit || self.line == line, byte == Byte.colon else {
      let pair = Node.Pair(
        key: key, afterColon: nil, value: .empty(at: key.range.upperBound), isExplicit: isExplicit)
      return (pair, isExplicit)
    }
    position += 1
    let afterColon = position
    skipSeparation()
    let value = try node(parentIndent: indent, context: .flowIn, seek: false, compact: true)
    let pair = Node.Pair(
      key: key, afterColon: afterColon, value: value ?? .empty(at: afterColon), isExplicit: isExplicit)
    return (pair, true)
  }
}
