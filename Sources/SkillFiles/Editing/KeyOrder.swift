/// The order in which the application writes a skill file's keys: the first form's from `id` to `active`; a later one
/// begins with `name` and `description` and ends with `summary`.
enum KeyOrder {
  private static let keys = [
    "name", "description", "id", "title", "categories", "tier", "created", "updated", "owners", "sources",
    "active", "summary",
  ]

  /// The key's place; nil for a key that the application doesn't write.
  static func rank(_ key: String) -> Int? { keys.firstIndex { $0.hasSameBytes(as: key) } }

  /// The entries with others added: each after the last key that the application writes before it, else before the
  /// first that it writes after it, else at the end.
  static func adding(_ added: [Mapping.Entry], to entries: [Mapping.Entry]) -> [Mapping.Entry] {
    var result = entries
    var ranks = entries.map { rank($0.key) }
    for entry in sorted(added) {
      let place = place(of: rank(entry.key), in: ranks)
      result.insert(entry, at: place)
      ranks.insert(rank(entry.key), at: place)
    }
    return result
  }

  private static func place(of rank: Int?, in ranks: [Int?]) -> Int {
    guard let rank else { return ranks.count }
    let before = ranks.indices.filter { ranks[$0].map { $0 < rank } == true }
    if let last = before.max(by: { (ranks[$0] ?? 0) < (ranks[$1] ?? 0) }) { return last + 1 }
    let after = ranks.indices.filter { ranks[$0].map { $0 > rank } == true }
    return after.min { (ranks[$0] ?? 0) < (ranks[$1] ?? 0) } ?? ranks.count
  }

  private static func sorted(_ entries: [Mapping.Entry]) -> [Mapping.Entry] {
    entries.enumerated().sorted { one, other in
      let ranks = (rank(one.element.key) ?? keys.count, rank(other.element.key) ?? keys.count)
      return ranks.0 == ranks.1 ? one.offset < other.offset : ranks.0 < ranks.1
    }.map(\.element)
  }
}
