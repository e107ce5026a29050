extension YAMLReader {
  mutating func descend() throws(Failure) {
    depth += 1
    if depth > Self.deepest {
      throw Failure(.limit, at: position, "lists and keys are nested more than \(Self.deepest) levels deep")
    }
  }

  /// Reads a block list whose dashes stand at the column `indent`; nil if there is no dash here.
  mutating func blockList(indent: Int) throws(Failure) -> Node.Content? {
    guard byte == Byte.dash, next.isSpace else { return nil }
    try descend()
    defer { depth -= 1 }
    var items: [Node.Item] = []
    while byte == Byte.dash, next.isSpace {
      let dash = position
      position += 1
      if skipSeparation() > 0, lineIndent <= indent {
        items.append(Node.Item(dash: dash, node: .empty(at: dash + 1)))
        continue
      }
      let line = line
      let item = try node(parentIndent: indent, context: .blockIn, seek: false, compact: true)
      items.append(Node.Item(dash: dash, node: item ?? .empty(at: dash + 1)))
      skipSeparation()
      if self.line == line || lineIndent > indent, !isAtEnd {
        throw failure("this doesn't belong to the list's item before it: check the indentation")
      }
      if lineIndent < indent { break }
    }
    return .list(items, .block)
  }

  /// Reads a block map whose keys stand at the column `indent`; nil if there is no node here.
  ///
  /// What begins like a key but isn't followed by a colon is handed back as `.under`, or as itself.
  mutating func blockMap(indent: Int, flowIndent: Int) throws(Failure) -> Node.Content? {
    try descend()
    defer { depth -= 1 }
    var pairs: [Node.Pair] = []
    var explicitKey: Node?
    while !isAtEnd {
      let line = line
      let isExplicit = (byte == Byte.question || byte == Byte.colon) && next.isSpace
      var pair: Node.Pair?
      if isExplicit {
        pair = try explicitPart(pending: &explicitKey, pairs: &pairs)
      } else {
        guard let key = try node(parentIndent: flowIndent, context: .flowOut, seek: false, compact: true)
        else {
          break
        }
        guard let afterColon = try colon(after: key, on: line, isFirst: pairs.isEmpty && explicitKey == nil)
        else {
          return .under(key)
        }
        if let waiting = explicitKey { pairs.append(.withoutValue(waiting)) }
        explicitKey = nil
        pair = Node.Pair(key: key, afterColon: afterColon, value: .empty(at: afterColon), isExplicit: false)
      }

      let afterMark = position
      let value = try node(parentIndent: indent, context: .blockOut, seek: true, compact: isExplicit)
      if var pair {
        if let value { pair.value = value }
        pairs.append(pair)
      } else {
        explicitKey = value ?? .empty(at: afterMark)
      }
      skipSeparation()
      if lineIndent > indent, !isAtEnd {
        throw failure("this line is indented deeper than the keys it stands among: check the indentation")
      }
      if lineIndent < indent { break }
    }
    if let waiting = explicitKey { pairs.append(.withoutValue(waiting)) }
    return pairs.isEmpty ? nil : .map(pairs, .block)
  }

  /// Passes `?` or `:`; nil after a `?`, whose key comes next, and the pair whose value comes next after a `:`.
  private mutating func explicitPart(
    pending: inout Node?, pairs: inout [Node.Pair]
  ) throws(Failure) -> Node.Pair? {
    defer { position += 1 }
    if byte == Byte.question {
      if let waiting = pending { pairs.append(.withoutValue(waiting)) }
      pending = nil
      return nil
    }
    guard let key = pending else {
      throw failure("there is no key before this `:`. Put a text that holds a colon and a space in quotes")
    }
    pending = nil
    return Node.Pair(key: key, afterColon: position + 1, value: .empty(at: position + 1), isExplicit: true)
  }

  /// Passes the colon after an implicit key and returns the offset after it; nil if what was read is no key.
  private mutating func colon(after key: Node, on line: Int, isFirst: Bool) throws(Failure) -> Int? {
    guard self.line == line else {
      if isFirst { return nil }
      throw failure(
        "a key must be on one line, with its colon: is a `:` missing, or quotes around all of a text with a quote or bracket?",
        at: key.range.lowerBound)
    }
    while byte.isBlank { position += 1 }
    guard byte == Byte.colon else {
      if isFirst { return nil }
      throw failure("a `:` is missing after this key", at: key.range.lowerBound)
    }
    position += 1
    guard byte.isSpace else { throw failure("a space is missing after this colon") }
    return position
  }
}

extension Node.Pair {
  fileprivate static func withoutValue(_ key: Node) -> Node.Pair {
    Node.Pair(key: key, afterColon: nil, value: .empty(at: key.range.upperBound), isExplicit: true)
  }
}
