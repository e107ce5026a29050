extension YAMLReader {
  enum Context {
    /// Within brackets or braces.
    case flowIn
    /// The implicit key of a block map.
    case flowOut
    /// An item of a block list.
    case blockIn
    /// The value of a block map's key, or the root.
    case blockOut

    var isFlow: Bool { self == .flowIn || self == .flowOut }
  }

  private enum Indentation {
    case deeper, same, less

    init(_ indent: Int, against parent: Int) {
      self = indent > parent ? .deeper : indent == parent ? .same : .less
    }
  }

  /// Reads the node at the position; nil if there is none.
  ///
  /// - Parameters:
  ///   - parentIndent: The column of the collection that the node is in.
  ///   - seek: Whether the node may begin on a later line.
  ///   - compact: Whether a block collection may begin on the current line (`- a: 1`).
  mutating func node(
    parentIndent: Int, context: Context, seek: Bool, compact: Bool
  ) throws(Failure) -> Node? {
    var passedLine = false
    var indentation = Indentation.deeper
    if seek, skipSeparation() > 0 {
      passedLine = true
      indentation = Indentation(lineIndent, against: parentIndent)
    }

    var properties = Properties(start: position)
    var allowsCollections = !context.isFlow
    if indentation == .deeper {
      while try readProperty(into: &properties) {
        if skipSeparation() > 0 {
          passedLine = true
          allowsCollections = !context.isFlow
          indentation = Indentation(lineIndent, against: parentIndent)
        } else {
          allowsCollections = false
        }
      }
    }
    allowsCollections = allowsCollections && (passedLine || compact)

    let start = position
    var content: Node.Content?
    let blockIndent = position - lineStart
    let flowIndent = context.isFlow ? parentIndent : parentIndent + 1
    switch indentation {
    case .deeper:
      if allowsCollections {
        content = try blockList(indent: blockIndent)
        if content == nil { content = try blockMap(indent: blockIndent, flowIndent: flowIndent) }
        if content == nil, !isAtEnd { properties.forgetAfterFailedMap() }
      }
      if content == nil {
        content = try flowOrScalar(flowIndent: flowIndent, context: context, properties: properties)
      }
    case .same where context == .blockOut && allowsCollections:
      content = try blockList(indent: blockIndent)
      if content == nil { properties.standIn = .emptyList }
    case .same, .less:
      properties.anchor = nil
      if properties.tag == nil, properties.end == properties.start { return nil }
    }
    return finished(content, start: start, properties: properties)
  }

  private mutating func finished(
    _ content: Node.Content?, start: Int, properties: Properties
  ) -> Node? {
    if case .under(let inner)? = content, !properties.arePresent { return inner }
    guard let content else {
      guard properties.arePresent else { return nil }
      return Node(
        range: properties.start..<properties.end, start: properties.end, tag: properties.tag,
        anchor: properties.anchor, content: .empty, standIn: properties.standIn)
    }
    var standIn = properties.standIn
    if case .under = content { standIn = .emptyMap }
    return Node(
      range: (properties.arePresent ? properties.start : start)..<Swift.max(start, end(of: content)),
      start: start, tag: properties.tag, anchor: properties.anchor, content: content, standIn: standIn)
  }

  private mutating func flowOrScalar(
    flowIndent: Int, context: Context, properties: Properties
  ) throws(Failure) -> Node.Content? {
    if let content = try flowCollection(indent: flowIndent) { return content }
    if !context.isFlow, let content = try blockScalar(indent: flowIndent) { return content }
    if let content = try singleQuoted() { return content }
    if let content = try doubleQuoted() { return content }
    if byte == Byte.asterisk {
      if properties.arePresent { throw failure("an alias (`*…`) can't have a tag or an anchor") }
      return .alias(try readAlias())
    }
    return try plain(indent: flowIndent, inFlow: context == .flowIn)
  }

  /// Where the content that was just read ends: some readers go on to the next line before they stop.
  private func end(of content: Node.Content) -> Int {
    switch content {
    case .list(let items, .block): items.last?.end ?? position
    case .map(let pairs, .block): pairs.last?.end ?? position
    case .under(let inner): inner.range.upperBound
    default: contentEnd
    }
  }
}
