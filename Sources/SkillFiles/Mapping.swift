/// Keys and values in the order they were written; each key once.
///
/// Two mappings are equal if they have the same keys with equal values, in whatever order: PostgreSQL's `jsonb`
/// reorders keys, and JavaScript moves those that look like integers.
public struct Mapping: Sendable {
  /// One key with its value.
  public struct Entry: Equatable, Sendable {
    /// The key, as text: upstream's parser makes text of every key.
    public var key: String
    /// Its value.
    public var value: Value

    /// Pairs a key and a value.
    public init(key: String, value: Value) {
      self.key = key
      self.value = value
    }

    /// Whether key (byte for byte) and value are the same.
    public static func == (one: Entry, other: Entry) -> Bool {
      one.key.hasSameBytes(as: other.key) && one.value == other.value
    }
  }

  /// The entries in the order they were written.
  public private(set) var entries: [Entry] = []
  /// Where each key is; only kept where a search through the entries would be slow.
  private var places: [[UInt8]: Int] = [:]
  private static let searched = 16

  /// An empty mapping.
  public init() {}

  /// The entries; of those with the same key the last one's value counts.
  public init(_ entries: [Entry]) {
    for entry in entries { self[entry.key] = entry.value }
  }

  /// How many keys there are.
  public var count: Int { entries.count }
  /// Whether there is no key.
  public var isEmpty: Bool { entries.isEmpty }
  /// The keys in the order they were written.
  public var keys: [String] { entries.map(\.key) }

  /// The key's value; nil where it isn't set.
  ///
  /// Setting keeps an existing key's place and appends a new one.
  public subscript(key: String) -> Value? {
    get { place(of: key).map { entries[$0].value } }
    set {
      switch (place(of: key), newValue) {
      case (let place?, let value?): entries[place].value = value
      case (let place?, nil):
        entries.remove(at: place)
        places = [:]
        index()
      case (nil, let value?):
        entries.append(Entry(key: key, value: value))
        index()
      case (nil, nil): break
      }
    }
  }

  private func place(of key: String) -> Int? {
    if places.isEmpty { return entries.firstIndex { $0.key.hasSameBytes(as: key) } }
    return places[Array(key.utf8)]
  }

  private mutating func index() {
    guard entries.count > Self.searched else { return }
    for place in places.count..<entries.count { places[Array(entries[place].key.utf8)] = place }
  }
}

extension Mapping: Equatable {
  /// The same keys with equal values, in whatever order.
  public static func == (one: Mapping, other: Mapping) -> Bool {
    one.count == other.count && one.entries.allSatisfy { other[$0.key] == $0.value }
  }
}

extension Mapping: ExpressibleByDictionaryLiteral {
  /// The entries as written.
  public init(dictionaryLiteral elements: (String, Value)...) {
    self.init(elements.map { Entry(key: $0.0, value: $0.1) })
  }
}
