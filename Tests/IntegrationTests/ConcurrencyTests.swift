import Foundation
import TestSupport
import Testing

/// Several runs at once, while people save and push.
@Suite(.onOwnThreads) struct ConcurrencyTests {
  @Test func twoExportsAtOnceMakeNoCommitTwice() throws {
    let world = try World.agreeing()
    for round in 1...5 {
      let commits = try world.repository.log().count
      try world.save("s1", "content", .text("Round \(round)."))
      try world.create("r\(round)", title: "Round \(round)")
      let runs = try (1...3).map { _ in try world.start(.skillsToGit, .updated("s1")) }
      for run in runs {
        let finished = try run.wait()
        #expect(finished.status == 0, "\(finished)")
      }
      #expect(try world.repository.log().count == commits + 1)
      #expect(try world.body("skills/alpha.md") == "Round \(round).\n")
    }
    #expect(try world.conflicts().isEmpty)
    try expectQuiet(world)
  }

  @Test func twoImportsAtOnceMakeNoRowTwice() throws {
    let world = try World(.first)
    for round in 1...5 {
      let commit = try world.repository.commit {
        try $0.write("skills/fixed.md", World.skillFile(title: "Fixed", body: "Round \(round).\n"))
        for number in 1...5 {
          try $0.write("skills/\(round)-\(number).md", World.skillFile(title: "Skill \(round) \(number)"))
        }
      }
      let runs = try [Event.push(commit), .import, .schedule].map { try world.start(.gitToSkills, $0) }
      for run in runs {
        let finished = try run.wait()
        #expect(finished.status == 0, "\(finished)")
        #expect(!finished.output.contains(#""statusCode":500"#), "\(finished)")
      }
      #expect(try world.rows().count == round * 5 + 1)
      #expect(try world.row(titled: "Fixed")?.content == "Round \(round).")
      #expect(try world.repository.tip == commit)
    }
    try expectQuiet(world)
  }

  @Test func bothWaysWhileTheApplicationSavesAndEngineersPush() throws {
    let world = try World()
    for number in 1...6 {
      try world.create("s\(number)", title: "Skill \(number)", content: "One.\n\nTwo.\n\nThree.\n")
    }
    try world.export()
    for round in 1...6 {
      try world.save("s\(round)", "content", .text("One, saved.\n\nTwo.\n\nThree.\n"))
      let export = try world.start(.skillsToGit, .sync)
      // An engineer is refused if a commit of ours came first, and tries again as people do.
      let pushed = eventually(within: .seconds(10)) {
        (try? world.repository.commit {
          try $0.edit("skills/skill-\(round).md", "Three.", "Three, engineered.")
        }) != nil
      }
      #expect(pushed)
      let `import` = try world.start(.gitToSkills, .import)
      try world.save("s\(round % 6 + 1)", "categories", .textArray(["round-\(round)"]))
      for run in [export, `import`] {
        let finished = try run.wait()
        #expect(finished.status == 0, "\(finished)")
      }
    }
    try world.sweep()
    try world.sweep()
    for number in 1...6 {
      let row = try #require(try world.row("s\(number)"))
      #expect(row.content.trimmed == "One, saved.\n\nTwo.\n\nThree, engineered.", "s\(number)")
      #expect(row.categories == ["round-\(number == 1 ? 6 : number - 1)"])
      #expect(try world.body("skills/skill-\(number).md")?.trimmed == row.content.trimmed)
    }
    #expect(try world.conflicts().isEmpty)
    #expect(try world.count("skill_sync.intent") == 0)
    try expectQuiet(world)
  }

  @Test func aSaveWhileAnExportIsUnderWayIsExportedNext() throws {
    let world = try World.agreeing()
    try world.save("s1", "content", "First.")
    // The push is held up until the application has saved again.
    try world.repository.hook("pre-receive", "while [ -e '\(world.folder)/hold' ]; do sleep 0.02; done")
    try Data().write(to: URL(fileURLWithPath: "\(world.folder)/hold"))
    let export = try world.start(.skillsToGit, .sync)
    #expect(try eventually { try world.count("skill_sync.intent") == 1 })
    try world.save("s1", "content", "Second.")
    try world.create("s2", title: "Beta")
    try FileManager.default.removeItem(atPath: "\(world.folder)/hold")
    let answer: ExportAnswer = try export.wait().answer()
    #expect(answer.pending == 2)
    #expect(try world.row("s1")?.syncStatus == "pending")
    #expect(try world.row("s1")?.content == "Second.")
    let next = try world.export()
    #expect(next.updated == ["s1"] && next.created == ["s2"])
    #expect(try world.body("skills/alpha.md") == "Second.\n")
    try expectQuiet(world)
  }

  @Test func aRowThatTheApplicationHoldsIsMergedOnceItIsSaved() throws {
    let world = try World.agreeing(content: "One.\n\nTwo.\n\nThree.\n")
    let commit = try world.repository.commit {
      try $0.edit("skills/alpha.md", "Three.", "Three, engineered.")
      try $0.write("skills/new.md", World.skillFile(title: "New"))
    }
    try world.application("BEGIN")
    try world.save("s1", "content", "One, saved.\n\nTwo.\n\nThree.\n")
    let run = try world.start(.gitToSkills, .push(commit))
    // The others don't wait for it.
    let others = try eventually { try world.row(titled: "New") != nil }
    #expect(others)
    #expect(try world.row("s1")?.content == "One.\n\nTwo.\n\nThree.\n")
    // Waiting for it, the import could make the application the victim of a deadlock.
    let waiting = try world.count(
      "pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
    #expect(waiting == 0)
    try world.application("COMMIT")
    #expect(try run.wait().answer(WebhookAnswer.self).statusCode == 200)
    #expect(try world.row("s1")?.content.trimmed == "One, saved.\n\nTwo.\n\nThree, engineered.")
    try world.export()
    #expect(try world.body("skills/alpha.md") == "One, saved.\n\nTwo.\n\nThree, engineered.\n")
    #expect(try world.conflicts().isEmpty)
    try expectQuiet(world)
  }

  @Test func aRowMadeWhileAnImportRunsSurvivesIt() throws {
    let world = try World.agreeing()
    let commit = try world.repository.commit { try $0.remove("skills/alpha.md") }
    let run = try world.start(.gitToSkills, .push(commit))
    for number in 1...20 { try world.create("new-\(number)", title: "New \(number)") }
    #expect(try run.wait().status == 0)
    #expect(try world.count(#""Skill" WHERE "isActive""#) == 20)
    #expect(try world.export().counts["created"] == 20)
    try expectQuiet(world)
  }

  @Test func aLateWebhookOfAnOlderCommitRevertsNothing() throws {
    let world = try World.agreeing()
    let old = try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "Older.") }
    let new = try world.repository.commit { try $0.edit("skills/alpha.md", "Older.", "Newer.") }
    try world.webhook(new)
    try world.save("s1", "content", "Newest.")
    try world.webhook(old)
    try world.export()
    try world.webhook(old)
    try world.webhook(new)
    #expect(try world.row("s1")?.content == "Newest.")
    #expect(try world.body("skills/alpha.md") == "Newest.\n")
    #expect(try world.conflicts().isEmpty)
    try expectQuiet(world)
  }
}
