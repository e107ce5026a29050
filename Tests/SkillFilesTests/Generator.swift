@testable import SkillFiles

/// SplitMix64: the same numbers from the same seed on every machine.
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

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

  /// A value's text in a style of its own, as the lines from the key on; any style that can hold it.
  mutating func entry(_ key: String, _ value: Value) -> [String] {
    let comment = chance(1, of: 4) ? " # note: 'x'" : ""
    switch value {
    case .string(let text):
      let style = pick([Node.ScalarStyle.plain, .single, .double, .literal, .folded])
      let indentation = pick([1, 2, 4])
      guard
        let rendered = ScalarText.styled(
          text, like: style, inFlow: false, indentation: indentation, indicator: indentation,
          escapesAstral: chance(1, of: 2))
      else { break }
      return ["\(key): \(rendered.head)\(comment)"] + rendered.lines
    case .list(let items) where !items.isEmpty && chance(2, of: 3):
      let indentation = pick([0, 2, 3])
      return ["\(key):\(comment)"]
        + items.flatMap { item -> [String] in
          let lines = Rendering().item(item, indentation: indentation)
          return indentation > 0 && chance(1, of: 5)
            ? [String(repeating: " ", count: indentation) + "# between"] + lines : lines
        }
    case .list, .map:
      if chance(1, of: 2) { return ["\(key): \(Rendering.flow(value))\(comment)"] }
    case .null:
      if chance(1, of: 2) { return ["\(key):\(comment)"] }
    default: break
    }
    return Rendering().entry(Mapping.Entry(key: key, value: value), indentation: 0)
  }

  /// A file of some of the keys, in some order.
  mutating func file() -> String {
    var lines = ["---"]
    for key in Self.keys.shuffled(using: &random).prefix(Int.random(in: 0...7, using: &random)) {
      if chance(1, of: 4) { lines.append(pick(["# about: this", "", "  # indented"])) }
      lines += entry(key, value())
    }
    lines.append("---")
    let body = pick(["", "\nBody.\n", "Body.", "One\n\ntwo\n\n", "--- x\n"])
    let text = lines.joined(separator: "\n") + "\n" + body
    return chance(1, of: 4) ? text.utf8.contains(13) ? text : text.withCRLF : text
  }
}
