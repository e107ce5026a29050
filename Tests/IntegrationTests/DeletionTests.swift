import TestSupport
import Testing

/// Deleted, archived, and not yet published.
@Suite(.onOwnThreads) struct DeletionTests {
  @Test func aFileDeletedInGitArchivesTheRowAndStaysDeleted() throws {
    let world = try World.agreeing()
    let commit = try world.repository.commit { try $0.remove("skills/alpha.md") }
    let answer = try world.webhook(commit)
    #expect(answer.archived == [.init("s1", "skills/alpha.md")])
    #expect(try world.row("s1")?.isActive == false)
    for _ in 1...5 { try world.sweep() }
    #expect(try world.row("s1")?.isActive == false)
    #expect(try world.repository.tip == commit)
    // Edits of a skill that stays archived wait in the table.
    try world.save("s1", "content", "Edited while archived.")
    try world.sweep()
    #expect(try world.repository.tip == commit)

    try world.save("s1", "isActive", true)
    try world.export()
    #expect(try world.body("skills/alpha.md") == "Edited while archived.\n")
    #expect(try world.row("s1")?.isActive == true)
    try expectQuiet(world)
  }

  @Test func aFileThatComesBackTakesItsRowIntoUseAgain() throws {
    let world = try World.agreeing()
    try world.webhook(try world.repository.commit { try $0.remove("skills/alpha.md") })
    let commit = try world.repository.commit {
      try $0.write("skills/alpha.md", World.skillFile(id: "s1", title: "Alpha", body: "Anew.\n"))
    }
    try world.webhook(commit)
    let row = try #require(try world.row("s1"))
    #expect(row.isActive)
    #expect(row.content == "Anew.")
    #expect(try world.rows().count == 1)
    try expectQuiet(world)
  }

  @Test func theDeletePolicyDeletesTheRowOfADeletedFile() throws {
    let world = try World.agreeing()
    world.environment["GIT_DELETE_POLICY"] = "delete"
    try world.create("s2", title: "Beta")
    try world.export()
    let answer = try world.webhook(try world.repository.commit { try $0.remove("skills/alpha.md") })
    #expect(answer.deleted == [.init("s1", "skills/alpha.md")])
    #expect(try world.rows().map(\.id) == ["s2"])
    for _ in 1...3 { try world.sweep() }
    #expect(try world.rows().map(\.id) == ["s2"])
    #expect(try world.repository.paths == ["skills/beta.md"])
    try expectQuiet(world)
  }

  @Test func aDeletionThatTheDatabaseRefusesIsSaidUntilItIsDone() throws {
    let world = try World.agreeing()
    world.environment["GIT_DELETE_POLICY"] = "delete"
    try world.create("s2", title: "Beta")
    try world.export()
    try world.import()
    try world.sql(#"CREATE TABLE "Favorite" ("skillId" text NOT NULL REFERENCES "Skill" (id))"#)
    try world.sql(#"INSERT INTO "Favorite" VALUES ('s1')"#)
    let removal = try world.repository.commit { try $0.remove("skills/alpha.md") }
    #expect(try world.webhook(removal).failed.map(\.skillId) == ["s1"])
    let edit = try world.repository.commit { try $0.edit("skills/beta.md", "A body.", "Pushed.") }
    let answer = try world.webhook(edit)
    #expect(answer.failed.map(\.skillId) == ["s1"] && answer.updated.map(\.skillId) == ["s2"])
    #expect(try world.row("s1")?.syncStatus == "failed")
    try world.sql(#"DELETE FROM "Favorite""#)
    let again = try world.repository.commit { try $0.edit("skills/beta.md", "Pushed.", "Pushed again.") }
    #expect(try world.webhook(again).deleted.map(\.skillId) == ["s1"])
    try expectQuiet(world)
  }

  @Test func aRowDeletedInTheApplicationDeletesItsFileForGood() throws {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta")
    try world.export()
    try world.application(#"DELETE FROM "Skill" WHERE id = 's1'"#)
    let answer = try world.export(.updated("s1"))
    #expect(answer.deleted == ["s1"])
    #expect(try world.repository.log()[0] == "delete: Alpha")
    let tip = try world.repository.tip
    for _ in 1...5 { try world.sweep() }
    #expect(try world.repository.tip == tip)
    #expect(try world.repository.paths == ["skills/beta.md"])
    #expect(try world.rows().map(\.id) == ["s2"])
    try expectQuiet(world)
  }

  @Test func truncatingTheTableDeletesTheFiles() throws {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta")
    try world.export()
    try world.repository.commit { try $0.write("README.md", "# Stays\n") }
    try world.application(#"TRUNCATE "Skill" CASCADE"#)
    let answer = try world.export()
    #expect(answer.deleted.sorted() == ["s1", "s2"])
    #expect(try world.repository.paths == ["README.md"])
    #expect(try world.count("skill_sync.outbox") == 0)
    try expectQuiet(world)
  }

  @Test func anInactiveRowKeepsItsFileWhichSaysSo() throws {
    let world = try World.agreeing()
    try world.save("s1", "isActive", false)
    try world.export()
    #expect(try world.value("active", in: "skills/alpha.md") == "false")
    try world.repository.commit { try $0.edit("skills/alpha.md", "active: false", "active: true") }
    try world.import()
    #expect(try world.row("s1")?.isActive == true)
    try expectQuiet(world)
  }

  @Test(arguments: ["DRAFT", "IN_REVIEW"])
  func aDraftStaysInTheDatabaseUntilItIsPublished(status: String) throws {
    let world = try World()
    try world.create("s1", title: "Alpha", status: status)
    try world.export(.updated("s1"))
    try world.sweep()
    #expect(try world.repository.paths == [])
    #expect(try world.count("skill_sync.outbox") == 0)
    try world.save("s1", "status", "PUBLISHED")
    #expect(try world.export().created == ["s1"])
    #expect(try world.repository.paths == ["skills/alpha.md"])
    try expectQuiet(world)
  }

  @Test func aPublishedSkillThatGoesBackToDraftKeepsItsFile() throws {
    let world = try World.agreeing()
    let file = try world.repository.file("skills/alpha.md")
    try world.save("s1", "status", "DRAFT")
    try world.save("s1", "content", "Not yet for everyone.")
    try world.sweep()
    #expect(try world.repository.file("skills/alpha.md") == file)
    try world.save("s1", "status", "PUBLISHED")
    try world.sweep()
    #expect(try world.body("skills/alpha.md") == "Not yet for everyone.\n")
    try expectQuiet(world)
  }

  @Test func aDraftTakesInAnEditInGitAndGivesBothBackWhenPublished() throws {
    let world = try World.agreeing(content: "First.\n\nSecond.\n\nThird.\n")
    try world.save("s1", "status", "DRAFT")
    try world.save("s1", "content", "First, drafted.\n\nSecond.\n\nThird.\n")
    try world.export()
    try world.webhook(
      try world.repository.commit { try $0.edit("skills/alpha.md", "Third.", "Third, engineered.") })
    #expect(try world.row("s1")?.content.trimmed == "First, drafted.\n\nSecond.\n\nThird, engineered.")
    try world.sweep()
    #expect(try world.body("skills/alpha.md") == "First.\n\nSecond.\n\nThird, engineered.\n")
    try world.save("s1", "status", "PUBLISHED")
    try world.export()
    #expect(try world.body("skills/alpha.md") == "First, drafted.\n\nSecond.\n\nThird, engineered.\n")
    try expectQuiet(world)
  }
}
