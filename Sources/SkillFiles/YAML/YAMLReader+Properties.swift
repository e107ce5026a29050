extension YAMLReader {
  /// What may stand before a node's content: a tag (`!!str`) and an anchor (`&name`).
  struct Properties {
    var start: Int
    var end: Int
    var tag: String?
    var anchor: String?
    var standIn: Node.StandIn?

    init(start: Int) {
      self.start = start
      end = start
    }

    var arePresent: Bool { end > start }

    /// js-yaml loses the tag when it tried in vain to read a map under it, and its anchor then names an empty map.
    mutating func forgetAfterFailedMap() {
      tag = nil
      if anchor != nil { standIn = .emptyMap }
    }
  }

  /// Reads a tag or an anchor, if there is one.
  mutating func readProperty(into properties: inout Properties) throws(Failure) -> Bool {
    switch byte {
    case Byte.exclamation:
      if properties.tag != nil { throw failure("a value can have one tag (`!…`) only") }
      properties.tag = try readTag()
    case Byte.ampersand:
      if properties.anchor != nil { throw failure("a value can have one anchor (`&…`) only") }
      properties.anchor = try readName(of: "an anchor (`&`)")
    default:
      return false
    }
    properties.end = position
    return true
  }

  /// Reads `*name` and what separates it from the next node.
  mutating func readAlias() throws(Failure) -> String {
    let name = try readName(of: "an alias (`*`)")
    contentEnd = position
    skipSeparation()
    return name
  }

  private mutating func readName(of what: String) throws(Failure) -> String {
    position += 1
    let start = position
    while !isAtEnd, !byte.isSpace, !byte.isFlowIndicator { position += 1 }
    if position == start {
      throw failure("\(what) needs a name: put the value in quotes if it is text", at: start - 1)
    }
    return text(start..<position)
  }

  /// The tag in full, `tag:yaml.org,2002:str` for `!!str`; no handle can be declared in front matter.
  private mutating func readTag() throws(Failure) -> String {
    let start = position
    position += 1
    if byte == Byte.less {
      while !isAtEnd, byte != Byte.greater { position += 1 }
      if isAtEnd { throw failure("a `>` is missing at the end of this tag", at: start) }
      position += 1
      return text(start + 2..<position - 1)
    }
    let isStandard = byte == Byte.exclamation
    if isStandard { position += 1 }
    let nameStart = position
    while !isAtEnd, !byte.isSpace {
      if byte == Byte.exclamation || byte.isFlowIndicator {
        throw failure("a tag can't hold this character: put the value in quotes if it is text")
      }
      position += 1
    }
    let name = text(nameStart..<position)
    return isStandard ? "tag:yaml.org,2002:" + name : "!" + name
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
