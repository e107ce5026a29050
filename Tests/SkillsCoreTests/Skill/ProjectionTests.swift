import SkillFiles
import SkillsCore
import Testing

struct ProjectionTests {
  private func values(_ text: String, fields: SyncedFields = .all) throws -> SkillValues {
    try SkillValues(SkillFiles.read(Array(text.utf8)), fields: fields)
  }

  @Test func aFileSaysWhatItsKeysAndItsBodySay() throws {
    let values = try values(
      """
      ---
      id: skill-1
      title: ' Code Review '
      categories:
        - engineering
        - quality
      tier: core
      created: '2025-12-19T10:00:00.000Z'
      owners:
        - name: Ann
          email: ann@example.com
          userId: user-1
      sources:
        - url: 'https://example.com'
          addedAt: 2025-12-19T10:00:00.000Z
      active: false
      unknown: kept
      ---

      Read it twice.

      """)
    let expected = SkillValues(
      title: "Code Review", body: "Read it twice.", categories: ["engineering", "quality"], tier: "core",
      owners: [Owner(name: "Ann", email: "ann@example.com", userID: "user-1")],
      sources: [
        Source(members: [
          "url": .string("https://example.com"), "addedAt": .string("2025-12-19T10:00:00.000Z"),
        ])
      ], active: false)
    #expect(values == expected)
  }

  @Test func whatAFileDoesNotSayHasADefault() throws {
    let values = try values("---\ntitle: T\n---\n")
    #expect(values == SkillValues(title: "T", body: "", tier: "library", active: true))
  }

  @Test func fieldsWithoutAColumnHaveTheirDefault() throws {
    let text =
      "---\ntitle: T\ntier: core\ncategories: [a]\nowners: [Ann]\nsources: [x]\nactive: false\n---\nB"
    #expect(try values(text, fields: []) == SkillValues(title: "T", body: "B"))
    #expect(
      try values(text, fields: [.tier, .active])
        == SkillValues(title: "T", body: "B", tier: "core", active: false))
  }

  @Test func aLaterFormNamesTheTitleName() throws {
    #expect(try values("---\nname: T\n---\n").title == "T")
    #expect(try values("---\nname: N\ntitle: T\n---\n").title == "T")
  }

  @Test func aSummaryIsReadWhereThereIsAColumnForIt() throws {
    let text = "---\nname: T\ndescription: D\nsummary: ' S '\n---\n"
    #expect(try values(text).summary == "S")
    #expect(try values(text, fields: SyncedFields.all.subtracting(.summary)).summary == "")
  }

  @Test(arguments: [
    ("no front matter", "the file has no front matter"), ("---\ntier: core\n---\n", "the file has no title"),
    ("---\ntitle: '  '\n---\n", "the title is empty"), ("---\ntitle: [a]\n---\n", "the title must be a text"),
  ])
  func aFileWithoutATitleIsNoSkill(_ text: String, words: String) {
    let problem = #expect(throws: SkillProblem.self) { try values(text) }
    #expect(problem?.description.hasPrefix(words) == true)
  }

  @Test(arguments: [
    ("title: 2024", "2024"), ("title: 1.5", "1.5"), ("title: true", "true"),
    ("title: 2024-01-02", "2024-01-02T00:00:00.000Z"), ("title: 'yes'", "yes"),
  ])
  func aTitleThatIsNoTextIsReadAsOne(_ line: String, _ title: String) throws {
    #expect(try values("---\n\(line)\n---\n").title == title)
  }

  @Test func onlyFalseMakesASkillInactive() throws {
    for (line, active) in [("false", false), ("true", true), ("'false'", true), ("", true), ("0", true)] {
      #expect(try values("---\ntitle: T\nactive: \(line)\n---\n").active == active)
    }
  }

  @Test func listsTakeWhatCanBeReadOfThem() throws {
    let values = try values(
      """
      ---
      title: T
      categories: [a, 1, null, [b], {c: d}, true]
      owners: [Ann, {name: Bob}, {image: x}, null, {email: '', userId: 7}]
      sources: ['https://a.example', {url: 'https://b.example', note: null}, null]
      ---
      """)
    #expect(values.categories == ["a", "1", "true"])
    #expect(
      values.owners == [
        Owner(name: "Ann", email: nil, userID: nil), Owner(name: "Bob", email: nil, userID: nil),
        Owner(name: nil, email: nil, userID: "7"),
      ])
    #expect(
      values.sources == [
        Source(members: ["url": .string("https://a.example")]),
        Source(members: ["url": .string("https://b.example")]),
      ])
    #expect(try self.values("---\ntitle: T\ncategories: alone\n---\n").categories == ["alone"])
  }

  @Test(arguments: [".nan", ".inf", "-.inf"])
  func numbersThatJSONCannotSayAreNothing(_ number: String) throws {
    let text = "---\ntitle: T\nsources:\n  - url: x\n    weight: \(number)\n    deep: [\(number), 1]\n---\n"
    let values = try values(text)
    #expect(values == values)
    #expect(values.sources == [Source(members: ["url": .string("x"), "deep": .array([.null, .number(1)])])])
    #expect(try JSON.text(values.sources.map(\.members)) == #"[{"deep":[null,1],"url":"x"}]"#)
  }
}

struct SkillIDTests {
  private func id(_ line: String) throws -> String? {
    try skillID(in: SkillFiles.read(Array("---\n\(line)\ntitle: T\n---\n".utf8)))
  }

  @Test func anIDIsAnyShortText() throws {
    #expect(try id("id: skill-1") == "skill-1")
    #expect(try id("id: 'a b/é'") == "a b/é")
    #expect(try id("id: 42") == "42")
    #expect(try id("id: " + String(repeating: "x", count: 255)) != nil)
  }

  @Test(arguments: ["tier: x", "id:", "id: null", "id: ~"])
  func noIDIsNoProblem(_ line: String) throws {
    #expect(try id(line) == nil)
  }

  @Test(arguments: [
    ("id: ''", "must have 1 to 255 bytes"), ("id: ' a'", "has white space at an end"),
    ("id: \"a\\u00A0\"", "has white space at an end"), ("id: \"a\\nb\"", "has a control character"),
    ("id: \"a\\x7Fb\"", "has a control character"), ("id: [a]", "must be a text"),
    ("id: {a: b}", "must be a text"),
  ])
  func anIDThatCannotBeOneIsAProblem(_ line: String, _ problem: String) {
    #expect(throws: SkillProblem("the key `id` \(problem)")) { try id(line) }
  }

  @Test func theLengthIsCountedInBytes() {
    #expect(problemWithSkillID(String(repeating: "é", count: 127)) == nil)
    #expect(problemWithSkillID(String(repeating: "é", count: 128)) == "must have 1 to 255 bytes")
  }
}
