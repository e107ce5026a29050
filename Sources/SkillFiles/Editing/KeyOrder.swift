/// The order in which the application writes a skill file's keys: the first form's from `id` to `active`; a later one
/// begins with `name` and `description` and ends with `summary`.
enum KeyOrder {
  private static let keys = [
    "name", "description", "id", "title", "categories", "tier", "created", "updated", "owners", "sources",
    "active", "summary",
  ]

  /// The key's place; nil for a key that the application doesn't write.
  static func rank(_ key: String) -> Int? { keys.firstIndex { $0.hasSameBytes(as: key) } }

  /// The entries with others added, so that it makes no difference which of two is added first.
  ///
  /// Each goes after the last key that the application writes before it, else before the first that it writes after it,
  /// else first. One that it doesn't write goes after all that it does and those before it in the alphabet.
  static func adding(_ added: [Mapping.Entry], to entries: [Mapping.Entry]) -> [Mapping.Entry] {
    var result = entries
    for entry in sorted(added) { result.insert(entry, at: place(of: entry.key, in: result)) }
    return result
  }

  private static func place(of key: String, in entries: [Mapping.Entry]) -> Int {
    let ranks = entries.map { rank($0.key) }
    guard let rank = rank(key) else {
      let before = entries.indices.last {
        ranks[$0] != nil || entries[$0].key.utf8.lexicographicallyPrecedes(key.utf8)
      }
      return before.map { $0 + 1 } ?? 0
    }
    let before = ranks.indices.filter { ranks[$0].map { $0 < rank } == true }
    if let last = before.max(by: { (ranks[$0] ?? 0) < (ranks[$1] ?? 0) }) { return last + 1 }
    let after = ranks.indices.filter { ranks[$0].map { $0 > rank } == true }
    return after.min { (ranks[$0] ?? 0) < (ranks[$1] ?? 0) } ?? 0
  }

  private static func sorted(_ entries: [Mapping.Entry]) -> [Mapping.Entry] {
    entries.enumerated().sorted { one, other in
      let ranks = (rank(one.element.key) ?? keys.count, rank(other.element.key) ?? keys.count)
      return ranks.0 == ranks.1 ? one.offset < other.offset : ranks.0 < ranks.1
    }.map(\.element)
  }
}
