import Foundation
import Postgres
import TestSupport
import Testing

/// Titles of every kind that PostgreSQL holds, to files on disk and back into an empty table.
///
/// `TITLES` says how many; `make nightly` tries a hundred thousand.
@Suite(.onOwnThreads) struct TitleTests {
  /// The same numbers from the same seed on every machine (SplitMix64).
  private struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private static let whole = [
    "README", "readme", "Con", "con", "aux", "nul", "PRN", "com1", "LPT9", ".git", ".", "..",
    "../../etc/passwd", "/",
    "\\", "C:\\x", "a/b", "A/B", "-", "--force", "$(id)", "`id`", "%00", "\u{1}", "\u{7F}", "\u{202E}abc",
    "😀", "👩‍👩‍👧", "é",
    "e\u{301}", "K", "\u{212A}", "İstanbul", "istanbul", "ß", "ss", "שלום עולם", "مرحبا", "字", "A & B",
    "A and B", "a-and-b",
    "---", "--- # x", "title: x", "- a", "? b", "'", "\"", "yes", "null", "~", "1", "1.0", "2025-12-19",
    "a\nb", "a\r\nb", "a\tb",
    "\u{2028}", "a\u{2028}b", "\u{FFFD}", "\u{10FFFF}", "\u{E000}", "x.md", "X.MD", "foo.lock", "@{",
    "~^:?*[",
  ]
  private static let pieces = [
    "a", "B", "c", "1", "9", " ", "  ", "-", "&", "/", "\\", ".", "..", "é", "e\u{301}", "ß", "İ", "😀", "字",
    "ש", "\u{202E}", "\n",
    "\t", "'", "\"", ":", " #", "{", "]", "|", ">", "%", "Skill", "skill", "SKILL", "con", "nul",
  ]

  /// Different titles without white space at their ends, as the application stores them.
  private func titles(_ count: Int) -> [String] {
    var random = SeededRandom(state: 4)
    var titles: [String] = []
    var seen: Set<[UInt8]> = []
    func add(_ title: String) {
      let title = title.trimmingCharacters(in: .whitespacesAndNewlines)
      if !title.isEmpty, seen.insert(Array(title.utf8)).inserted { titles.append(title) }
    }
    for title in Self.whole { add(title) }
    for length in [239, 240, 241, 252, 253, 255, 256, 1_000, 100_000] {
      for piece in ["x", "A-", "é", "😀"] { add(String(repeating: piece, count: length)) }
    }
    while titles.count < count {
      let length = Int.random(in: 1...8, using: &random)
      add(
        (0..<length).map { _ in Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)] }.joined())
    }
    return Array(titles.prefix(count))
  }

  @Test func titlesOfEveryKindGetFilesOfTheirOwnAndComeBackTheSame() throws {
    let count = ProcessInfo.processInfo.environment["TITLES"].flatMap { Int($0) } ?? 1_500
    let titles = titles(count)
    // Here titles needn't be unique, so the index that keeps them so doesn't bound their length.
    let world = try World(.first)
    for start in stride(from: 0, to: titles.count, by: 5_000) {
      let part = titles[start..<min(start + 5_000, titles.count)]
      try world.application(
        """
        INSERT INTO "Skill" (id, title, content, "updatedAt")
        SELECT 'id-' || ($2::int + n), t, 'Text ' || ($2::int + n), timezone('utc', now())
        FROM unnest($1::text[]) WITH ORDINALITY AS x (t, n)
        """, [.textArray(Array(part)), .integer(start)])
    }
    let exporting = ContinuousClock.now
    let exported = try world.start(.skillsToGit, ["export", "--json"]).wait(within: .seconds(1_800))
    let answer: ExportAnswer = try exported.answer()
    #expect(answer.counts["created"] == count)
    #expect(answer.failed == [])
    print("export of \(count) titles: \(ContinuousClock.now - exporting)")

    let paths = try world.repository.paths
    #expect(
      Set(paths.map { $0.lowercased() }).count == count, "distinct, also where case makes no difference")
    for path in paths {
      let name = path.dropFirst("skills/".count)
      #expect(path.hasPrefix("skills/") && name.hasSuffix(".md") && name.utf8.count <= 255, "\(path)")
      #expect(name.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-.".utf8.contains($0) }, "\(path)")
      #expect(!["readme.md", "con.md", "nul.md", "aux.md", "prn.md", "com1.md", "lpt9.md"].contains(name))
    }
    try world.repository.pull()
    let onDisk = try FileManager.default.contentsOfDirectory(atPath: "\(world.folder)/engineer/skills")
    #expect(Set(onDisk.map { "skills/\($0)" }) == Set(paths))

    let empty = try World(.first)
    empty.environment["GITHUB_REPO"] = world.environment["GITHUB_REPO"]
    let importing = ContinuousClock.now
    let imported = try empty.start(.gitToSkills, ["import", "--json"]).wait(within: .seconds(1_800))
    let back: ImportAnswer = try imported.answer()
    #expect(back.counts["created"] == count)
    #expect(back.failed == [])
    print("import of \(count) titles: \(ContinuousClock.now - importing)")
    let wanted = try Self.texts(world)
    let found = try Self.texts(empty)
    #expect(wanted.count == count)
    #expect(wanted.elementsEqual(found, by: ==), "the same rows, byte for byte")
    try expectQuiet(world)
  }

  /// Each row as bytes, in the order of ids.
  private static func texts(_ world: World) throws -> [[UInt8]] {
    try world.sql(
      #"SELECT id || ' ' || title || ' ' || content AS text FROM "Skill" ORDER BY id COLLATE "C""#
    ).map {
      Array(try $0.text("text").utf8)
    }
  }
}
