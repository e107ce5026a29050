import Testing

@testable import SkillFiles

@Suite struct EditingTests {
  static func changes(_ json: Mapping) -> [Change] {
    var changes: [Change] = []
    if case .map(let values)? = json["set"] {
      changes += values.entries.map { .set(key: $0.key, $0.value) }
    }
    if case .list(let keys)? = json["remove"] {
      for case .string(let key) in keys { changes.append(.remove(key: key)) }
    }
    if case .string(let body)? = json["body"] { changes.append(.body(body)) }
    return changes
  }

  @Test("A fixture's changes touch what they name and nothing else", arguments: Fixture.names(in: "Editing"))
  func fixture(name: String) throws {
    let original = try Fixture.bytes("Editing/\(name)/original.md")
    let expected = try Fixture.bytes("Editing/\(name)/expected.md")
    let changes = Self.changes(try Fixture.json("Editing/\(name)/changes.json"))
    #expect(try edit(original, changes).text == expected.text)
    #expect(try edit(expected, changes).text == expected.text)
  }

  @Test("A fixture with CRLF line ends is edited like one with LF", arguments: Fixture.names(in: "Editing"))
  func fixtureWithCRLF(name: String) throws {
    let original = try Fixture.bytes("Editing/\(name)/original.md").text
    let expected = try Fixture.bytes("Editing/\(name)/expected.md").text
    let changes = Self.changes(try Fixture.json("Editing/\(name)/changes.json"))
    #expect(try edit(original.withCRLF.bytes, changes).text == expected.withCRLF)
  }

  @Test func anUnclosedFileThatEndsInAKeptBlankLineTakesABody() throws {
    let text = "---\ntitle: A\nd: |+\n  kept\n\n"
    #expect(try edit(text.bytes, [.body("B")]).text == text + "\n---\nB\n")
    // The CR that the fence leaves is a line break to YAML.
    #expect(try edit(text.withCRLF.bytes, [.body("B")]).text == text.withCRLF + "---\r\nB\r\n")
  }

  @Test func keyAndBodyOfAnUnclosedFileComeToTheSameInEveryOrder() throws {
    let file = "---\n# A comment".bytes
    let changes = [Change.set(key: "title", .string("T")), .body("B")]
    let wanted = "---\n# A comment\ntitle: T\n---\nB\n"
    #expect(try edit(file, changes).text == wanted)
    #expect(try edit(edit(file, [changes[0]]), [changes[1]]).text == wanted)
    #expect(try edit(edit(file, [changes[1]]), [changes[0]]).text == wanted)
  }

  @Test func thereAreFixtures() {
    #expect(Fixture.names(in: "Editing").count > 25)
  }

