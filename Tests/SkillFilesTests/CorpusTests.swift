import Testing

@testable import SkillFiles

/// Every key of every file of a corpus, changed alone: of the fixtures, or of the folder that `SKILL_FILES_CORPUS` names.
@Suite struct CorpusTests {
  static let folder = Fixture.environment("SKILL_FILES_CORPUS").map { $0 + "/" } ?? Fixture.folder

  /// A file that can be read.
  private struct File {
    var path: String
    var bytes: [UInt8]
    var read: SkillFile
    var root: Node?

    init?(_ path: String) throws {
      self.path = path
      bytes = try Fixture.bytes(path, in: CorpusTests.folder)
      guard let read = try? SkillFiles.read(bytes) else { return nil }
      self.read = read
      root = try ParsedFile(bytes).root
    }
  }

  private static func files() throws -> [File] {
    try Fixture.paths(of: folder).compactMap { try File($0) }
  }

  @Test func aRoundTripChangesNothing() throws {
    for file in try Self.files() {
      #expect(try edit(file.bytes, []) == file.bytes, "\(file.path)")
      if file.root == nil, !file.read.values.isEmpty { continue }
      let own = file.read.values.entries.map { Change.set(key: $0.key, $0.value) } + [.body(file.read.body)]
      #expect(try edit(file.bytes, own) == file.bytes, "\(file.path)")
    }
  }

  @Test func anEditOfOneKeyChangesNoByteOutsideIt() throws {
    var (files, pairs, edits, refused) = (0, 0, 0, 0)
    for file in try Self.files() where !file.read.values.isEmpty {
      files += 1
      for entry in file.read.values.entries {
        pairs += 1
        let changes = Self.otherValues(than: entry.value).map { Change.set(key: entry.key, $0) }
        for change in changes + [.remove(key: entry.key)] {
          edits += 1
          if try !Self.check(change, of: entry.key, in: file) { refused += 1 }
        }
      }
    }
    print("\(files) files with \(pairs) keys, \(edits) edits of one key, \(refused) of them refused")
    #expect(pairs > 100)
  }

  /// Makes the change and compares; false where it was refused for a good reason.
  private static func check(_ change: Change, of key: String, in file: File) throws -> Bool {
    let result: [UInt8]
    do {
      result = try edit(file.bytes, [change])
    } catch {
      let isRight = mayRefuse(change, of: key, in: file)
      #expect(isRight, "\(file.path): \(change): \(error)")
      return false
    }
    var wanted = file.read
    if case .set(_, let value) = change { wanted.values[key] = value } else { wanted.values[key] = nil }
    #expect(try read(result) == wanted, "\(file.path): \(change)\n\(result.text)")
    let own = ownBytes(of: key, in: file, isRemoved: wanted.values[key] == nil)
    #expect(result.starts(with: file.bytes[..<own.lowerBound]), "\(file.path): \(change)\n\(result.text)")
    let end = file.bytes[own.upperBound...]
    #expect(result.suffix(end.count).elementsEqual(end), "\(file.path): \(change)\n\(result.text)")
    return true
  }

  /// What an edit of the key may touch: from behind its colon to its last line's end; all its lines where it is removed.
  private static func ownBytes(of key: String, in file: File, isRemoved: Bool) -> Range<Int> {
    let lines = Lines(file.bytes)
    guard case .map(let pairs, let style)? = file.root?.content, style == .block else {
      return file.root?.range ?? 0..<0
    }
    guard let pair = pair(key, in: pairs) else {
      // A merged key is overridden: a new line among the others.
      return file.root?.range ?? 0..<0
    }
    let start = pair.key.range.lowerBound
    if isRemoved {
      return lines.start(
        of: start)..<lines.afterBreak(of: lines.end(of: pair.end, at: lines.column(of: start)))
    }
    return (pair.afterColon ?? start)..<lines.end(of: pair.end)
  }

  private static func pair(_ key: String, in pairs: [Node.Pair]) -> Node.Pair? {
    pairs.first { Construction.plainKey($0.key)?.hasSameBytes(as: key) == true }
  }

  /// Whether the key shares its value with others, is written with `?`, or stands in JSON or beside keys indented with
  /// tabs; whether, removed, it would come back from a merge, or be missed by a text that keeps its line ends (`|+`).
  private static func mayRefuse(_ change: Change, of key: String, in file: File) -> Bool {
    guard case .map(let pairs, _)? = file.root?.content, let pair = pair(key, in: pairs) else { return true }
    let text = file.bytes.text
    if case .remove = change {
      if pairs.contains(where: { Construction.isMerge($0.key) }) { return true }
      if text.contains("|+") || text.contains(">+") { return true }
    }
    return pair.isExplicit || pair.value.holdsAnchor || text.contains("\n\t")
  }

  private static func otherValues(than value: Value) -> [Value] {
    let texts: [Value] = [
      .string("New"), .string("it's: #new"), .string("one\n two\n"), .string(""), .list([.string("new")]),
    ]
    switch value {
    case .string(let text): return texts + [.string(text + "s"), .string("New " + text)]
    case .number(let number): return texts + [.number(number + 1)]
    case .boolean(let flag): return texts + [.boolean(!flag)]
    case .date(let milliseconds): return texts + [.date(milliseconds: milliseconds + 86_400_000)]
    case .null: return texts
    case .list(let items):
      return texts + [
        .list(items + [.string("new")]), .list([.string("new")] + items), .list(items.dropLast()),
      ]
    case .map(var mapping):
      mapping["new key"] = .string("new")
      return texts + [.map(mapping), .map([:])]
    }
  }
}
