import TestSupport
import Testing

/// The four scenarios that everything is for, and that nothing else happens in them.
@Suite(.onOwnThreads) struct ScenarioTests {
  @Test func aSkillCreatedInTheApplicationBecomesACommitByItsOwner() throws {
    let world = try World()
    try world.create(
      "s1", title: "API Authentication", content: "# Tokens\n\nUse them.\n", categories: ["Security", "API"])
    try world.sql(
      #"UPDATE "Skill" SET "createdAt" = '2026-01-05 10:00:00.123', "updatedAt" = '2026-01-06 10:00:00.456'"#)
    let answer = try world.export(.updated("s1"))
    #expect(answer.created == ["s1"])
    #expect(answer.commits == [try world.repository.tip])
    #expect(answer.pending == 0)
    #expect(try world.repository.paths == ["skills/api-authentication.md"])
    let file = try world.repository.file("skills/api-authentication.md")
    #expect(
      file == """
        ---
        id: s1
        title: API Authentication
        categories:
          - Security
          - API
        tier: library
        created: '2026-01-05T10:00:00.123Z'
        updated: '2026-01-06T10:00:00.456Z'
        owners:
          - name: Ada Lovelace
            email: ada@example.com
            userId: user-ada
        sources: []
        active: true
        ---
        # Tokens

        Use them.

        """)
    #expect(try world.repository.log("%an <%ae>") == ["Ada Lovelace <ada@example.com>"])
    #expect(
      try world.repository.log("%cn <%ce>") == ["Git-Backed Skills <git-backed-skills@noreply.invalid>"])
    #expect(try world.repository.log("%s") == ["create: API Authentication"])
    #expect(try world.repository.log("%(trailers:key=Skill-Id)")[0].hasPrefix("Skill-Id: s1"))
    let row = try #require(try world.row("s1"))
    #expect(row.syncStatus == "synced")
    #expect(row.gitCommitSha == answer.commits[0])
    #expect(
      try world.count(
        #"""
        "SkillSyncLog" WHERE "skillId" = 's1' AND operation = 'create' AND direction = 'db-to-git' AND status = 'success'
        """#) == 1)
    try expectQuiet(world)
  }

  @Test func anEditInGitChangesTheRow() throws {
    let world = try World.agreeing()
    let before = try #require(try world.row("s1"))
    let commit = try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "A better body.") }
    let answer = try world.webhook(commit)
    #expect(answer.updated == [.init("s1", "skills/alpha.md")])
    #expect(answer.tip == commit)
    let row = try #require(try world.row("s1"))
    #expect(row.content == "A better body.")
    #expect(row.title == "Alpha")
    #expect(row.ownerId == "user-ada")
    #expect(row.updatedAt > before.updatedAt)
    #expect(row.syncStatus == "synced")
    #expect(row.gitCommitSha == commit)
    #expect(
      try world.count(
        #"""
        "SkillSyncLog" WHERE "skillId" = 's1' AND operation = 'update' AND direction = 'git-to-db' AND status = 'success'
        """#) == 1)
    try expectQuiet(world)
    #expect(try world.repository.tip == commit)
  }

  @Test func aSkillCreatedInGitWithoutAnIdBecomesARowAndNoCommit() throws {
    let world = try World()
    let commit = try world.repository.commit {
      try $0.write(
        "skills/incident-response.md",
        """
        ---
        title: Incident Response
        categories: [Security]
        owners:
          - name: Grace Hopper
            email: grace@example.com
        ---
        Stay calm.
        """)
      try $0.write("README.md", "# Skills\n")
      try $0.write("skills/README.md", "# Not a skill\n")
    }
    let answer = try world.webhook(commit)
    #expect(answer.created.map(\.path) == ["skills/incident-response.md"])
    let row = try #require(try world.row(titled: "Incident Response"))
    #expect(row.id == answer.created.first?.skillId)
    #expect(row.content == "Stay calm.")
    #expect(row.categories == ["Security"])
    #expect(row.ownerId == "user-grace")
    #expect(row.status == "PUBLISHED")
    #expect(try world.rows().count == 1)
    try expectQuiet(world)
    #expect(try world.repository.tip == commit, "a commit of ours would make the engineer's next push fail")
  }

  @Test func anUpdateInTheApplicationChangesThatLineAlone() throws {
    let world = try World()
    try world.repository.commit {
      try $0.write(
        "skills/alpha.md",
        """
        ---
        # An engineer's remark.
        title:   "Alpha"   # with an end
        id: s1
        priority: {high: true}
        updated: 2026-01-01
        categories: [ one,two ]
        ---

        First line.

        Second line.
        """)
    }
    try world.import()
    try world.save("s1", "content", "First line.\n\nSecond line, improved.")
    let answer = try world.export(.updated("s1"))
    #expect(answer.updated == ["s1"])
    let diff = try world.repository.lastDiff().split(separator: "\n").filter {
      ($0.hasPrefix("+") || $0.hasPrefix("-")) && !$0.hasPrefix("+++") && !$0.hasPrefix("---")
    }
    #expect(diff.count == 4, "\(diff)")
    #expect(diff.filter { $0.dropFirst().hasPrefix("updated: ") }.count == 2, "\(diff)")
    #expect(diff.contains("-Second line.") && diff.contains("+Second line, improved."), "\(diff)")
    #expect(try world.repository.log("%s")[0] == "update: Alpha")
    try expectQuiet(world)
  }

  @Test func theWebhookOfOurOwnPushChangesNothingAndAsksGitNothing() throws {
    let world = try World()
    try world.create("s1", title: "Alpha")
    let commit = try #require(try world.export().commits.first)
    let before = try world.database.dump()
    let requests = try world.requests {
      let answer = try world.webhook(commit)
      #expect(answer.didNothing)
    }
    #expect(requests == [])
    // The lease's time and holder are gone again.
    #expect(try world.database.dump() == before)
  }

  @Test func theEventOfOurOwnImportChangesNothingAndAsksGitNothing() throws {
    let world = try World.agreeing()
    let commit = try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "A better body.") }
    try world.webhook(commit)
    let before = try world.database.dump()
    let requests = try world.requests {
      let answer = try world.export(.updated("s1"))
      #expect(answer.didNothing)
      #expect(answer.unchanged == ["s1"])
    }
    #expect(requests == [])
    #expect(try world.database.dump() == before)
  }

  /// src-d/sourced-ce#239: there any edit in the web interface wrote all files anew.
  @Test func skillsThatNobodyTouchedKeepTheirBlobs() throws {
    let world = try World()
    let odd =
      "---\n# by hand\ntitle:   \"Odd\"   # kept\ncategories: [ a,b ]\nkey: ~\n---\n\n  Text with   blanks.  \n\n\n"
    try world.repository.commit {
      for number in 1...5 {
        try $0.write("skills/odd-\(number).md", odd.replacing("Odd", with: "Odd \(number)"))
      }
    }
    try world.import()
    let before = try world.repository.onServer("ls-tree", "-r", "main")
    let saved = try #require(try world.row(titled: "Odd 3"))
    try world.save(saved.id, "content", "Another text.")
    try world.export()
    let after = try world.repository.onServer("ls-tree", "-r", "main")
    let changed = Set(after.split(separator: "\n")).subtracting(before.split(separator: "\n"))
    #expect(changed.count == 1 && changed.first?.hasSuffix("skills/odd-3.md") == true, "\(changed)")
    let file = try world.repository.file("skills/odd-3.md") ?? ""
    let expected = odd.replacing("Odd", with: "Odd 3").replacing("Text with   blanks.", with: "Another text.")
    #expect(file == expected.replacing("title:", with: "id: \(saved.id)\ntitle:"))
  }

  @Test func aSecondRunIsANoOp() throws {
    let world = try World.agreeing()
    let tip = try world.repository.tip
    for event in [Event.sync, .updated("s1"), .export, .schedule] {
      let answer = try world.export(event)
      #expect(answer.didNothing, "\(event.json): \(answer)")
    }
    #expect(try world.import(.import).didNothing)
    #expect(try world.repository.tip == tip)
  }

  @Test func aSaveThatChangesNoSyncedColumnMakesNoCommit() throws {
    let world = try World.agreeing()
    let tip = try world.repository.tip
    try world.save("s1", "draftContent", "Only in the application.")
    #expect(try world.count("skill_sync.outbox") == 0)
    try world.save("s1", "content", "  A body.\n\n")
    #expect(try world.export().commits == [])
    #expect(try world.repository.tip == tip)
    #expect(try world.row("s1")?.syncStatus == "synced")
  }

  @Test func aSavePutsTheApplicationsBadgeOnPending() throws {
    let world = try World.agreeing()
    try world.save("s1", "content", "Changed.")
    #expect(try world.row("s1")?.syncStatus == "pending")
    try world.export()
    #expect(try world.row("s1")?.syncStatus == "synced")
  }

  /// So that its cost doesn't follow the number of skills.
  @Test func aPushOfKnownFilesLooksAtThoseAloneAndASweepAtAll() throws {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta")
    try world.create("s3", title: "Gamma")
    try world.export()
    // As nothing of ours does it: the push must not see it, or it looked at more than it brings.
    let wrong = String(repeating: "0", count: 40)
    try world.sql("UPDATE skill_sync.base SET blob = '\(wrong)' WHERE skill_id = 's2'")
    let edit = try world.repository.commit {
      try $0.edit("skills/alpha.md", "A body.", "Pushed.")
      try $0.write("skills/README.md", "Read me.")
    }
    #expect(try world.webhook(edit).updated == [.init("s1", "skills/alpha.md")])
    #expect(try world.row("s1")?.content == "Pushed.")
    #expect(try world.count("skill_sync.base WHERE blob = '\(wrong)'") == 1)
    // A file of a text that can't be read is set aside, and then all are looked at until it is mended.
    let broken = try world.repository.commit { try $0.edit("skills/gamma.md", "title:", "title: [") }
    #expect(try world.webhook(broken).failed.map(\.path) == ["skills/gamma.md"])
    #expect(try world.count("skill_sync.base WHERE blob = '\(wrong)'") == 1)
    let mended = try world.repository.commit {
      try $0.edit("skills/gamma.md", "title: [", "title:")
      try $0.edit("skills/alpha.md", "Pushed.", "Pushed again.")
    }
    let answer = try world.webhook(mended)
    #expect(answer.failed.isEmpty && answer.updated == [.init("s1", "skills/alpha.md")])
    #expect(try world.count("skill_sync.base WHERE blob = '\(wrong)'") == 0)
    // What a program of before did in between, nobody knows.
    try world.sql("UPDATE skill_sync.base SET blob = '\(wrong)' WHERE skill_id = 's2'")
    try world.sql("UPDATE skill_sync.repository SET generation = gen_random_uuid()")
    let last = try world.repository.commit {
      try $0.edit("skills/alpha.md", "Pushed again.", "Pushed at last.")
    }
    #expect(try world.webhook(last).updated.map(\.skillId) == ["s1"])
    #expect(try world.count("skill_sync.base WHERE blob = '\(wrong)'") == 0)
    try expectQuiet(world)
  }

  /// The two functions have local copies of their own.
  @Test(arguments: ["warm", "cold"])
  func aPushAfterAnExportLooksAtWhatItBringsAlone(copy: String) throws {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta")
    try world.create("s3", title: "Gamma")
    try world.export()
    world.environment["WORK_DIRECTORY"] = "\(world.folder)/other"
    if copy == "warm" { #expect(try world.import(.schedule).didNothing) }
    world.environment["WORK_DIRECTORY"] = "\(world.folder)/work"
    try world.save("s3", "content", "Saved.")
    try world.export()
    let wrong = String(repeating: "0", count: 40)
    try world.sql("UPDATE skill_sync.base SET blob = '\(wrong)' WHERE skill_id = 's2'")
    world.environment["WORK_DIRECTORY"] = "\(world.folder)/other"
    let edit = try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "Pushed.") }
    let requests = try world.requests { try world.webhook(edit) }
    #expect(try world.row("s1")?.content == "Pushed.")
    #expect(requests.count <= 5, "\(requests)")
    #expect(try world.count("skill_sync.base WHERE blob = '\(wrong)'") == 1)
    try world.sweep()
    #expect(try world.count("skill_sync.base WHERE blob = '\(wrong)'") == 0)
    try expectQuiet(world)
  }

  /// As nothing of ours records it: but what is pushed is never built on a record alone.
  @Test func aSaveWhoseFileIsNotAsRecordedLooksAtAllFiles() throws {
    let world = try World.agreeing()
    let wrong = String(repeating: "0", count: 40)
    try world.sql("UPDATE skill_sync.base SET blob = '\(wrong)'")
    try world.save("s1", "content", "Saved.")
    #expect(try world.export(.updated("s1")).updated == ["s1"])
    #expect(try world.body("skills/alpha.md") == "Saved.\n")
    #expect(try world.count("skill_sync.base WHERE blob = '\(wrong)'") == 0)
    try expectQuiet(world)
  }

  /// Where Windows and Linux share a folder, git takes all files for such.
  @Test func aFileThatMayBeExecutedStaysSo() throws {
    let world = try World.agreeing()
    let commit = try world.repository.commit { try $0.makeExecutable("skills/alpha.md") }
    _ = try world.webhook(commit)
    try world.save("s1", "content", "Saved.")
    try world.export(.updated("s1"))
    #expect(try world.body("skills/alpha.md") == "Saved.\n")
    try world.save("s1", "title", "Renamed")
    try world.export(.schedule)
    let files = try world.repository.onServer("ls-tree", "-r", "main").split(separator: "\n")
    #expect(files.count == 1 && files[0].hasPrefix("100755") && files[0].hasSuffix("skills/renamed.md"))
    try expectQuiet(world)
  }

  @Test func aSweepFindsWhatATriggerMissed() throws {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta")
    try world.export()
    try world.sql(#"UPDATE "Skill" SET content = 'Restored from a backup.' WHERE id = 's1'"#)
    try world.sql("DELETE FROM skill_sync.outbox")
    #expect(try world.export(.sync).didNothing)
    #expect(try world.export(.schedule).updated == ["s1"])
    #expect(try world.body("skills/alpha.md") == "Restored from a backup.\n")
    try expectQuiet(world)
  }
}