  @Test func aNewFileIsWrittenAsTheApplicationWritesIt() throws {
    let url = "https://docs.example.com/a/rather/long/path/that/does/not/fit/into/one/line.md"
    let changes: [Change] = [
      .body("# Text\n"), .set(key: "active", .boolean(true)), .set(key: "title", .string("Q&A: part 1")),
      .set(key: "id", .string("7b0c2f7e-0a5e-4f0e-9d0e-5a1f2c3d4e5f")),
      .set(
        key: "sources", .list([.map(["url": .string(url), "addedAt": .string("2025-12-19T16:24:48.123Z")])])),
      .set(key: "owners", .list([.map(["name": .string("n"), "email": .string("a@example.com")])])),
      .set(key: "categories", .list([])), .set(key: "created", .string("2025-12-19T16:24:48.123Z")),
      .set(key: "tier", .string("core")),
    ]
    #expect(
      try edit([], changes).text == """
        ---
        id: 7b0c2f7e-0a5e-4f0e-9d0e-5a1f2c3d4e5f
        title: 'Q&A: part 1'
        categories: []
        tier: core
        created: '2025-12-19T16:24:48.123Z'
        owners:
          - name: 'n'
            email: a@example.com
        sources:
          - url: >-
              \(url)
            addedAt: '2025-12-19T16:24:48.123Z'
        active: true
        ---
        # Text

        """)
  }

  @Test func aNewFileWithoutKeysIsItsBody() throws {
    #expect(try edit([], [.body(" Text ")]).text == "Text\n")
    #expect(try edit([], []).isEmpty)
  }

  @Test func theByteOrderMarkStays() throws {
    let file = "\u{FEFF}---\na: 1\n---\nB"
    #expect(try edit(file.bytes, [.set(key: "a", .number(2))]).text == "\u{FEFF}---\na: 2\n---\nB")
    #expect(try edit("\u{FEFF}B".bytes, [.set(key: "a", .number(2))]).text == "\u{FEFF}---\na: 2\n---\nB")
  }

  @Test func aBodyKeepsItsWhiteSpaceAndLineEnds() throws {
    let file = "---\r\na: 1\r\n---\r\n\r\n One\r\ntwo \r\n\r\n"
    #expect(try edit(file.bytes, [.body("One\ntwo")]).text == file)
    #expect(try edit(file.bytes, [.body("x\ny")]).text == "---\r\na: 1\r\n---\r\n\r\n x\r\ny \r\n\r\n")
    #expect(try edit("---\na: 1\n---".bytes, [.body("x")]).text == "---\na: 1\n---\nx\n")
    #expect(try edit("---\na: 1\n---\n\n\n".bytes, [.body("x")]).text == "---\na: 1\n---\n\nx\n")
    #expect(try edit("---\na: 1\n---\nx\n".bytes, [.body("")]).text == "---\na: 1\n---\n\n")
  }

  @Test(arguments: [
    // Lines that change, come, go and are the last, and the reverse of each.
    ("1\r\n2\n3\r\n4\r\n", "1\n2\nx\n4", "1\r\n2\nx\r\n4\r\n", "1\n2\n3\n4"),
    ("1\r\n2\n3\r\n", "1\n2\n3\n4", "1\r\n2\n3\r\n4\r\n", "1\n2\n3"),
    ("1\r\n2\n3", "2\n3", "2\n3", "2\n3"),
    ("1\n2\r\n3\r\n", "0\n1\n2\n3", "0\n1\n2\r\n3\r\n", "1\n2\n3"),
    // A carriage return alone ends no line.
    ("1\r2\r3\n4\n", "1\r2\r3\nx", "1\r2\r3\nx\n", "1\r2\r3\n4"),
    ("1\n2\n", "1\r\nx", "1\nx\n", "1\r\n2"),
  ])
  func aBodyOfMixedLineEndsKeepsThem(body: String, text: String, changed: String, reverse: String) throws {
    let front = "---\na: 1\n---\n"
    let result = try edit((front + body).bytes, [.body(text)])
    #expect(result.text == front + changed)
    let expected = reverse == text ? changed : body
    #expect(try edit(result, [.body(reverse)]).text == front + expected)
  }

  @Test(arguments: [
    ("", "1\r\r\n2", "1\r\r\n2\n"), ("1\n2\n", "1\r\r\n2\n", "1\r\r\n2\n"),
    ("1\r\n2\r\n", "1\r\r\n2\n", "1\r\r\n2\r\n"), ("1\r\n2\n3\n", "1\n2\r\r\n3", "1\r\n2\r\r\n3\n"),
  ])
  func aLineThatEndsWithACarriageReturnKeepsIt(body: String, text: String, changed: String) throws {
    let front = "---\na: 1\n---\n"
    #expect(try edit((front + body).bytes, [.body(text)]).text == front + changed)
  }

  @Test func aLastKeyGoesAlthoughTheTextBeforeItKeepsItsLineBreaks() throws {
    for kept in ["", "\n", "\n\n"] {
      let head = "---\na: |+\n  one\n\(kept)"
      let result = try edit((head + "b: >\n\n  two\n---\nBody.\n").bytes, [.remove(key: "b")])
      let expected = try read((head + "b: x\n---\n").bytes).values["a"]
      #expect(try read(result).values["a"] == expected)
      #expect(result.text == head + (kept.isEmpty ? "" : "\n") + "---\nBody.\n")
    }
  }

  @Test func aTextOfLinesTakesThePlaceOfAWrittenNull() throws {
    let file = "---\n# not yet\n~ \n---\nt"
    let result = try edit(file.bytes, [.set(key: "title", .string("it's\n two\n"))])
    #expect(try read(result).values["title"] == .string("it's\n two\n"))
    #expect(result.text.hasPrefix("---\n# not yet\ntitle: ") && result.text.hasSuffix(" \n---\nt"))
  }

  @Test func aNoBreakSpaceIsNoReasonToQuote() throws {
    let file = "---\na: x\u{A0}y\nb: 'x\u{A0}y'\nc: |\n  x\u{A0}y\n  z\n---\n"
    let changes: [Change] = [
      .set(key: "a", .string("x\u{A0}w")), .set(key: "b", .string("x\u{A0}w")),
      .set(key: "c", .string("x\u{A0}w\nz\n")),
    ]
    let wanted = "---\na: x\u{A0}w\nb: 'x\u{A0}w'\nc: |\n  x\u{A0}w\n  z\n---\n"
    #expect(try edit(file.bytes, changes).text == wanted)
  }

  @Test func manyMergedKeysAndLongLinesAreEditedInTime() throws {
    let many = 20_000
    let merged =
      "---\nb: &b\n" + (0..<many).map { "  k\($0): 1\n" }.joined() + "<<: *b\ntitle: T\n---\n"
    let edited = try edit(merged.bytes, [.set(key: "title", .string("U")), .set(key: "tier", .string("t"))])
    #expect(edited.text.hasSuffix("<<: *b\ntitle: U\ntier: t\n---\n"))

    func line(_ letter: String) -> [String] { (0..<many).map { letter + String($0) } }
    let flow = "---\nc: [" + line("a").joined(separator: ",") + "]\n---\n"
    #expect(
      try edit(flow.bytes, [.set(key: "c", .list(line("b").map(Value.string)))]).text
        == "---\nc: [" + line("b").joined(separator: ",") + "]\n---\n")
  }

  @Test func largeItemsOfAListAreMatchedInTime() throws {
    func items(_ ending: String) -> [Value] {
      (0..<200).map { item in
        let entries = (0..<100).map { Mapping.Entry(key: "k\($0)", value: .string("\(item)\(ending)")) }
        return .map(Mapping(entries))
      }
    }
    let file = try edit([], [.set(key: "a", .list(items("x")))])
    #expect(try read(edit(file, [.set(key: "a", .list(items("y")))])).values["a"] == .list(items("y")))
  }

  @Test func anAnchorThatOthersUseIsNotTouched() throws {
    let file = "---\na: &x One\nb: *x\n---\n".bytes
    let error = #expect(throws: SkillFileError.self) { try edit(file, [.set(key: "a", .string("Two"))]) }
    #expect(error?.code == .edit)
    #expect(error?.line == 2)
    #expect(error?.message.contains("anchor") == true)
    #expect(try edit(file, [.set(key: "b", .string("Two"))]).text == "---\na: &x One\nb: Two\n---\n")
  }

  @Test func whatCannotBeEditedIsRefusedWithAReason() {
    let refused: [(String, Change)] = [
      ("---json\n{\"a\": 1}\n---\n", .set(key: "a", .number(2))),
      ("---\n- a\n---\n", .set(key: "a", .number(2))),
      ("---\n? a\n: 1\n---\n", .set(key: "a", .number(2))),
      ("---\nb: &b\n  t: 1\n<<: *b\n---\n", .remove(key: "t")),
    ]
    for (file, change) in refused {
      let error = #expect(throws: SkillFileError.self) { try edit(file.bytes, [change]) }
      #expect(error?.code == .edit, "\(file)")
    }
  }

  /// Without the key the blank line under it would be the text's.
  @Test func aKeyBetweenATextThatKeepsItsLineBreaksAndABlankLineIsNotRemoved() {
    let file = "---\na: |+4\nb: 1\n\n".bytes
    let error = #expect(throws: SkillFileError.self) { try edit(file, [.remove(key: "b")]) }
    #expect(error?.line == 3)
    #expect(error?.message.contains("line breaks") == true, "\(String(describing: error))")
  }

  @Test func allKeysCanGoAndComeBack() throws {
    let file = "---\na: 1\n# note\nb: x\n---\nB\n".bytes
    let empty = try edit(file, [.remove(key: "a"), .remove(key: "b")])
    #expect(empty.text == "---\n# note\n---\nB\n")
    #expect(try edit(empty, [.set(key: "b", .string("x"))]).text == "---\n# note\nb: x\n---\nB\n")
  }

  @Test func whatNoFileCanHoldIsRefused() throws {
    let deep = (0..<5000).reduce(Value.null) { value, _ in .list([value]) }
    let refused: [Change] = [.set(key: "a", .string("x\u{0}")), .set(key: "a", deep), .body("x\u{0}")]
    for change in refused {
      #expect(throws: SkillFileError.self) { try edit("---\na: 1\n---\nB\n".bytes, [change]) }
      #expect(throws: SkillFileError.self) { try edit([], [change]) }
    }
  }

  @Test func keysOfAMapInAnotherOrderAreNoChange() throws {
    let file = "---\no:\n  - a: 1\n    b: 2\n---\n".bytes
    #expect(try edit(file, [.set(key: "o", .list([.map(["b": .number(2), "a": .number(1)])]))]) == file)
  }

  @Test func theLastOfSeveralChangesOfAKeyCounts() throws {
    let file = "---\na: 1\n---\n".bytes
    #expect(try edit(file, [.set(key: "a", .number(2)), .set(key: "a", .number(1))]) == file)
    #expect(try edit(file, [.remove(key: "a"), .set(key: "a", .number(3))]).text == "---\na: 3\n---\n")
  }

  @Test(arguments: [
    ("plain", "plain"), ("a: b", "'a: b'"), ("it's", "it's"), ("'x", "'''x'"), ("#x", "'#x'"),
    ("a #b", "'a #b'"),
    ("a#b", "a#b"), ("-", "'-'"), ("=", "'='"), ("", "''"), (" x", "' x'"), ("x ", "'x '"), ("a,b", "'a,b'"),
    ("no", "'no'"), ("1.5", "'1.5'"), ("0x1f", "'0x1f'"), ("2024-01-01", "'2024-01-01'"), ("<<", "'<<'"),
    ("🚀", "\"\\U0001F680\""), ("a\tb", "\"a\\tb\""), ("a\u{A0}b", "\"a\\_b\""), ("\u{7F}", "\"\\x7F\""),
    ("\u{2028}", "\"\\L\""), ("\u{FEFF}", "\"\\uFEFF\""), ("a\nb", "|-\n  a\n  b"), ("a\n", "|\n  a"),
    ("\n a", "|2-\n\n   a"), ("é", "é"), ("a\n\n", "\"a\\n\\n\""), ("a\r\nb", "\"a\\r\\nb\""),
  ])
  func aNewTextIsQuotedAsTheApplicationQuotesIt(text: String, written: String) throws {
    #expect(try edit([], [.set(key: "k", .string(text))]).text == "---\nk: \(written)\n---\n")
  }

  @Test func longTextsAreFolded() throws {
    let words = Array(repeating: "word", count: 20).joined(separator: " ")
    let folded = "---\nk: >-\n  \(words.prefix(74))\n  \(words.dropFirst(75))\n---\n"
    #expect(try edit([], [.set(key: "k", .string(words))]).text == folded)
    let two = words + "\n short\n" + words
    #expect(try read(edit([], [.set(key: "k", .string(two))])).values["k"] == .string(two))
  }

  @Test(arguments: [
    (Value.number(1), "1"), (.number(-0.5), "-0.5"), (.number(1e21), "1e+21"), (.number(1e-7), "1.e-7"),
    (.number(123_456_789.125), "123456789.125"), (.number(.infinity), ".inf"), (.number(.nan), ".nan"),
    (.null, "null"), (.boolean(false), "false"),
    (.date(milliseconds: 951_782_400_001), "2000-02-29T00:00:00.001Z"),
    (.list([]), "[]"), (.map([:]), "{}"),
  ])
  func otherValuesAreWrittenAsTheApplicationWritesThem(value: Value, written: String) throws {
    #expect(try edit([], [.set(key: "k", value)]).text == "---\nk: \(written)\n---\n")
  }
}
