import Testing

@testable import SkillFiles

/// Random edits of random files; a failure names its seed.
@Suite struct GeneratedEditTests {
  static let seeds = 0..<10
  static let rounds = 500

  /// What an edit of one key may touch: its entry's lines, or nothing yet where it is added.
  static func outside(_ key: String, of bytes: [UInt8]) throws -> (before: [UInt8], after: [UInt8])? {
    let lines = Lines(bytes)
    guard case .map(let pairs, .block)? = try ParsedFile(bytes).root?.content,
      let pair = pairs.first(where: { Construction.plainKey($0.key) == key })
    else { return nil }
    return (
      Array(bytes[..<lines.start(of: pair.key.range.lowerBound)]),
      Array(bytes[lines.afterBreak(of: lines.end(of: pair.end, at: 0))...])
    )
  }

  @Test("An edit of one key reads as wanted and leaves the other lines alone", arguments: seeds)
  func oneKey(seed: Int) throws {
    var generator = Generator(seed: UInt64(seed))
    var refused = 0
    for round in 0..<Self.rounds {
      let file = generator.file().bytes
      let before = try read(file)
      let key = generator.pick(Generator.keys)
      let change: Change =
        generator.chance(1, of: 5) ? .remove(key: key) : .set(key: key, generator.value())
      let result: [UInt8]
      do {
        result = try edit(file, [change])
      } catch {
        refused += 1
        #expect(error.code == .edit, "seed \(seed), round \(round): \(error)\n\(file.text)\n\(change)")
        continue
      }
      var wanted = before.values
      if case .set(_, let value) = change { wanted[key] = value } else { wanted[key] = nil }
      let after = try read(result)
      #expect(after.values == wanted, "seed \(seed), round \(round)")
      #expect(after.body == before.body, "seed \(seed), round \(round)")
      #expect(try edit(result, [change]) == result, "seed \(seed), round \(round): a second time")
      if wanted == before.values {
        #expect(result == file, "seed \(seed), round \(round): nothing to change")
      }
      if let outside = try Self.outside(key, of: file) {
        #expect(
          result.starts(with: outside.before),
          "seed \(seed), round \(round)\n\(file.text)\n\(change)\n\(result.text)")
        #expect(
          result.suffix(outside.after.count).elementsEqual(outside.after),
          "seed \(seed), round \(round)\n\(file.text)\n\(change)\n\(result.text)")
      }
    }
    #expect(refused == 0)
  }

  @Test("A text that keeps its style, changed and changed back, gives the original bytes", arguments: seeds)
  func thereAndBack(seed: Int) throws {
    var generator = Generator(seed: UInt64(seed) + 1000)
    var tried = 0
    for round in 0..<Self.rounds {
      let style = generator.pick([Node.ScalarStyle.plain, .single, .double, .literal, .folded])
      let (one, other) = (generator.text(), generator.text())
      let rendered = [one, other].compactMap {
        ScalarText.styled($0, like: style, inFlow: false, indentation: 2, indicator: 2, escapesAstral: true)
      }
      guard rendered.count == 2,
        rendered.allSatisfy({ $0.head.first == rendered[0].head.first || style == .plain })
      else { continue }
      tried += 1
      let text =
        (["---", "id: x # note", "title: \(rendered[0].head) # c"] + rendered[0].lines + [
          "tier: y", "---", "",
        ])
        .joined(separator: "\n")
      let file = text.bytes
      let changed = try edit(file, [.set(key: "title", .string(other))])
      let back = try edit(changed, [.set(key: "title", .string(one))])
      #expect(back.text == text, "seed \(seed), round \(round): \(changed.text)")
    }
    #expect(tried > Self.rounds / 10)
  }

  @Test("Edits of two keys give the same in either order, and at once", arguments: seeds)
  func eitherOrder(seed: Int) throws {
    var generator = Generator(seed: UInt64(seed) + 2000)
    for round in 0..<Self.rounds / 4 {
      let file = generator.file().bytes
      let keys = ["id", "title", "categories", "tier", "owners", "active", "summary"].shuffled(
        using: &generator.random)
      let one = Change.set(key: keys[0], generator.value())
      let other = Change.set(key: keys[1], generator.value())
      let first = try edit(edit(file, [one]), [other])
      #expect(
        try edit(edit(file, [other]), [one]).text == first.text,
        "seed \(seed), round \(round)\n\(file.text)\n\(one)\n\(other)\n\(first.text)")
      #expect(
        try edit(file, [one, other]).text == first.text,
        "seed \(seed), round \(round)\n\(file.text)\n\(one)\n\(other)")
    }
  }

  @Test("A new file reads as what it was made of", arguments: seeds)
  func newFile(seed: Int) throws {
    var generator = Generator(seed: UInt64(seed) + 3000)
    for round in 0..<Self.rounds / 4 {
      var values = Mapping()
      for key in Generator.keys where generator.chance(2, of: 3) { values[key] = generator.value() }
      let body = generator.text()
      let changes = values.entries.map { Change.set(key: $0.key, $0.value) } + [.body(body)]
      let file = try read(edit([], changes))
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
