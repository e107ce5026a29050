import SeededRandom

/// Choices that are the same for the same seed, everywhere.
struct Generator: RandomNumberGenerator {
  private var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(state: seed) }

  mutating func next() -> UInt64 { random.next() }

  /// One of `elements`, which are in a fixed order.
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }

  /// True once in so many times as `share` says.
  mutating func happens(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }
}
