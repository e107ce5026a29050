import SkillFiles

/// A list of the front matter as it was found: its items as they are written, and what each means here.
struct FileList<Meaning> {
  private var items: [(value: Value, meaning: Meaning?)]

  /// Reads a key's value: a value that is no list is a list of one, and null is none.
  ///
  /// - Parameter read: what an item means; nil if nothing.
  init(_ value: Value?, _ read: (Value) -> Meaning?) {
    let values: [Value] =
      switch value {
      case .list(let values): values
      case nil, .null: []
      case let value?: [value]
      }
    items = values.map { ($0, read($0)) }
  }

  /// What the items mean, those without a meaning left out.
  var meanings: [Meaning] { items.compactMap(\.meaning) }

  /// The list that says `wanted`.
  ///
  /// An item that says one of them already stays as it is written, one that is about the same thing is changed, and one
  /// that means nothing here stays after those that it stood behind.
  ///
  /// - Parameters:
  ///   - keys: what an item is known by: those with a key in common are about the same thing.
  ///   - write: an item as a value, made of the one that was found where there is one.
  func saying(
    _ wanted: [Meaning], keys: (Meaning) -> [[UInt8]], isSame: (Meaning, Meaning) -> Bool,
    write: (Meaning, Value?) -> Value
  ) -> Value {
    var unused = Unused(items.map { $0.meaning.map(keys) ?? [] })
    let same = wanted.map { wanted in
      unused.take(keys(wanted)) { index in items[index].meaning.map { isSame(wanted, $0) } == true }
    }
    let found = zip(wanted, same).map { wanted, same in same ?? unused.take(keys(wanted)) { _ in true } }
    var meaningless = items.indices.filter { items[$0].meaning == nil }[...]
    var values: [Value] = []
    for (index, wanted) in wanted.enumerated() {
      while let next = meaningless.first, let place = found[index], next < place {
        values.append(items[next].value)
        meaningless.removeFirst()
      }
      let value = found[index].map { items[$0].value }
      values.append(value.flatMap { same[index] == nil ? nil : $0 } ?? write(wanted, value))
    }
    return .list(values + meaningless.map { items[$0].value })
  }
}

/// Places that can be taken once each, by any of their keys.
private struct Unused {
  /// With more of one key a search would take time in the square of their number.
  private static let mostLookedAt = 64

  private var places: [[UInt8]: ArraySlice<Int>] = [:]
  private var isTaken: [Bool]

  init(_ keys: [[[UInt8]]]) {
    isTaken = Array(repeating: false, count: keys.count)
    for (place, keys) in keys.enumerated() { for key in keys { places[key, default: []].append(place) } }
  }

  /// The first place that `fits` among those with one of the keys.
  mutating func take(_ keys: [[UInt8]], _ fits: (Int) -> Bool) -> Int? {
    for key in keys {
      guard var list = places[key] else { continue }
      while let first = list.first, isTaken[first] { list.removeFirst() }
      places[key] = list
      if let place = list.prefix(Self.mostLookedAt).first(where: { !isTaken[$0] && fits($0) }) {
        isTaken[place] = true
        return place
      }
    }
    return nil
  }
}
