import Foundation
import TestSupport
import Testing

/// Deletions in such a number that nobody may have meant them, and the switch that stops both functions.
@Suite(.onOwnThreads) struct GuardTests {
  /// A world of `count` skills `s1`… in `skills/skill-1.md`… that agree.
  private func world(_ count: Int) throws -> World {
    let world = try World()
    for number in 1...count { try world.create("s\(number)", title: "Skill \(number)") }
    try world.export()
    try world.import()
    return world
  }

  private func held(_ world: World) throws -> [HeldAnswer] {
    struct Status: Decodable { var held: [HeldAnswer] }
    return try world.run(.skillsToGit, "status", "--json").answer(Status.self).held
  }

  @Test func manyFilesDeletedInGitAreHeldWhileAllElseGoesOn() throws {
    let world = try world(20)
    let commit = try world.repository.commit {
      for number in 1...12 { try $0.remove("skills/skill-\(number).md") }
      try $0.edit("skills/skill-20.md", "A body.", "An edited body.")
      try $0.write("skills/new.md", World.skillFile(title: "New"))
    }
    let answer = try world.webhook(commit)
    #expect(answer.archived == [])
    #expect(answer.updated.map(\.skillId) == ["s20"])
    #expect(answer.created.count == 1)
    #expect(answer.held?.count == 12)
    #expect(answer.tip == commit, "the tip is recorded: the deletions alone wait")
    #expect(try world.rows().allSatisfy(\.isActive))
    for _ in 1...3 { try world.sweep() }
    #expect(try world.rows().allSatisfy(\.isActive))
    #expect(try world.repository.tip == commit, "nothing brings the files back either")

    let waiting = try #require(try held(world).first)
    #expect(waiting == answer.held)
    let confirmed = try world.run(.gitToSkills, "import", "--confirm", waiting.digest, "--json").answer(
      ImportAnswer.self)
    #expect(confirmed.archived.count == 12)
    #expect(try held(world) == [])
    #expect(try world.rows().count { $0.isActive } == 9)
    try expectQuiet(world)
  }

