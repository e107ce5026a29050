import Foundation
import Postgres
import SeededRandom
import TestSupport
import Testing

/// Titles of every kind that PostgreSQL holds, to files on disk and back into an empty table.
///
/// `TITLES` says how many; `make nightly` tries a hundred thousand.
@Suite(.onOwnThreads) struct TitleTests {
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

  /// White space as JavaScript's `trim` sees it, since the application trims with that (ECMAScript, WhiteSpace and
  /// LineTerminator).
  private static let spaces = Set<UInt32>([
    9, 10, 11, 12, 13, 32, 0xA0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007,
    0x2008,
    0x2009, 0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF,
  ])
  /// Titles that are nothing to the application.
  private static let blank = [
    "", " ", "\t\n", "\u{FEFF}", "\u{3000}\u{A0}", "\u{2028}\r\u{1680}",
  ]
  /// Titles that only look like nothing: white space to others than JavaScript.
  private static let invisible = ["\u{85}", "\u{180E}", "\u{200B}", "\u{200B} \u{2060}", "\u{AD}", "\u{1F}"]

  private static func trimmed(_ title: String) -> String {
    var scalars = Array(title.unicodeScalars)
    while let last = scalars.last, spaces.contains(last.value) { scalars.removeLast() }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars.drop { spaces.contains($0.value) })
    return String(text)
  }

  /// Any character that PostgreSQL holds, of each kind as often as of the others.
  private static func anyScalar(_ random: inout SeededRandom) -> Unicode.Scalar {
    let kinds: [ClosedRange<UInt32>] = [
      1...0x1F, 0x20...0x7E, 0x7F...0x9F, 0xA0...0x24F, 0x300...0x36F, 0x590...0x6FF, 0x2000...0x206F,
      0x4E00...0x9FFF, 0xE000...0xFFFF, 0x1F300...0x1FAFF, 0x1_0000...0x10_FFFF,
    ]
    let kind = kinds[Int.random(in: 0..<kinds.count, using: &random)]
    return Unicode.Scalar(UInt32.random(in: kind, using: &random)) ?? "x"
  }

  /// Titles as they are stored, of which no two are the same once they are trimmed, and none is nothing.
  private static func titles(_ count: Int) -> [String] {
    var random = SeededRandom(state: 4)
    var titles: [String] = []
    var seen: Set<[UInt8]> = []
    func add(_ title: String) {
      let bytes = Array(trimmed(title).utf8)
      if !bytes.isEmpty, seen.insert(bytes).inserted { titles.append(title) }
    }
    for title in whole + invisible { add(title) }
    for title in ["\u{FEFF} around\n", "\u{A0}---\u{3000}", "\r\n#\t", " 'x' "] { add(title) }
    for length in [239, 240, 241, 252, 253, 255, 256, 1_000, 100_000] {
      for piece in ["x", "A-", "é", "😀"] { add(String(repeating: piece, count: length)) }
    }
    while titles.count < count {
      let length = Int.random(in: 1...8, using: &random)
      let isOfPieces = Int.random(in: 0..<4, using: &random) > 0
      add(
        (0..<length).map { _ in
          isOfPieces ? pieces[Int.random(in: 0..<pieces.count, using: &random)] : String(anyScalar(&random))
        }.joined())
    }
    return Array(titles.prefix(count))
  }

  /// Stores skills whose other columns are made of the titles too; ids are `id-` and a number from `start` on.
  private func store(_ titles: [String], from start: Int, in world: World) throws {
    let batch = 5_000
    for first in stride(from: 0, to: titles.count, by: batch) {
      let part = titles[first..<min(first + batch, titles.count)]
      try world.application(
        """
        INSERT INTO "Skill" (id, title, content, categories, owners, "sourceUrls", "isActive", "createdAt", "updatedAt")
        SELECT 'id-' || k, t, 'Text ' || k, ARRAY['c', left(t, 100)],
          jsonb_build_array(jsonb_build_object('name', 'n' || left(t, 100), 'email', k || '@example.com')),
          jsonb_build_array(jsonb_build_object('url', 'https://e.example/' || left(t, 100), 'addedAt', left(t, 9))),
          k % 7 <> 0, timestamp '2025-01-01' + k * interval '61.001 s', timezone('utc', now())
        FROM (SELECT t, $2::int + n AS k FROM unnest($1::text[]) WITH ORDINALITY AS x (t, n)) AS x
        """, [.textArray(Array(part)), .integer(start + first)])
    }
  }

  @Test func titlesOfEveryKindGetFilesOfTheirOwnAndComeBackTheSame() throws {
    let count = ProcessInfo.processInfo.environment["TITLES"].flatMap { Int($0) } ?? 1_500
    let titles = Self.titles(count)
    // Here titles needn't be unique, so the index that keeps them so doesn't bound their length.
    let world = try World(.first)
    try store(titles, from: 0, in: world)
    try store(Self.blank, from: count, in: world)
    let exporting = ContinuousClock.now
    let exported = try world.start(.skillsToGit, ["export", "--json"]).wait(within: .seconds(1_800))
    let answer: ExportAnswer = try exported.answer()
    #expect(answer.counts["created"] == count)
    #expect(
      Set(answer.failed.map(\.skillId)) == Set((1...Self.blank.count).map { "id-\(count + $0)" }))
    #expect(
      Set(answer.failed.map(\.error)) == [
        "unwritable row: the row has no title: give it one in the web application"
      ])
    print("export of \(count) titles: \(ContinuousClock.now - exporting)")

    for (command, status) in [("drift", Int32(1)), ("status", 0)] {
      let looking = ContinuousClock.now
      let looked = try world.run(.skillsToGit, command, "--json")
      #expect(looked.status == status && looked.output.contains("id-\(count + 1)"), "\(looked.errors)")
      #expect(ContinuousClock.now - looking < .seconds(15))
      print("\(command) of \(count) titles: \(ContinuousClock.now - looking)")
    }

    let paths = try world.repository.paths
    #expect(paths.count == count)
    #expect(
      Set(paths.map { $0.lowercased() }).count == count, "distinct, also where case makes no difference")
    for path in paths {
      let name = path.dropFirst("skills/".count)
      #expect(path.hasPrefix("skills/") && name.hasSuffix(".md") && name.utf8.count <= 255, "\(path)")
      #expect(
        name.dropLast(3).utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-".utf8.contains($0) },
        "\(path)")
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
    let wanted = try Self.rows(world).filter { !$0.title.isEmpty }
    let found = try Self.rows(empty)
    #expect(wanted.count == count)
    #expect(wanted.elementsEqual(found, by: ==), "the same rows, byte for byte")
    try expectQuiet(world)
    try expectQuiet(empty)
  }

  /// A row as bytes.
  private struct Bytes: Equatable {
    var title, others: [UInt8]
  }

  /// Each row in the order of ids, the title as the application reads it.
  private static func rows(_ world: World) throws -> [Bytes] {
    try world.sql(
      """
      SELECT title, jsonb_build_array(id, content, categories, owners, "ownerId", "sourceUrls", "isActive", status,
        "createdAt")::text AS others FROM "Skill" ORDER BY id COLLATE "C"
      """
    ).map {
      Bytes(title: Array(trimmed(try $0.text("title")).utf8), others: Array(try $0.text("others").utf8))
    }
  }
}
