import Testing

@testable import SkillFiles

@Suite struct ReadingTests {
  @Test(
    "A fixture reads as upstream reads it, or fails where its writer must look",
    arguments: Fixture.names(in: "Reading", suffix: ".md"))
  func fixture(name: String) throws {
    let bytes = try Fixture.bytes("Reading/\(name).md")
    let expected = try Fixture.json("Reading/\(name).json")
    do {
      let file = try read(bytes)
      #expect(Value.map(file.values) == expected["values"])
      #expect(Value.string(file.body) == expected["body"])
    } catch {
      #expect(
        expected["error"]
          == .map([
            "line": .number(Double(error.line)), "column": .number(Double(error.column)),
            "code": .string(error.code.rawValue),
          ]), "\(error)")
    }
  }

  @Test func thereAreFixtures() {
    #expect(Fixture.names(in: "Reading", suffix: ".md").count > 40)
  }

  @Test func aDuplicateKeyNamesBothLines() {
    let error = #expect(throws: SkillFileError.self) {
      try read("---\nid: 1\ntitle: a\n\ntitle: b\n---\n".bytes)
    }
    #expect(error?.description == "line 5: the key `title` is already set on line 3")
  }

  @Test func columnsCountCharacters() {
    let error = #expect(throws: SkillFileError.self) { try read("---\nä: [ö, *x]\n---\n".bytes) }
    #expect(error?.line == 2)
    #expect(error?.column == 8)
  }

  @Test func aDateBeyondTheYear9999IsWrittenAsJavaScriptWritesIt() throws {
    let file = try read("---\na: 9999-99-99\nb: 9999-12-31\n---\n".bytes)
    #expect(
      Value.map(file.values).taggedJSON
        == #"{"a":{"$date":"+010007-06-07T00:00:00.000Z"},"b":{"$date":"9999-12-31T00:00:00.000Z"}}"#)
  }

  @Test func crlfFilesReadLikeLFFiles() throws {
    let text = "---\ntitle: One\nnote: |\n  a\n  b\nlist:\n  - x\nlong: 'a\n  b'\n---\nBody.\nMore.\n"
    let lf = try read(text.bytes)
    let crlf = try read(text.withCRLF.bytes)
    #expect(crlf.values == lf.values)
    #expect(crlf.body == lf.body.withCRLF)
  }

  @Test func oneByteOrderMarkIsSkipped() throws {
    #expect(try read("\u{FEFF}---\na: 1\n---\nB".bytes) == SkillFile(values: ["a": .number(1)], body: "B"))
    #expect(try read("\u{FEFF}\u{FEFF}---\na: 1\n---\nB".bytes).values.isEmpty)
  }

  @Test func aFileOfCarriageReturnsAloneIsRefusedInsteadOfLosingItsText() {
    let error = #expect(throws: SkillFileError.self) { try read("---\ra: 1\r---\rBody.\r".bytes) }
    #expect(error?.code == .syntax)
  }

  @Test func whatIsNoTextIsRefusedWhereItIs() {
    let latin = #expect(throws: SkillFileError.self) { try read("---\na: 1\n---\nCaf".bytes + [0xE9, 0x0A]) }
    #expect(latin.map { [$0.line, $0.column] } == [4, 4])
    let null = #expect(throws: SkillFileError.self) { try read("---\na: 1\n---\nx\u{0}".bytes) }
    #expect(null.map { [$0.line, $0.column] } == [4, 2])
    #expect(null?.code == .encoding)
  }

  @Test func sizesHaveLimits() {
    let large = #expect(throws: SkillFileError.self) {
      try read([UInt8](repeating: 0x61, count: 10 * 1024 * 1024 + 1))
    }
    #expect(large?.code == .limit)
    let value = String(repeating: "x", count: 1024 * 1024)
    let wide = #expect(throws: SkillFileError.self) { try read("---\na: \(value)\n---\n".bytes) }
    #expect(wide?.code == .limit)
  }

  @Test(arguments: ["[", "{a: ", "- ", "? "])
  func nestingHasALimit(opening: String) throws {
    let deep = String(repeating: opening, count: 101)
    let error = #expect(throws: SkillFileError.self) { try read("---\na:\n  \(deep)x\n---\n".bytes) }
    #expect(error?.code == .limit)
  }

  @Test func nestingUpToTheLimitIsRead() throws {
    let text = "a: " + String(repeating: "[", count: 98) + String(repeating: "]", count: 98)
    #expect(try read("---\n\(text)\n---\n".bytes).values.count == 1)
  }

  @Test func aliasesCannotExplode() {
    var text = "---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      text +=
        "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
        + "]\n"
    }
    let error = #expect(throws: SkillFileError.self) { try read((text + "---\n").bytes) }
    #expect(error?.code == .limit)
  }

  @Test func aliasesOfALongTextCannotExplode() {
    let text = String(repeating: "x", count: 100_000)
    let aliases = { "---\na: &a \(text)\nb: [\(String(repeating: "*a,", count: $0))]\n---\n".bytes }
    #expect(throws: Never.self) { try read(aliases(100)) }
    let error = #expect(throws: SkillFileError.self) { try read(aliases(110)) }
    #expect(error?.code == .limit)
    #expect(error?.line == 3)
  }

  @Test(arguments: ["title: t#", "title: .#", "a: &t# 1", "a: *t#", "a: !!t# 1", "k#: 1", "a: x#"])
  func manyAccentsAreReadInTimeInProportion(template: String) {
    let accents = String(repeating: "\u{301}\u{323}", count: 60_000)
    let bytes = "---\n\(template.replacing("#", with: accents))\n---\n".bytes
    let time = ContinuousClock().measure { _ = try? read(bytes) }
    #expect(time < .seconds(2))
  }

  @Test func anchorsAreToldApartByteForByte() {
    #expect(throws: SkillFileError.self) { try read("---\na: &\u{E9} 1\nb: *e\u{301}\n---\n".bytes) }
  }

  @Test func aliasesCannotDigDeeperThanTheLimit() {
    var text = "---\na0: &a0 [x]\n"
    for level in 1...101 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    let error = #expect(throws: SkillFileError.self) { try read((text + "---\n").bytes) }
    #expect(error?.code == .limit)
  }

  @Test func composedAndDecomposedTextsAreDifferent() throws {
    let file = try read("---\n\"\\u00e9\": 1\n\"e\\u0301\": 2\n---\n".bytes)
    #expect(file.values.count == 2)
    #expect(Value.string("\u{E9}") != .string("e\u{301}"))
  }

  @Test func documentsOfAnyKindAreReadAsUpstreamDoes() throws {
    #expect(try readDocument("---\n[1, a]\n---\n".bytes).frontMatter == .list([.number(1), .string("a")]))
    #expect(try readDocument("---\n~\n---\n".bytes).frontMatter == .map([:]))
    #expect(try readDocument("---\ntext\n---\n".bytes).frontMatter == .string("text"))
  }

  @Test(arguments: ["\u{2028}", "\u{FEFF} \u{FEFF}", "\u{A0}"])
  func frontMatterOfWhiteSpaceThatYAMLDoesNotKnowIsNone(space: String) throws {
    #expect(
      try readDocument("---\n\(space)\n---\nB".bytes)
        == Document(frontMatter: .map([:]), body: "B", isUnclosed: false))
    #expect(try readDocument("---\n' '\n---\nB".bytes).frontMatter == .string(" "))
  }

  @Test(.timeLimit(.minutes(1))) func aLongTextAfterTheFenceIsRefusedWithoutRepeatingIt() {
    let accents = String(repeating: "\u{301}\u{323}", count: 60_000)
    let error = #expect(throws: SkillFileError.self) { try read("---y\(accents)\n---\n".bytes) }
    #expect(error?.code == .language)
    #expect((error?.message.utf8.count ?? 1_000) < 200)
  }

  @Test func manyKeysAreReadInTimeInProportion() throws {
    let text = (0..<20_000).map { "key\($0): \($0)\n" }.joined()
    let file = try read("---\n\(text)---\n".bytes)
    #expect(file.values["key19999"] == .number(19_999))
    #expect(try edit("---\n\(text)---\n".bytes, [.set(key: "key7", .number(7))]).count == text.utf8.count + 8)
  }
}

extension String {
  /// The text with CRLF for each line feed.
  var withCRLF: String {
    String(decoding: utf8.flatMap { $0 == 10 ? [13, 10] : [$0] }, as: UTF8.self)
  }
}
