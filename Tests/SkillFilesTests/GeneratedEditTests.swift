import Testing

@testable import SkillFiles

/// What must hold of every edit, tried on random changes of random files.
///
/// Each edit has a seed of its own, which a failure names: `GENERATED_SEED=… GENERATED_EDITS=1` repeats that edit alone.
@Suite struct GeneratedEditTests {
  static let count = setting("GENERATED_EDITS") ?? 20_000
  static let seed = setting("GENERATED_SEED") ?? 0
  /// Shares of the edits that are tried at the same time.
  static let shares = 0..<16
  static let seeds = 0..<10
  static let rounds = 300

  private static func setting(_ name: String) -> Int? { Fixture.environment(name).flatMap { Int($0) } }

  @Test("Every generated edit holds what is promised of edits", arguments: shares)
  func edits(share: Int) {
    if share == 0 { print("\(Self.count) generated edits from GENERATED_SEED=\(Self.seed) on") }
    let seeds = stride(from: share, to: Self.count, by: Self.shares.count).map { Self.seed + $0 }
    let takenBack = seeds.count { GeneratedEdit.check(seed: $0) }
    // Or the generator makes hardly any edits that can be.
    #expect(seeds.count < 100 || takenBack > seeds.count / 10)
  }

  @Test(
    "A new file reads as what it was made of, and a key that goes comes back in its place", arguments: seeds)
  func newFile(seed: Int) throws {
    var generator = Generator(seed: UInt64(seed) + 3000)
    for round in 0..<Self.rounds / 4 {
      var values = Mapping()
      for key in Generator.keys where generator.chance(2, of: 3) { values[key] = generator.value() }
      let body = generator.text()
      let changes = values.entries.map { Change.set(key: $0.key, $0.value) } + [.body(body)]
      let bytes = try edit([], changes)
      for entry in values.entries {
        let without = try edit(bytes, [.remove(key: entry.key)])
        let back = try edit(without, [.set(key: entry.key, entry.value)])
        #expect(back == bytes, "seed \(seed), round \(round): \(entry.key)\n\(bytes.text)\n\(back.text)")
      }
      let file = try read(bytes)
      #expect(file.values == values, "seed \(seed), round \(round)")
      #expect(BodyEditor.areEqual(file.body, body), "seed \(seed), round \(round)")
    }
  }

  @Test("Hostile bytes are read or refused, never worse", arguments: seeds)
  func hostileBytes(seed: Int) throws {
    var generator = Generator(seed: UInt64(seed) + 4000)
    for _ in 0..<Self.rounds {
      var file = generator.file().bytes
      for _ in 0..<Int.random(in: 1...6, using: &generator.random) where !file.isEmpty {
        let place = Int.random(in: 0..<file.count, using: &generator.random)
        switch Int.random(in: 0..<3, using: &generator.random) {
        case 0: file.remove(at: place)
        case 1: file[place] = generator.pick(Array("\n\t :-#'\"[]{}&*!|>?,%\\".utf8) + [0xC3, 0x80, 0xFF])
        default: file.insert(contentsOf: generator.pick(Generator.fragments).utf8, at: place)
        }
      }
      guard let before = try? read(file) else { continue }
      guard let result = try? edit(file, [.set(key: "title", .string("New"))]) else { continue }
      let after = try read(result)
      var wanted = before.values
      wanted["title"] = .string("New")
      #expect(after.values == wanted)
      #expect(after.body == before.body)
    }
  }
}
