import SkillsCore
import Testing

private let bot = Person(name: "skills-sync", email: "bot@example.com")

private func change(
  _ kind: CommittedChange.Kind = .update, _ id: String = "s1", _ title: String = "T", name: String? = "Ann",
  email: String? = "ann@example.com"
) -> CommittedChange {
  CommittedChange(kind: kind, id: id, title: title, owner: Owner(name: name, email: email, userID: nil))
}

private func message(
  _ changes: [CommittedChange], emails: AuthorEmails = .owner
) -> (lines: [String], author: Person) {
  let (message, author) = commitMessage(for: changes, committer: bot, emails: emails)
  #expect(message.hasSuffix("\n") && !message.hasSuffix("\n\n"))
  return (
    message.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map(String.init), author
  )
}

struct CommitMessageTests {
  @Test(arguments: CommittedChange.Kind.allCases)
  func oneSkillIsNamedInTheSubject(_ kind: CommittedChange.Kind) {
    let (lines, author) = message([change(kind, "skill-1", "Code Review")])
    #expect(lines == ["\(kind.rawValue): Code Review", "", "Skill-Id: skill-1"])
    #expect(author == Person(name: "Ann", email: "ann@example.com"))
  }

  @Test func severalSkillsAreCountedAndListed() {
    let (lines, author) = message([
      change(.create, "a", "A"), change(.update, "b", "B"), change(.create, "c", "C"),
    ])
    #expect(
      lines == [
        "sync: 3 skills (create 2, update 1)", "", "- create: A", "- update: B", "- create: C", "",
        "Skill-Id: a",
        "Skill-Id: b", "Skill-Id: c",
      ])
    #expect(author.name == "Ann")
  }

  @Test func ownersWhoDifferAreCoAuthorsOfTheCommitter() {
    let (lines, author) = message([
      change(.update, "a"), change(.update, "b", name: "Bob", email: "bob@example.com"), change(.update, "c"),
    ])
    #expect(author == bot)
    #expect(
      Array(lines.suffix(2)) == [
        "Co-authored-by: Ann <ann@example.com>", "Co-authored-by: Bob <bob@example.com>",
      ])
  }

  @Test func aSkillWithoutAnOwnerIsTheCommitters() {
    #expect(message([change(email: nil)]).author == bot)
    #expect(message([CommittedChange(kind: .delete, id: "a", title: "A", owner: nil)]).author == bot)
    let (lines, author) = message([change(.update, "a"), change(.update, "b", email: nil)])
    #expect(author == bot)
    #expect(lines.last == "Co-authored-by: Ann <ann@example.com>")
  }

  @Test func theCommitterIsNotACoAuthorOfItself() {
    let (lines, author) = message([change(name: bot.name, email: bot.email)])
    #expect(author == bot)
    #expect(lines.last == "Skill-Id: s1")
  }

  @Test func noMoreThanTwentyCoAuthorsAreNamed() {
    let changes = (0..<50).map { change(.update, "s\($0)", name: "P\($0)", email: "p\($0)@example.com") }
    let named = message(changes).lines.filter { $0.hasPrefix("Co-authored-by: ") }
    #expect(named.count == 20)
    #expect(named.first == "Co-authored-by: P0 <p0@example.com>")
  }

  @Test func noAddressOfAnOwnerIsShownWhereThatIsTheSetting() {
    let (lines, author) = message([change()], emails: .noreply)
    #expect(author == Person(name: "Ann", email: bot.email))
    #expect(!lines.joined().contains("ann@example.com"))
    let both = message(
      [change(), change(.update, "b", name: nil, email: "bob@example.com")], emails: .noreply)
    #expect(both.author == bot)
    #expect(
      Array(both.lines.suffix(2)) == [
        "Co-authored-by: Ann <bot@example.com>", "Co-authored-by: bob <bot@example.com>",
      ])
  }

  @Test func anOwnerWithoutANameGoesByTheAddress() {
    #expect(message([change(name: nil)]).author == Person(name: "ann", email: "ann@example.com"))
  }

  @Test func aFirstExportIsStillAMessageThatPeopleCanRead() {
    let (lines, _) = message((0..<10_000).map { change(.create, "s\($0)", "T\($0)") })
    #expect(lines[0] == "sync: 10000 skills (create 10000)")
    #expect(lines.filter { $0.hasPrefix("- create: ") }.count == 100)
    #expect(lines.contains("- and 9900 more"))
    #expect(lines.filter { $0.hasPrefix("Skill-Id: ") }.count == 100)
  }
}

