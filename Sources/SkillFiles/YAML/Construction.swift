/// Turns nodes into values: anchors and aliases, tags, merge keys, duplicate keys.
struct Construction {
  /// How many values aliases may bring in, in one file: a few lines of aliases can stand for billions.
  static let mostAliased = 60_000
  /// How many bytes of text they may bring in: few values can be long ones.
  static let mostAliasedText = 10 * 1024 * 1024

  private struct Anchored {
    var value: Value
    var size: Int
    /// The bytes of the texts and keys in it.
    var textSize: Int
    var depth: Int
  }

  /// By the bytes of their names: `String` takes composed and decomposed accents for one.
  private var anchors: [[UInt8]: Anchored?] = [:]
  private var size = 0
  private var textSize = 0
  private var aliased = 0
  private var aliasedText = 0
  /// How deep the value that was made last is.
  private var depth = 0

  init() {}

  mutating func value(of node: Node) throws(Failure) -> Value {
    let (sizeBefore, textSizeBefore) = (size, textSize)
    size += 1
    var value: Value
    depth = 0
    if node.anchor != nil { bind(node, to: nil) }
    switch node.content {
    case .empty: value = .null
    case .alias(let name): return try alias(name, at: node.start)
    case .under(let inner): value = try self.value(of: inner)
    case .list(let items, _): value = .list(try list(items))
    case .map(let pairs, _): value = .map(try map(pairs))
    case .scalar(let text, let style):
      textSize += text.utf8.count
      let isResolved = style == .plain && (node.tag == nil || node.tag == "?")
      value = isResolved ? Resolution.value(of: text) ?? .string(text) : .string(text)
    }
    if let tag = node.tag, tag != "!", tag != "?" {
      value = try Tag.apply(tag, to: value, of: node)
    }
    if node.anchor != nil {
      bind(
        node,
        to: Anchored(
          value: value, size: size - sizeBefore, textSize: textSize - textSizeBefore, depth: depth))
    }
    return value
  }

  private mutating func list(_ items: [Node.Item]) throws(Failure) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(items.count)
    var deepest = 0
    for item in items {
      values.append(try value(of: item.node))
      deepest = Swift.max(deepest, depth)
    }
    depth = deepest + 1
    return values
  }

  private mutating func map(_ pairs: [Node.Pair]) throws(Failure) -> Mapping {
    var mapping = Mapping()
    // Where each key was set; a key that a merge brought may be set once more.
    var setAt: [[UInt8]: Int] = [:]
    var deepest = 0
    for pair in pairs {
      let isMerge = Self.isMerge(pair.key)
      let key = isMerge ? Resolution.mergeKey : try key(pair.key)
      let value = try value(of: pair.value)
      deepest = Swift.max(deepest, depth)
      if isMerge {
        try merge(value, into: &mapping, at: pair.value.range.lowerBound)
      } else {
        if let first = setAt.updateValue(pair.key.range.lowerBound, forKey: Array(key.utf8)) {
          throw Failure(
            .duplicateKey, at: pair.key.range.lowerBound, "the key `\(key)` is already set", seeLineOf: first)
        }
        mapping[key] = value
      }
    }
    depth = deepest + 1
    return mapping
  }

  /// The key as text: JavaScript's objects have no other keys.
  private mutating func key(_ node: Node) throws(Failure) -> String {
    switch try value(of: node) {
    case .string(let text): return text
    case .null: return "null"
    case .boolean(let flag): return flag ? "true" : "false"
    case .number(let number): return NumberText.javaScript(number)
    case .date, .list, .map:
      throw Failure(.value, at: node.range.lowerBound, "a key must be text: put this key in quotes")
    }
  }

  /// The text of a key node where it has one without anchors and aliases; used to find keys again.
  static func plainKey(_ node: Node) -> String? {
    var construction = Construction()
    guard !isMerge(node) else { return nil }
    return try? construction.key(node)
  }

  static func isMerge(_ node: Node) -> Bool {
    guard case .scalar(let text, let style) = node.content, text.hasSameBytes(as: Resolution.mergeKey) else {
      return false
    }
    return node.tag == nil ? style == .plain : node.tag == "tag:yaml.org,2002:merge"
  }

  private func merge(_ value: Value, into mapping: inout Mapping, at offset: Int) throws(Failure) {
    let sources: [Value] = if case .list(let values) = value { values } else { [value] }
    for source in sources {
      guard case .map(let source) = source else {
        throw Failure(.value, at: offset, "only keys with values, or a list of such, can be merged with `<<`")
      }
      for entry in source.entries where mapping[entry.key] == nil { mapping[entry.key] = entry.value }
    }
  }

  private mutating func bind(_ node: Node, to anchored: Anchored?) {
    guard let name = node.anchor else { return }
    switch node.standIn {
    case .emptyList: anchors[Array(name.utf8)] = Anchored(value: .list([]), size: 1, textSize: 0, depth: 1)
    case .emptyMap: anchors[Array(name.utf8)] = Anchored(value: .map([:]), size: 1, textSize: 0, depth: 1)
    case nil: anchors[Array(name.utf8)] = .some(anchored)
    }
  }

  private mutating func alias(_ name: String, at offset: Int) throws(Failure) -> Value {
    guard let bound = anchors[Array(name.utf8)] else {
      throw Failure(
        .value, at: offset,
        "no anchor `&\(name)` stands before this alias `*\(name)`; a text that begins with `*` must be in quotes"
      )
    }
    guard let anchored = bound else {
      throw Failure(.value, at: offset, "the alias `*\(name)` stands within the value that it names")
    }
    aliased += anchored.size
    size += anchored.size
    aliasedText += anchored.textSize
    textSize += anchored.textSize
    depth = anchored.depth
    if aliased > Self.mostAliased {
      throw Failure(.limit, at: offset, "the aliases here stand for more than \(Self.mostAliased) values")
    }
    if aliasedText > Self.mostAliasedText {
      throw Failure(.limit, at: offset, "the aliases here stand for more than 10 MB of text")
    }
    if depth > YAMLReader.deepest {
      throw Failure(.limit, at: offset, "aliases make this more than \(YAMLReader.deepest) levels deep")
    }
    return anchored.value
  }
}
