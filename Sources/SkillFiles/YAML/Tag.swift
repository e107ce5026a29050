/// The tags of js-yaml's safe schema (https://yaml.org/type/), but `!!binary`, which no column of ours can hold.
enum Tag {
  /// The value that an explicit tag makes of `value`; throws where upstream's parser does, and for binary data.
  static func apply(_ tag: String, to value: Value, of node: Node) throws(Failure) -> Value {
    guard let name = standardName(tag) else {
      throw Failure(
        .value, at: node.range.lowerBound,
        "the tag `\(shown(tag))` isn't known: remove it, or put the text in quotes")
    }
    if name == "binary" {
      throw Failure(
        .value, at: node.range.lowerBound, "binary values (`!!binary`) can't be used in a skill file")
    }
    guard let result = node.isEmpty ? empty(name) : converted(name, value) else {
      throw Failure(
        .value, at: node.range.lowerBound, "the tag `!!\(name)` doesn't fit this value: correct one of them")
    }
    return result
  }

  private static let prefix = "tag:yaml.org,2002:"

  /// As it is written: `!!name`.
  private static func shown(_ tag: String) -> String {
    tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
  }

  private static func standardName(_ tag: String) -> String? {
    // The longest name has nine letters. A longer text would take long to compare, being a `String` of many accents.
    guard tag.utf8.count <= prefix.utf8.count + 9, tag.hasPrefix(prefix) else { return nil }
    let name = String(tag.dropFirst(prefix.count))
    let known = [
      "str", "seq", "map", "null", "bool", "int", "float", "timestamp", "merge", "binary", "omap", "pairs",
      "set",
    ]
    return known.contains(name) ? name : nil
  }

  private static func empty(_ name: String) -> Value? {
    switch name {
    case "str": .string("")
    case "seq", "omap", "pairs": .list([])
    case "map", "set": .map([:])
    case "null", "merge": .null
    default: nil
    }
  }

  private static func converted(_ name: String, _ value: Value) -> Value? {
    switch (name, value) {
    case ("str", .string), ("seq", .list), ("map", .map): return value
    // Under a tag on a line of its own a scalar has already become what it is without one.
    case ("str", .number), ("str", .boolean), ("str", .date): return value
    case ("str", .null): return .string("")
    case ("merge", .string(Resolution.mergeKey)): return value
    case ("null", .string(let text)): return Resolution.isNull(text) ? .null : nil
    case ("bool", .string(let text)): return Resolution.boolean(text).map(Value.boolean)
    case ("int", .string(let text)): return Numbers.integer(Array(text.utf8)).map(Value.number)
    case ("float", .string(let text)): return float(text).map(Value.number)
    case ("timestamp", .string(let text)): return Timestamp.milliseconds(Array(text.utf8)).map(Value.date)
    case ("omap", .list(let items)): return isOrderedMap(items) ? value : nil
    case ("pairs", .list(let items)): return pairs(items).map(Value.list)
    case ("set", .map(let mapping)): return mapping.entries.allSatisfy { $0.value == .null } ? value : nil
    default: return nil
    }
  }

  /// `!!float 12` is a number although 12 alone is an integer.
  private static func float(_ text: String) -> Double? { Numbers.float(Array(text.utf8)) }

  private static func isOrderedMap(_ items: [Value]) -> Bool {
    var keys: Set<[UInt8]> = []
    return items.allSatisfy {
      guard let key = onlyEntry($0)?.key else { return false }
      return keys.insert(Array(key.utf8)).inserted
    }
  }

  private static func pairs(_ items: [Value]) -> [Value]? {
    var result: [Value] = []
    for item in items {
      guard let entry = onlyEntry(item) else { return nil }
      result.append(.list([.string(entry.key), entry.value]))
    }
    return result
  }

  private static func onlyEntry(_ value: Value) -> Mapping.Entry? {
    guard case .map(let mapping) = value, mapping.count == 1 else { return nil }
    return mapping.entries.first
  }
}
