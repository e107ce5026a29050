/// An address that a skill was made from: an item of `sources` in the file, of `sourceUrls` in the row.
///
/// Its members are kept as they are (`url`, `addedAt`, `lastFetchedAt`, and whatever the application adds).
/// The time of the last fetch is written `lastFetchedAt` by the application and `lastFetched` in its manual:
/// both mean the same, and each place keeps the name that it has.
public struct Source: Equatable, Sendable {
  /// The keys that the application writes, in its order.
  static let applicationKeys = ["url", "addedAt", "lastFetched", "lastFetchedAt"]

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
}

extension [Source] {
  /// The same sources, each with the time of its last fetch under the name that `found` uses for it: for its address, else
  /// for all others, else the application's.
  public func named(as found: [Source]) -> [Source] {
    var isShort: [String: Bool] = [:]
    for source in found {
      guard let url = source.url, let usesShortName = source.usesShortName else { continue }
      isShort[url] = usesShortName && isShort[url] != false
    }
    let names = Set(found.compactMap(\.usesShortName))
    let isShortElsewhere = names.isEmpty ? nil : !names.contains(false)
    return map { source in
      let own = source.url.flatMap { isShort[$0] } ?? isShortElsewhere
      return own.map { source.named(short: $0) } ?? source
    }
  }
}

extension Source {
  /// Whether the time of the last fetch goes by the manual's name; nil where there is no such time.
  fileprivate var usesShortName: Bool? {
    if members["lastFetchedAt"] != nil { return false }
    return members["lastFetched"] == nil ? nil : true
  }

  fileprivate func named(short isShort: Bool) -> Source {
    let (old, new) = isShort ? ("lastFetchedAt", "lastFetched") : ("lastFetched", "lastFetchedAt")
    guard members[new] == nil, let fetched = members[old] else { return self }
    var renamed = members
    renamed[old] = nil
    renamed[new] = fetched
    return Source(members: renamed)
  }
}

extension SkillValues {
  /// Gives each source what `others` say of its address under keys that aren't the application's.
  ///
  /// The application writes its list with the keys that it knows: that it leaves out others takes them from no file.
  public mutating func keepMembers(ofSources others: [Source]) {
    var byURL: [String: [Source]] = [:]
    for source in others.reversed() { if let url = source.url { byURL[url, default: []].append(source) } }
    for index in sources.indices {
      // Of two sources with one address each has its own.
      guard let url = sources[index].url, let other = byURL[url]?.popLast() else { continue }
      for (key, value) in other.members
      where !Source.applicationKeys.contains(key) && sources[index].members[key] == nil {
        sources[index].members[key] = value
      }
    }
  }
}
