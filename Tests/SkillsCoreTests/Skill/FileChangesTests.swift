import SkillFiles
import SkillsCore
import Testing

struct FileChangesTests {
  private let text = """
    ---
    # who wrote this?
    id: skill-1
    title: "Code Review"  # short
    categories: [engineering]
    updated: '2025-01-01T00:00:00.000Z'
    sources:
      - url: https://example.com
        lastFetched: '2025-01-01T00:00:00.000Z'
    ---

    Read it twice.

    """

  private func changed(_ text: String, _ edit: (inout SkillValues) -> Void) throws -> [Change] {
    let file = try SkillFiles.read(Array(text.utf8))
    var values = try SkillValues(file, fields: .all)
    edit(&values)
    return try changes(
      to: file, saying: values, id: "skill-1", created: "2025-06-01T00:00:00.000Z",
      updated: "2025-06-02T00:00:00.000Z", fields: .all)
  }

  private let updated = Change.set(key: "updated", .string("2025-06-02T00:00:00.000Z"))

  @Test func aFileThatSaysItAlreadyIsNotTouched() throws {
    #expect(try changed(text) { _ in } == [])
  }

  @Test func onlyWhatDiffersIsSetAndTheTimeOfTheChange() throws {
    #expect(try changed(text) { $0.tier = "core" } == [.set(key: "tier", .string("core")), updated])
    #expect(try changed(text) { $0.body = "Read it." } == [.body("Read it."), updated])
    #expect(try changed(text) { $0.active = false } == [.set(key: "active", .boolean(false)), updated])
    #expect(try changed(text) { $0.title = "R" } == [.set(key: "title", .string("R")), updated])
  }

  @Test func aTimeOfTheChangeIsNotAddedWhereThereIsNone() throws {
    let bare = "---\nid: skill-1\ntitle: T\n---\n"
    #expect(try changed(bare) { $0.tier = "core" } == [.set(key: "tier", .string("core"))])
  }

