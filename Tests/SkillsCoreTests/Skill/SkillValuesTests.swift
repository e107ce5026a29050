import SkillsCore
import Testing

struct SkillValuesTests {
  @Test func whiteSpaceAroundABodyIsNoDifference() {
    let plain = SkillValues(title: "T", body: "One\n\nTwo")
    #expect(SkillValues(title: "T", body: "\u{FEFF}\n\u{A0}One\n\nTwo \u{2028}\t\r\n") == plain)
    #expect(SkillValues(title: "T", body: "One\n\n Two") != plain)
  }

  @Test func lineEndsAreNoDifference() {
    #expect(SkillValues(title: "T", body: "One\r\nTwo\r\n") == SkillValues(title: "T", body: "One\nTwo"))
  }

  @Test func accentsInAnotherFormAreADifference() {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    #expect(composed == decomposed)  // Swift's own view
    let base = SkillValues(title: "T", body: "B")
    func differs(_ edit: (inout SkillValues, String) -> Void) -> Bool {
      var (one, other) = (base, base)
      edit(&one, composed)
      edit(&other, decomposed)
      return one != other
    }
    #expect(differs { $0.title = $1 })
    #expect(differs { $0.body = $1 })
    #expect(differs { $0.tier = $1 })
    #expect(differs { $0.categories = [$1] })
    #expect(differs { $0.owners = [Owner(name: $1, email: nil, userID: nil)] })
    #expect(differs { $0.owners = [Owner(name: nil, email: $1, userID: nil)] })
    #expect(differs { $0.owners = [Owner(name: nil, email: nil, userID: $1)] })
    #expect(differs { $0.sources = [Source(members: ["url": .string($1)])] })
    #expect(differs { $0.sources = [Source(members: ["tags": .array([.object(["name": .string($1)])])])] })
  }

  @Test func whiteSpaceIsWhatJavaScriptTrims() {
    let spaces =
      "\u{9}\u{A}\u{B}\u{C}\u{D}\u{20}\u{A0}\u{1680}\u{2000}\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}"
    #expect(trimmed(spaces + "x y" + spaces) == "x y")
    #expect(trimmed(spaces) == "")
    #expect(trimmed("") == "")
    // Not white space there: zero width space, Mongolian vowel separator, next line.
    for kept in ["\u{200B}x", "\u{180E}x", "\u{85}x"] { #expect(trimmed(kept) == kept) }
  }
}

struct OwnerTests {
  private func owner(_ email: String?, _ userID: String?) -> Owner {
    Owner(name: nil, email: email, userID: userID)
  }

  @Test func missingAndEmptyPartsAreTheSame() {
    #expect(Owner(name: "", email: "", userID: "u") == Owner(name: nil, email: nil, userID: "u"))
    #expect(Owner(name: "Ann", email: nil, userID: nil) != Owner(name: nil, email: "Ann", userID: nil))
  }

  @Test func theUserOrTheAddressTellsWhoItIs() {
    #expect(owner("a@x.org", "1").isSamePerson(as: owner("b@x.org", "1")))
    #expect(owner("a@x.org", "1").isSamePerson(as: owner("a@x.org", "2")))
    #expect(!owner("a@x.org", "1").isSamePerson(as: owner("b@x.org", "2")))
    #expect(owner("A@x.org", "1").isSamePerson(as: owner("a@X.org", nil)))
    #expect(!owner("a@x.org", nil).isSamePerson(as: owner("b@x.org", nil)))
    #expect(!owner(nil, nil).isSamePerson(as: owner(nil, nil)))
  }

  @Test func ofSeveralWhoMayBeMeantTheOneThatSaysTheSameIs() {
    func place(of wanted: Owner, _ owners: [Owner]) -> Int? {
      wanted.match(among: Array(owners.indices)) { owners[$0] }
    }
    let shared = [owner("a@x.org", "1"), owner("a@x.org", "2"), owner(nil, nil)]
    #expect(place(of: shared[1], shared) == 1)
    #expect(place(of: owner("a@x.org", nil), shared) == 0)
    #expect(place(of: owner(nil, nil), shared) == 2)
    #expect(place(of: owner("b@x.org", "3"), shared) == nil)
  }
}

struct SourceTests {
  private let url = ("url", JSONValue.string("https://example.com"))

  private func source(_ members: (String, JSONValue)...) -> Source {
    Source(members: Dictionary(uniqueKeysWithValues: [url] + members))
  }

  @Test func theTimeOfTheLastFetchIsTheSameUnderBothNames() {
    let time = JSONValue.string("2025-12-19T10:00:00.000Z")
    #expect(source(("lastFetched", time)) == source(("lastFetchedAt", time)))
    #expect(source(("lastFetched", time)) != source(("lastFetchedAt", .string("2026"))))
    #expect(source(("lastFetched", time)) != source())
  }

  @Test func aNullMemberIsTheSameAsNone() {
    #expect(source(("title", .null)) == source())
    #expect(source(("title", .null)).members.count == 1)
  }

  @Test func membersThatWeDoNotKnowCount() {
    #expect(source(("weight", .number(1))) != source(("weight", .number(2))))
  }

  @Test func eachPlaceKeepsTheNameThatItHas() {
    let time = JSONValue.string("2025-12-19T10:00:00.000Z")
    let (short, long) = (source(("lastFetched", time)), source(("lastFetchedAt", time)))
    #expect([long].named(as: [short])[0].members == short.members)
    #expect([short].named(as: [long])[0].members == long.members)
    #expect([short].named(as: [])[0].members == short.members)
    #expect([source()].named(as: [short])[0].members == source().members)
  }

  @Test func inAMixedListEachAddressKeepsItsNameAndANewOneHasTheApplications() {
    let time = JSONValue.string("2025-12-19T10:00:00.000Z")
    func at(_ url: String, _ name: String) -> Source { Source(members: ["url": .string(url), name: time]) }
    let found = [at("a", "lastFetched"), at("b", "lastFetchedAt"), Source(members: ["url": .string("c")])]
    for (url, name) in [
      ("a", "lastFetched"), ("b", "lastFetchedAt"), ("c", "lastFetchedAt"), ("d", "lastFetchedAt"),
    ] {
      for given in ["lastFetched", "lastFetchedAt"] {
        #expect([at(url, given)].named(as: found)[0].members == at(url, name).members)
      }
    }
  }

  @Test func whatTheApplicationLeavesOutOfASourceStaysByItsAddress() {
    func at(_ url: String?, _ members: [String: JSONValue]) -> Source {
      Source(members: members.merging(url.map { ["url": .string($0)] } ?? [:]) { one, _ in one })
    }
    var values = SkillValues(
      title: "T", body: "",
      sources: [
        at("a", ["note": .string("new")]), at("a", [:]), at("b", [:]), at(nil, [:]), at("c", [:]),
      ])
    values.keepMembers(ofSources: [
      at(nil, ["note": .string("of nobody")]), at("a", ["note": .string("1"), "weight": .number(1)]),
      at("a", ["note": .string("2")]),
      at("b", ["addedAt": .string("x"), "lastFetched": .string("y"), "deep": .array([.null])]),
      at("gone", ["note": .string("3")]),
    ])
    #expect(
      values.sources == [
        at("a", ["note": .string("new"), "weight": .number(1)]), at("a", ["note": .string("2")]),
        at("b", ["deep": .array([.null])]), at(nil, [:]), at("c", [:]),
      ])
  }

  @Test func anAddressIsAText() {
    #expect(source().url == "https://example.com")
    #expect(Source(members: ["url": .number(1)]).url == nil)
  }
}
