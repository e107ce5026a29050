import TestSupport
import Testing

/// Every way in which two sides differ is found by `drift`, without a change, and repaired as every sync repairs.
@Suite(.onOwnThreads) struct DriftTests {
  /// The answer of `skills-to-git drift --json`.
  private struct Answer: Decodable {
    struct Skill: Decodable {
      var skillId, path: String?
      var state: String
    }

    var rows, files: Int
    var counts: [String: Int]
    var skills: [Skill]

    func state(_ idOrPath: String) -> String? {
      skills.first { $0.skillId == idOrPath || $0.path == idOrPath }?.state
    }
  }

  /// Something done to one side, as the state that it shows as.
  enum Kind: CaseIterable {
    case save, edit, move, newRow, newFile, rewind
    case saveWithoutTrigger, newRowWithoutTrigger, deletionWithoutTrigger

    /// Whose state it shows in, and how.
    var state: (of: String, String) {
      switch self {
      case .save: ("s1", "pending export")
      case .newRow: ("s9", "pending export")
      case .edit, .move, .rewind: ("s1", "pending import")
      case .newFile: ("skills/new.md", "pending import")
      case .saveWithoutTrigger: ("s1", "differs")
      case .newRowWithoutTrigger: ("s9", "missing in git")
      case .deletionWithoutTrigger: ("s1", "missing in database")
      }
    }