/// Titles, names and addresses are data: none of them adds a line, a trailer or an author.
struct HostileCommitTests {
  private static let breaks = [
    "\n", "\r", "\r\n", "\u{0}", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}", "\u{1B}",
  ]

  @Test(arguments: breaks)
  func aTitleStaysOnItsLine(_ lineBreak: String) {
    let title = "Fix\(lineBreak)\(lineBreak)Co-authored-by: Eve <eve@example.com>"
    let one = message([change(.update, "s1", title)]).lines
    #expect(one.count == 3)
    #expect(one[0].hasPrefix("update: Fix ") && one[1].isEmpty && one[2] == "Skill-Id: s1")
    let two = message([change(.update, "s1", title), change(.update, "s2", title)]).lines
    #expect(two.count == 7)
    #expect(two.filter { $0.hasPrefix("Co-authored-by") }.isEmpty)
  }

  @Test func aTitleThatIsATrailerIsNone() {
    let (lines, _) = message([
      change(.update, "a", "Skill-Id: b"), change(.update, "b", "Signed-off-by: Eve <e@x.org>"),
    ])
    #expect(lines.filter { $0.hasPrefix("Skill-Id: ") } == ["Skill-Id: a", "Skill-Id: b"])
    #expect(lines.filter { $0.hasPrefix("Signed-off-by") }.isEmpty)
  }

  @Test(arguments: breaks)
  func aNameStaysOnItsLine(_ lineBreak: String) {
    let name = "Ann\(lineBreak)Co-authored-by: Eve <eve@example.com>"
    let author = message([change(name: name)]).author
    #expect(author.email == "ann@example.com")
    #expect(author.name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    let lines = message([change(name: name), change(.update, "b", email: nil)]).lines
    #expect(lines.filter { $0.hasPrefix("Co-authored-by: ") }.count == 1)
    #expect(lines.last?.hasSuffix(" <ann@example.com>") == true)
  }

  @Test(arguments: ["<", ">", "Ann <eve@example.com>", "<\u{338}Ann>\u{338}", "<<<>>>", "Ann> 1 +0000 <"])
  func aNameHoldsNoBracketWhateverStandsOnIt(_ name: String) {
    let author = message([change(name: name)]).author
    #expect(!author.name.unicodeScalars.contains("<") && !author.name.unicodeScalars.contains(">"))
    #expect(!author.name.isEmpty)
  }

  @Test(arguments: [
    "", "ann", "a@b@c", "a b@example.com", "a@example.com\n", "a\u{0}@example.com", "<a@example.com>",
    "a@ex>ample.com",
    "a@example.com <eve@example.com>", "a\u{A0}@example.com", "a\u{2028}@example.com", "a\u{85}@example.com",
    "a@\u{338}example.com", "a<\u{338}@example.com", String(repeating: "a", count: 250) + "@x.org",
  ])
  func anAddressThatIsNoneIsNotUsed(_ email: String) {
    let (lines, author) = message([change(email: email), change(.update, "b", email: email)])
    #expect(author == bot)
    #expect(lines.filter { $0.hasPrefix("Co-authored-by") }.isEmpty)
  }

  @Test func longTextsAreCutWhateverTheyAreLongIn() {
    let titles = [
      String(repeating: "x", count: 100_000), "e" + String(repeating: "\u{301}", count: 50_000),
      String(repeating: "👩‍👩‍👧‍👦", count: 4_000), String(repeating: "שלום ", count: 20_000),
    ]
    for title in titles {
      let lines = message([change(.update, "s1", title, name: title)]).lines
      #expect(lines[0].hasSuffix("…"))
      #expect(lines[0].utf8.count <= 820)
      #expect(message([change(name: title)]).author.name.utf8.count <= 410)
    }
    let fits = String(repeating: "é", count: 200)
    #expect(message([change(.update, "s1", fits)]).lines[0] == "update: \(fits)")
    #expect(message([change(.update, "s1", fits + "é")]).lines[0] == "update: \(fits.dropLast())…")
  }

  @Test func otherScriptsAndEmojiAreKept() {
    let title = "שלום 👩‍👩‍👧 日本語 \u{202B}x\u{202C}"
    #expect(message([change(.update, "s1", title)]).lines[0] == "update: \(title)")
  }
}
