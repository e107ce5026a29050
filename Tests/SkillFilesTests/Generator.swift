import SeededRandom

@testable import SkillFiles

/// Makes values, and files in many styles with comments between their keys.
struct Generator {
  var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(state: seed) }

  mutating func chance(_ part: Int, of whole: Int) -> Bool {
    Int.random(in: 0..<whole, using: &random) < part
  }

  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int.random(in: 0..<choices.count, using: &random)]
  }

  static let fragments = [
    "a", "word", "Two words", ": ", ":", " #", "#", "'", "\"", "\\", ", ", "[", "]", "{", "}", "- ", "-", "?",
    "&x", "*x",
    "!t", "|", ">", "%", "@", "`", "=", "~", "yes", "true", "null", "1", "0x1f", "1:30", ".5", "2024-01-01",
    "é", "e\u{301}",
    "🚀", "\u{A0}", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{7F}", "\t", "\n", "\n\n", " ", "  ", "---", "...",
    "\r\n", "<<",
    "a rather long run of words that is meant to go past the eightieth column",
    "https://example.com/a?b=c&d=e#f",
  ]

  mutating func text() -> String {
    (0..<Int.random(in: 0...5, using: &random)).map { _ in pick(Self.fragments) }.joined()
  }

  mutating func scalar() -> Value {
    switch Int.random(in: 0..<10, using: &random) {
    case 0: .null
    case 1: .boolean(chance(1, of: 2))
    case 2: .number(pick([0, -1, 1.5, 1e21, 1e-7, 123_456_789, -0.25, .infinity]))
    case 3: .date(milliseconds: Int64.random(in: 0...4_000_000_000_000, using: &random))
    default: .string(text())
    }
  }

  mutating func value(depth: Int = 0) -> Value {
    if depth < 3, chance(1, of: 3) {
      return .list((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth + 1) })
    }
    if depth < 3, chance(1, of: 4) {
      var mapping = Mapping()
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        mapping[chance(1, of: 5) ? text() : pick(["name", "email", "userId", "url"])] = value(
          depth: depth + 1)
      }
      return .map(mapping)
    }
    return scalar()
  }

  static let keys = [
    "id", "title", "categories", "tier", "owners", "sources", "active", "x-note", "summary", "odd key", "é",
  ]

  /// Another value, most often one that differs from the given one in a single place.
  mutating func changed(_ value: Value) -> Value {
    if chance(1, of: 4) { return self.value() }
    switch value {
    case .string(let text): return .string(pick([text + " more", text + "\n", self.text(), "new", text]))
    case .list(var items):
      let place = Int.random(in: 0...items.count, using: &random)
      if place == items.count || chance(1, of: 3) {
        items.insert(self.value(depth: 2), at: place)
      } else if chance(1, of: 2) {
        items[place] = changed(items[place])
      } else {
        items.remove(at: place)
      }
      return .list(items)
    case .map(var mapping):
      guard let key = mapping.keys.randomElement(using: &random), chance(3, of: 4) else {
        mapping[pick(["name", "email", "added"])] = scalar()
        return .map(mapping)
      }
      mapping[key] = chance(2, of: 3) ? changed(mapping[key] ?? .null) : nil
      return .map(mapping)
    case .boolean(let flag): return .boolean(!flag)
    default: return scalar()
    }
  }

  static let bodies = [
    "", "Body.", "\n# Title\n\nText.\n", "One\n\ntwo\n\n", "--- x\n", " \n", "---\na: 1\n---\n",
    "\n  indented\n",
  ]

  /// A change of one of the file's keys, of a key that it hasn't, or of the body.
  mutating func change(of file: GeneratedFile, values: Mapping) -> Change {
    if chance(1, of: 7) { return .body(chance(1, of: 2) ? pick(Self.bodies) : text()) }
    let key = chance(2, of: 3) ? values.keys.randomElement(using: &random) ?? "id" : pick(Self.keys)
    if chance(1, of: 6) { return .remove(key: key) }
    return .set(key: key, values[key].map { changed($0) } ?? value())
  }
}