    func make(in world: World) throws {
      func untold(_ work: () throws -> Void) throws {
        try world.sql(#"ALTER TABLE "Skill" DISABLE TRIGGER USER"#)
        try work()
        try world.sql(#"ALTER TABLE "Skill" ENABLE TRIGGER USER"#)
      }
      switch self {
      case .save: try world.save("s1", "content", "Saved.")
      case .edit: try world.push("A body.", "Edited.")
      case .move: try world.repository.commit { try $0.move("skills/alpha.md", to: "skills/moved/alpha.md") }
      case .newRow: try world.create("s9", title: "New")
      case .newFile:
        try world.repository.commit { try $0.write("skills/new.md", World.skillFile(title: "New")) }
      case .rewind:
        try world.repository.engineer("push", "--quiet", "--force", "origin", "HEAD~1:main")
      case .saveWithoutTrigger: try untold { try world.save("s1", "content", "Saved.") }
      case .newRowWithoutTrigger: try untold { try world.create("s9", title: "New") }
      case .deletionWithoutTrigger:
        try untold { try world.application(#"DELETE FROM "Skill" WHERE id = 's1'"#) }
      }
    }

    /// What both sides say once they agree again; nil for what is gone.
    var agreed: (id: String, path: String, body: String)? {
      switch self {
      case .save, .saveWithoutTrigger: ("s1", "skills/alpha.md", "Saved.")
      case .edit: ("s1", "skills/alpha.md", "Edited.")
      case .move: ("s1", "skills/moved/alpha.md", "A body.")
      case .newRow, .newRowWithoutTrigger: ("s9", "skills/new.md", "A body.")
      case .newFile, .rewind, .deletionWithoutTrigger: nil
      }
    }
  }

  /// Two skills that agree: s2's file came first, s1's with the last commit.
  private func agreeing() throws -> World {
    let world = try World.agreeing("s2", title: "Beta")
    try world.repository.pull()
    try world.create("s1", title: "Alpha")
    try world.export()
    try world.repository.pull()
    return world
  }

  private func drift(_ world: World, _ arguments: String..., inSync: Bool) throws -> Answer {
    let finished = try world.start(.skillsToGit, ["drift", "--json"] + arguments).wait()
    #expect(finished.status == (inSync ? 0 : 1), "\(finished.output)\(finished.errors)")
    return try finished.json()
  }

  @Test(arguments: Kind.allCases) func whatDiffersIsFoundAndRepaired(kind: Kind) throws {
    let world = try agreeing()
    #expect(try drift(world, inSync: true).counts["in sync"] == 2)
    try kind.make(in: world)
    let before = (try world.rows(), try world.repository.tip, try world.count("skill_sync.outbox"))
    let found = try drift(world, inSync: false)
    #expect(found.state(kind.state.of) == kind.state.1, "\(found)")
    #expect(found.state("s2") == "in sync")
    #expect(found.counts.values.reduce(0, +) == found.skills.count)
    #expect((try world.rows(), try world.repository.tip, try world.count("skill_sync.outbox")) == before)

    let repaired = try drift(world, "--repair", inSync: true)
    #expect(repaired.counts["in sync"] == repaired.skills.count, "\(repaired)")
    #expect(try world.body("skills/beta.md") == "A body.\n")
    switch (kind, kind.agreed) {
    case (_, let (id, path, body)?):
      #expect(try world.row(id)?.content.trimmed == body)
      #expect(try world.body(path)?.trimmed == body)
    case (.newFile, _): #expect(try world.row(titled: "New")?.content.trimmed == "A body.")
    case (.rewind, _):
      // A file that goes takes its row out of use, and nothing of it.
      #expect(try world.row("s1")?.isActive == false)
      #expect(try world.row("s1")?.content.trimmed == "A body.")
    default:
      #expect(try world.repository.paths == ["skills/beta.md"])
      #expect(try world.repository.onServer("show", "HEAD~1:skills/alpha.md").contains("A body."))
    }
    try expectQuiet(world)
  }

  @Test func whatAPersonHasToDecideStaysUntilTheyDo() throws {
    let world = try agreeing()
    world.environment["CONFLICT_POLICY"] = "manual"
    try world.push("A body.", "Edited.")
    try world.save("s1", "content", "Saved.")
    try world.repository.commit { try $0.write("skills/beta.md", "---\ntitle: [\n---\n") }
    #expect(try drift(world, inSync: false).counts["pending import"] == 2)
    let left = try drift(world, "--repair", inSync: false)
    #expect(left.state("s1") == "conflict", "\(left)")
    #expect(left.state("s2") == "failed")
    #expect(try world.row("s1")?.content == "Saved.")
    #expect(try world.body("skills/alpha.md") == "Edited.\n")
    let conflict = try world.sql("SELECT id::text AS id FROM skill_sync.conflict")[0].text("id")
    #expect(try world.run(.skillsToGit, "conflicts", "resolve", conflict, "--take", "row").status == 0)
    try world.repository.commit {
      try $0.write("skills/beta.md", World.skillFile(id: "s2", title: "Beta", body: "Mended.\n"))
    }
    #expect(try drift(world, "--repair", inSync: true).counts["in sync"] == 2)
    #expect(try world.body("skills/alpha.md") == "Saved.\n")
    #expect(try world.row("s2")?.content.trimmed == "Mended.")
  }

  @Test func deletionsThatAreHeldAreShownAsSuch() throws {
    let world = try World()
    for number in 1...12 { try world.create("s\(number)", title: "Skill \(number)") }
    try world.export()
    try world.application(#"DELETE FROM "Skill" WHERE id <> 's12'"#)
    let found = try drift(world, "--repair", inSync: false)
    #expect(found.counts["held"] == 11, "\(found.counts)")
    #expect(found.rows == 1 && found.files == 12)
    let text = try world.run(.skillsToGit, "drift").output
    #expect(text.contains("held: 11") && text.contains("skills-to-git status"), "\(text)")
  }

  @Test func aDraftIsNoDriftAndATombstoneNeither() throws {
    let world = try agreeing()
    try world.create("draft", title: "Draft", status: "DRAFT")
    try world.repository.commit { try $0.remove("skills/alpha.md") }
    let found = try drift(world, "--repair", inSync: true)
    #expect(found.skills.map(\.skillId) == ["s2"])
    #expect(found.rows == 1 && found.files == 1)
  }

  /// What was changed of a row that users don't see waits in the table, and its file stays.
  @Test(arguments: ["status = 'DRAFT'", "status = 'ARCHIVED'"])
  func anEditedRowThatIsNotPublishedIsNoDrift(change: String) throws {
    let world = try agreeing()
    try world.application("UPDATE \"Skill\" SET \(change), content = 'Not yet.' WHERE id = 's1'")
    try world.export()
    #expect(try drift(world, inSync: true).state("s1") == "in sync")
    #expect(try drift(world, "--repair", inSync: true).state("s1") == "in sync")
  }

  @Test func anEditOfARowWhoseFileIsGoneIsNoDrift() throws {
    let world = try agreeing()
    try world.repository.commit { try $0.remove("skills/alpha.md") }
    try world.import()
    try world.save("s1", "content", "Edited all the same.")
    try world.export()
    #expect(try drift(world, inSync: true).skills.map(\.skillId) == ["s2"])
  }

  @Test func beforeTheFirstSyncEverythingWaits() throws {
    let world = try World()
    try world.create("s1", title: "Alpha")
    try world.repository.commit { try $0.write("skills/beta.md", World.skillFile(title: "Beta")) }
    let found = try drift(world, inSync: false)
    #expect(found.state("s1") == "pending export" && found.state("skills/beta.md") == "pending import")
    #expect(found.rows == 1 && found.files == 1)
    #expect(try world.count("skill_sync.repository") == 0, "a look left a trace")
  }

  @Test func namesThatDifferInTheirAccentsBytesAreTwoFiles() throws {
    let world = try agreeing()
    try world.repository.commit {
      try $0.write("skills/caf\u{E9}.md", World.skillFile(title: "Composed"))
      try $0.write("skills/cafe\u{301}.md", World.skillFile(title: "Decomposed"))
    }
    #expect(try drift(world, inSync: false).files == 4)
    try world.import()
    let found = try drift(world, inSync: false)
    #expect(found.counts["in sync"] == 3 && found.counts["failed"] == 1, "\(found)")
  }

  /// For the schedule: the same by an event, whose answer can't hold everything.
  @Test func anEventAnswersWithWhatIsNotInSync() throws {
    let world = try agreeing()
    try world.save("s1", "content", "Saved.")
    let answer: Answer = try world.run(.skillsToGit, Event(json: #"{"action":"drift"}"#)).answer()
    #expect(answer.skills.map(\.skillId) == ["s1"])
    #expect(answer.counts["in sync"] == 1 && answer.counts["pending export"] == 1)
  }
}
