/// An address that a skill was made from: an item of `sources` in the file, of `sourceUrls` in the row.
///
/// Its members are kept as they are (`url`, `addedAt`, `lastFetchedAt`, and whatever the application adds).
/// The time of the last fetch is written `lastFetchedAt` by the application and `lastFetched` in its manual:
/// both mean the same, and each place keeps the name that it has.
public struct Source: Equatable, Sendable {
  /// Key → value; null values are left out.
  public var members: [String: JSONValue]

  /// A source of these members; a null value is the same as none.
  public init(members: [String: JSONValue]) {
    self.members = members.filter { $0.value != .null }
  }

  /// The address, if there is one.
  public var url: String? { members["url"]?.text }

  /// Whether both say the same, whichever name the time of the last fetch goes by.
  public static func == (one: Source, other: Source) -> Bool { one.canonical == other.canonical }

  private var canonical: [String: JSONValue] {
    var members = members
    if let fetched = members.removeValue(forKey: "lastFetched"), members["lastFetchedAt"] == nil {
      members["lastFetchedAt"] = fetched
    }
    return members
  }

  /// The same source with the time of its last fetch under the name that `found` uses for it.
  public func named(as found: [Source]) -> Source {
    let usesShortName = found.contains { $0.members["lastFetched"] != nil }
    let (old, new) = usesShortName ? ("lastFetchedAt", "lastFetched") : ("lastFetched", "lastFetchedAt")
    guard !found.isEmpty, members[new] == nil, let fetched = members[old] else { return self }
    var renamed = members
    renamed[old] = nil
    renamed[new] = fetched
    return Source(members: renamed)
  }
}