  @Test func manyRowsDeletedInTheApplicationAreHeldWhileAllElseGoesOn() throws {
    let world = try world(20)
    world.environment["SYNC_BATCH_SIZE"] = "5"
    try world.application(
      #"DELETE FROM "Skill" WHERE id IN ('s1','s2','s3','s4','s5','s6','s7','s8','s9','s10','s11')"#)
    try world.save("s20", "content", "Saved.")
    let answer = try world.export(.updated("s20"))
    #expect(answer.deleted == [])
    #expect(answer.updated == ["s20"], "a batch isn't filled with what is held")
    #expect(answer.held?.count == 11)
    #expect(answer.pending == 11, "the outbox keeps them")
    for _ in 1...3 { try world.sweep() }
    #expect(try world.repository.paths.count == 20)
    #expect(try world.rows().count == 9, "nothing brings the rows back either")

    let waiting = try #require(try held(world).first)
    #expect(waiting.command == "skills-to-git export --confirm \(waiting.digest)")
    let confirmed = try world.run(.skillsToGit, "export", "--confirm", waiting.digest, "--json").answer(
      ExportAnswer.self)
    #expect(confirmed.deleted.count == 11)
    #expect(try world.repository.paths.count == 9)
    #expect(try held(world) == [])
    try expectQuiet(world)
  }

  @Test func aSetThatGrewNeedsAnotherConfirmation() throws {
    let world = try world(20)
    try world.application(#"DELETE FROM "Skill" WHERE id NOT IN ('s1','s2','s3','s4','s5','s6','s7','s8')"#)
    let first = try #require(try world.export(.schedule).held)
    try world.application(#"DELETE FROM "Skill" WHERE id = 's8'"#)
    let refused = try world.run(.skillsToGit, "export", "--confirm", first.digest)
    #expect(refused.status == 1)
    let error = try refused.json(ErrorAnswer.self)
    #expect(error.errorType == "NotConfirmed")
    #expect(try world.repository.paths.count == 20)
    let second = try #require(try held(world).first)
    #expect(second.count == 13 && second.digest != first.digest)
    #expect(error.errorMessage.contains(second.command))
    #expect(try world.run(.skillsToGit, "export", "--confirm", second.digest).status == 0)
    #expect(try world.repository.paths.count == 7)
  }

  @Test func theFolderMovedAwayIsHeldAndHealsWhenItIsBack() throws {
    let world = try world(3)
    try world.repository.commit { try $0.move("skills", to: "elsewhere") }
    let answer = try world.import()
    #expect(answer.held?.count == 3)
    #expect(answer.archived == [])
    #expect(try world.rows().allSatisfy(\.isActive))
    try world.repository.commit { try $0.move("elsewhere", to: "skills") }
    #expect(try world.import().held == nil)
    #expect(try held(world) == [])
    try expectQuiet(world)
  }

  /// requarks/wiki and tinacms/tinacms#3147: a branch made anew left the mirror corrupt.
  @Test func aBranchMadeAnewWithoutTheSkillsRemovesNothing() throws {
    let world = try world(3)
    let rows = try world.rows()
    try world.repository.onServer("update-ref", "-d", "refs/heads/main")
    try world.repository.fastImport(
      "commit refs/heads/main\ncommitter E <e@example.com> 1700000000 +0000\ndata 1\nx\nM 100644 inline README.md\ndata 1\nx\n"
    )
    for _ in 1...3 { try world.sweep() }
    #expect(try world.rows() == rows)
    #expect(try held(world).map(\.count) == [3])
    // An edit in the application goes on, and brings its file back.
    try world.save("s2", "content", "Saved.")
    try world.sweep()
    try world.sweep()
    #expect(try world.repository.paths.contains("skills/skill-2.md"))
    #expect(try held(world).map(\.count) == [2])
  }

  /// grafana/grafana#120887, rclone/rclone#8685: a folder that was renamed was taken for deleted, or tripped the guard.
  @Test(arguments: [true, false])
  func aRenamedFolderIsNoDeletion(hasIDs: Bool) throws {
    let world = try World()
    try world.repository.commit {
      for number in 1...20 {
        let folder = number <= 12 ? "team/" : ""
        try $0.write(
          "skills/\(folder)skill-\(number).md",
          World.skillFile(id: hasIDs ? "s\(number)" : nil, title: "Skill \(number)"))
      }
    }
    try world.import()
    let rows = try world.rows().map(\.id)
    try world.repository.commit { try $0.move("skills/team", to: "skills/group") }
    let answer = try world.import()
    #expect(answer.held == nil)
    #expect(answer.renamed.count == 12)
    #expect(try world.rows().map(\.id) == rows)
    #expect(try world.rows().allSatisfy(\.isActive))
    try expectQuiet(world)
  }

  @Test func anEditOfAHeldRowBeatsItsDeletion() throws {
    let world = try world(20)
    try world.repository.commit { for number in 1...12 { try $0.remove("skills/skill-\(number).md") } }
    try world.import()
    try world.save("s1", "content", "Still wanted.")
    try world.sweep()
    try world.sweep()
    #expect(try world.repository.paths.contains("skills/skill-1.md"))
    #expect(try world.row("s1")?.isActive == true)
    #expect(try held(world).map(\.count) == [11])
  }

  @Test func aDryRunSaysWhatIsHeld() throws {
    let world = try world(12)
    try world.application(#"DELETE FROM "Skill""#)
    let preview = try world.run(.skillsToGit, "export", "--dry-run").output
    #expect(preview.contains("held: 12 files would be deleted"))
    try world.repository.commit { for number in 1...12 { try $0.remove("skills/skill-\(number).md") } }
    #expect(try world.repository.paths == [])
  }

  @Test func pausedNothingChangesAndTheOutboxIsKeptUntilItIsResumed() throws {
    let world = try world(2)
    let paused = try world.run(.skillsToGit, "pause")
    #expect(paused.status == 0)
    #expect(paused.output == "paused: neither function changes anything until `skills-to-git resume`\n")
    try world.save("s1", "content", "Saved.")
    let commit = try world.repository.commit { try $0.edit("skills/skill-2.md", "A body.", "Pushed.") }
    let base = try world.count("skill_sync.base b WHERE b.text LIKE '%Pushed%' OR b.text LIKE '%Saved%'")
    #expect(base == 0)
    for event in [Event.sync, .updated("s1"), .schedule] {
      let answer = try world.export(event)
      #expect(answer.paused && answer.didNothing && answer.pending == 1)
    }
    let imported = try world.webhook(commit)
    #expect(imported.paused && imported.didNothing)
    #expect(try world.import(.schedule).paused)
    #expect(try world.run(.skillsToGit, "export").output.hasPrefix("paused: nothing was done"))
    #expect(try world.repository.tip == commit)
    #expect(try world.row("s2")?.content == "A body.\n")
    #expect(try world.run(.skillsToGit, "status").output.contains("paused"))

    #expect(try world.run(.skillsToGit, "resume").status == 0)
    try world.sweep()
    #expect(try world.row("s2")?.content == "Pushed.")
    #expect(try world.body("skills/skill-1.md") == "Saved.\n")
    try expectQuiet(world)
  }
}