  @Test func aMissingIDIsWrittenAlong() throws {
    let bare = "---\nid: ~\ntitle: T\n---\n"
    #expect(
      try changed(bare) { $0.body = "B" } == [.set(key: "id", .string("skill-1")), .body("B")])
  }

  @Test func theTitleIsSetWhereItStands() throws {
    let later = "---\nid: skill-1\nname: T\n---\n"
    #expect(try changed(later) { $0.title = "U" } == [.set(key: "name", .string("U"))])
  }

  @Test func anAccentInAnotherFormIsAChangeToWrite() throws {
    let composed = "---\nid: skill-1\ntitle: \u{E9}\ntier: \u{E9}\ncategories: [\u{E9}]\n---\n\u{E9}"
    let changes = try changed(composed) {
      ($0.title, $0.tier, $0.categories, $0.body) = ("e\u{301}", "e\u{301}", ["e\u{301}"], "e\u{301}")
    }
    #expect(changes.count == 4)
    let bytes = try edit(Array(composed.utf8), changes)
    #expect(!String(decoding: bytes, as: UTF8.self).unicodeScalars.contains("\u{E9}"))
  }

  @Test func sourcesKeepTheNameOfTheirLastFetch() throws {
    let changes = try changed(text) {
      $0.sources.append(
        Source(members: [
          "url": .string("https://b.example"), "lastFetchedAt": .string("2025-02-02T00:00:00.000Z"),
        ]))
    }
    let bytes = try edit(Array(text.utf8), changes)
    #expect(!String(decoding: bytes, as: UTF8.self).contains("lastFetchedAt"))
    #expect(try SkillValues(SkillFiles.read(bytes), fields: .all).sources.count == 2)
  }

  /// The lines that the file had and has no more, and those that it has got.
  private func difference(
    _ text: String, _ change: (inout SkillValues) -> Void
  ) throws -> (gone: [String], new: [String]) {
    let bytes = try edit(Array(text.utf8), changed(text, change))
    let (old, new) = (
      text.split(separator: "\n"), String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    )
    return (
      old.filter { !new.contains($0) }.map { "\($0)" }, new.filter { !old.contains($0) }.map { "\($0)" }
    )
  }

  private let lists = """
    ---
    id: skill-1
    title: T
    categories:
      - 2025
      - one
    owners:
      - Ada
      - name: Bob
        userId: 17
        chat: 2025-01-01
      - ~
      - name: Eve
        email: eve@example.com
    sources:
      - https://plain.example
      - url: https://dated.example
        addedAt: 2025-01-01
        note: ~
      - [nothing, known]
      - url: https://last.example
    ---
    """

  @Test func aChangeOfOneListItemLeavesTheOthersAsTheyAreWritten() throws {
    let category = try difference(lists) { $0.categories[1] = "two" }
    #expect(category.gone == ["  - one"] && category.new == ["  - two"])
    let owner = try difference(lists) { $0.owners[2].email = "eve@example.org" }
    #expect(owner.gone == ["    email: eve@example.com"] && owner.new == ["    email: eve@example.org"])
    let source = try difference(lists) { $0.sources[2].members["addedAt"] = .string("x") }
    #expect(source.gone == [] && source.new == ["    addedAt: x"])
    let dated = try difference(lists) { $0.sources[1].members["lastFetchedAt"] = .string("x") }
    #expect(dated.gone == [] && dated.new == ["    lastFetchedAt: x"])
  }

  @Test func whatMeansNothingInAnItemThatChangesStays() throws {
    let text = """
      ---
      id: skill-1
      title: T
      owners:
        - name: ~  # who?
          email: Ann@example.com
        - name: [Bob, Eve]
          email: ''
          userId: u1
      sources:
        - url: https://a.example
          weight: .inf
      ---
      """
    let owners = try difference(text) {
      $0.owners[0].email = "ann@example.com"
      $0.owners[1].email = "bob@example.com"
    }
    #expect(owners.gone == ["    email: Ann@example.com", "    email: ''"])
    #expect(owners.new == ["    email: ann@example.com", "    email: 'bob@example.com'"])
    let source = try difference(text) { $0.sources[0].members["addedAt"] = .string("x") }
    #expect(source.gone == [] && source.new == ["    addedAt: x"])
  }

  @Test func aSummaryKeepsItsStyleAndHasNoLineEndsOfBrowsers() throws {
    let text = "---\nid: skill-1\ntitle: T\nsummary: |\n  One.\n  Two.\n---\n"
    let summary = try difference(text) { $0.summary = "One.\nThree." }
    #expect(summary.gone == ["  Two."] && summary.new == ["  Three."])
    #expect(try changed(text) { $0.summary = "" } == [.set(key: "summary", .string(""))])
    #expect(SkillValues(title: "T", body: "", summary: "a\r\nb").summary == "a\nb")
  }

  @Test func aFileThatCannotBeASkillIsNotMadeOne() {
    let file = SkillFile(values: ["id": .string("skill-1")], body: "B")
    #expect(throws: SkillProblem.self) {
      try changes(
        to: file, saying: SkillValues(title: "T", body: "B"), id: "skill-1", created: nil, updated: nil,
        fields: .all)
    }
  }

  @Test func aListItemThatGoesTakesNoOtherAlong() throws {
    let source = try difference(lists) { $0.sources.removeFirst() }
    #expect(source.gone == ["  - https://plain.example"] && source.new == [])
    let owner = try difference(lists) { $0.owners.remove(at: 1) }
    #expect(
      owner.gone == ["  - name: Bob", "    userId: 17", "    chat: 2025-01-01"] && owner.new == [])
  }

  @Test func aValueThatIsNoListIsAListOfOne() throws {
    let text = "---\nid: skill-1\ntitle: T\nowners: Ada\nsources:\n  url: https://a.example\n---\n"
    let values = try SkillValues(SkillFiles.read(Array(text.utf8)), fields: .all)
    #expect(values.owners == [Owner(name: "Ada", email: nil, userID: nil)])
    #expect(values.sources.map(\.url) == ["https://a.example"])
    #expect(try changed(text) { _ in } == [])
    let changes = try changed(text) { $0.owners.append(Owner(name: "Bob", email: nil, userID: nil)) }
    let bytes = try edit(Array(text.utf8), changes)
    #expect(try SkillValues(SkillFiles.read(bytes), fields: .all).owners.map(\.name) == ["Ada", "Bob"])
  }

  @Test func manyItemsOfOneNameAreWrittenInTime() throws {
    let many = 20_000
    let text =
      "---\nid: skill-1\ntitle: T\nowners:\n" + String(repeating: "  - x\n", count: many) + "---\n"
    let changes = try changed(text) { values in
      for index in values.owners.indices { values.owners[index].email = "\(index)@example.com" }
    }
    guard case .set(_, .list(let items))? = changes.first else { return #expect(Bool(false)) }
    #expect(items.count == many)
  }

  @Test(arguments: [
    ("1e20", "100000000000000000000"), ("1e-6", "0.000001"), (".inf", "Infinity"), ("1.50", "1.5"),
  ])
  func aNumberAsATitleIsTheTextThatJavaScriptMakesOfIt(number: String, title: String) throws {
    let bytes = Array("---\ntitle: \(number)\n---\n".utf8)
    #expect(try SkillValues(SkillFiles.read(bytes), fields: .all).title == title)
  }

  @Test func whatElseAFileSaysOfAnOwnerStays() throws {
    let owners = """
      ---
      id: skill-1
      title: T
      owners:
        - name: Ann
          email: Ann@example.com
          chat: '@ann'
        - name: Bob
          chat: '@bob'
        - name: Eve
          userId: eve
          chat: '@eve'
      ---
      """
    let changes = try changed(owners) {
      $0.owners[0].email = "ann@example.com"
      $0.owners.remove(at: 2)
      $0.owners.insert(Owner(name: "Zoe", email: nil, userID: nil), at: 0)
    }
    func person(_ members: [(String, String)]) -> Value {
      .map(Mapping(members.map { Mapping.Entry(key: $0, value: .string($1)) }))
    }
    #expect(
      changes == [
        .set(
          key: "owners",
          .list([
            person([("name", "Zoe")]),
            person([("name", "Ann"), ("email", "ann@example.com"), ("chat", "@ann")]),
            person([("name", "Bob"), ("chat", "@bob")]),
          ]))
      ])
  }

  @Test func whatElseAFileSaysOfAnOwnerIsNoPartOfItsValues() throws {
    #expect(
      try changed("---\nid: s\ntitle: T\nowners: [{name: Ann, chat: x}]\n---\n") { values in
        values.owners = [Owner(name: "Ann", email: nil, userID: nil)]
      } == [])
  }

  @Test func whatIsWrittenSaysWhatWasWantedAndNothingElseChanges() throws {
    let changes = try changed(text) {
      $0.owners = [Owner(name: "Ann", email: "ann@example.com", userID: nil)]
      $0.categories = []
    }
    let bytes = try edit(Array(text.utf8), changes)
    let values = try SkillValues(SkillFiles.read(bytes), fields: .all)
    #expect(values.owners == [Owner(name: "Ann", email: "ann@example.com", userID: nil)])
    #expect(values.categories == [])
    let lines = Set(String(decoding: bytes, as: UTF8.self).split(separator: "\n"))
    for kept in ["# who wrote this?", "title: \"Code Review\"  # short", "  - url: https://example.com"] {
      #expect(lines.contains(kept[...]))
    }
  }

  @Test func aNewFileHasTheApplicationsKeysInItsOrder() throws {
    let values = SkillValues(
      title: "T: \"x\"", body: "B", categories: ["a"], tier: "core",
      owners: [Owner(name: "Ann", email: nil, userID: "u")],
      sources: [Source(members: ["zeta": .number(1), "url": .string("x"), "addedAt": .string("y")])])
    let changes = try changes(
      to: nil, saying: values, id: "s", created: "2025-06-01T00:00:00.000Z",
      updated: "2025-06-02T00:00:00.000Z",
      fields: .all)
    let bytes = try edit([], changes)
    let file = try SkillFiles.read(bytes)
    #expect(try SkillValues(file, fields: .all) == values)
    #expect(try skillID(in: file) == "s")
    #expect(
      file.values.entries.map(\.key)
        == ["id", "title", "categories", "tier", "created", "updated", "owners", "sources", "active"])
    guard case .list(let sources)? = file.values["sources"], case .map(let source) = sources[0] else {
      Issue.record("no sources")
      return
    }
    #expect(source.entries.map(\.key) == ["url", "addedAt", "zeta"])
  }

  @Test func aNewFileHasNoKeysForFieldsWithoutAColumn() throws {
    let changes = try changes(
      to: nil, saying: SkillValues(title: "T", body: "B"), id: "s", created: nil, updated: nil, fields: [])
    #expect(changes == [.set(key: "id", .string("s")), .set(key: "title", .string("T")), .body("B")])
  }

  @Test func timesAreISO8601InUTCWithMilliseconds() {
    #expect(isoTime(milliseconds: 1_766_139_362_007) == "2025-12-19T10:16:02.007Z")
    #expect(isoTime(milliseconds: 0) == "1970-01-01T00:00:00.000Z")
    #expect(isoTime(milliseconds: -1) == "1969-12-31T23:59:59.999Z")
    for offset in 0..<1_000 {
      let digits = "00\(offset)".suffix(3)
      #expect(isoTime(milliseconds: 1_766_139_362_000 + Int64(offset)) == "2025-12-19T10:16:02.\(digits)Z")
    }
  }
}
