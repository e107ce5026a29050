import Foundation
import Postgres
import TestSupport
import Testing

/// What can't be synced is set aside with its reason; everything else goes on.
@Suite(.onOwnThreads) struct FailureTests {
  @Test func aFileThatCannotBeReadLeavesItsRowAndTheOthersGoOn() throws {
    let world = try World()
    for number in 1...3 { try world.create("s\(number)", title: "Skill \(number)") }
    try world.export()
    let before = try #require(try world.row("s1"))
    let commit = try world.repository.commit {
      try $0.edit("skills/skill-1.md", "title: Skill 1", "title: [Skill 1")
      try $0.edit("skills/skill-2.md", "A body.", "Edited.")
      try $0.write("skills/no-title.md", "---\nid: s8\n---\nText.\n")
      try $0.write("skills/code.md", "---js\n{title: process.exit(1)}\n---\nText.\n")
      try $0.write("skills/new.md", World.skillFile(title: "New"))
    }
    let answer = try world.webhook(commit)
    #expect(
      answer.failed.map(\.path).sorted() == ["skills/code.md", "skills/no-title.md", "skills/skill-1.md"])
    let broken = try #require(answer.failed.first { $0.path == "skills/skill-1.md" })
    #expect(broken.skillId == "s1")
    #expect(broken.error.contains("line "), "\(broken.error)")
    #expect(answer.updated == [.init("s2", "skills/skill-2.md")])
    #expect(answer.created.map(\.path) == ["skills/new.md"])
    #expect(answer.archived == [] && answer.deleted == [])
    var shown = before
    shown.syncStatus = "failed"
    #expect(try world.row("s1") == shown)
    #expect(answer.tip == commit)
    for _ in 1...3 { try world.sweep() }
    #expect(try world.row("s1") == shown)
    #expect(try world.repository.tip == commit)
    let status = try world.run(.skillsToGit, "status")
    #expect(status.output.contains("set aside         3: "), "\(status.output)")
    #expect(status.output.contains("skills/skill-1.md: "))

    // A save of the row waits, as the file can't be edited; it is not lost.
    try world.save("s1", "content", "Saved meanwhile.")
    let exported = try world.export()
    #expect(exported.failed.map(\.skillId) == ["s1"])
    #expect(try world.repository.tip == commit)

    try world.repository.commit {
      try $0.edit("skills/skill-1.md", "title: [Skill 1", "title: Skill One")
      try $0.remove("skills/no-title.md")
      try $0.remove("skills/code.md")
    }
    try world.import()
    try world.sweep()
    let row = try #require(try world.row("s1"))
    #expect(row.title == "Skill One" && row.content == "Saved meanwhile.")
    #expect(
      try world.repository.paths.contains("skills/skill-one.md")
        || world.repository.paths.contains("skills/skill-1.md"))
    #expect(try world.repository.file("skills/skill-1.md")?.contains("Saved meanwhile.") == true)
    #expect(try world.count("skill_sync.failed") == 0)
    try expectQuiet(world)
  }

  @Test func oneRowThatTheDatabaseRefusesDoesNotStopNinetyNine() throws {
    let world = try World()
    try world.sql(
      #"ALTER TABLE "Skill" ADD CONSTRAINT "no_shouting" CHECK (title <> upper(title) OR title !~ '[A-Z]')"#)
    try world.repository.commit {
      for number in 1...99 { try $0.write("skills/s\(number).md", World.skillFile(title: "Skill \(number)")) }
      try $0.write("skills/loud.md", World.skillFile(title: "LOUD"))
    }
    let answer = try world.import()
    #expect(answer.counts["created"] == 99)
    #expect(answer.failed.map(\.path) == ["skills/loud.md"])
    #expect(answer.failed.first?.error.contains("no_shouting") == true)
    #expect(try world.rows().count == 99)
    try world.repository.commit { try $0.edit("skills/loud.md", "LOUD", "Quiet") }
    #expect(try world.import().created.map(\.path) == ["skills/loud.md"])
    #expect(try world.count("skill_sync.failed") == 0)
    try expectQuiet(world)
  }

  @Test func aTitleTooLongForItsIndexAndARowThatATriggerRefusesStopNobodyElse() throws {
    let world = try World()
    try world.sql(
      """
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no secrets here'; END $$;
      """)
    try world.sql(
      #"""
      CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON "Skill" FOR EACH ROW WHEN (new.content LIKE '%secret%')
        EXECUTE FUNCTION refuse()
      """#)
    // A B-tree's entry has at most a third of a page, and digits without a pattern can't be compressed to that.
    var state: UInt64 = 1
    let long = (0..<400).map { _ -> String in
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return String(state, radix: 36)
    }.joined()
    try world.repository.commit {
      try $0.write("skills/long.md", World.skillFile(title: long))
      try $0.write("skills/refused.md", World.skillFile(title: "Refused", body: "A secret.\n"))
      try $0.write("skills/good.md", World.skillFile(title: "Good"))
    }
    let answer = try world.import()
    #expect(answer.created.map(\.path) == ["skills/good.md"])
    #expect(answer.failed.map(\.path).sorted() == ["skills/long.md", "skills/refused.md"])
    #expect(answer.failed.contains { $0.error.contains("no secrets here") }, "\(answer.failed)")
    try world.repository.commit { try $0.edit("skills/refused.md", "secret", "word") }
    #expect(try world.import().created.map(\.path) == ["skills/refused.md"])
  }

  @Test func aPathTooLongForAnIndexStopsNobodyElse() throws {
    let world = try World()
    var state: UInt64 = 1
    let folders = (0..<16).map { _ -> String in
      (0..<18).map { _ -> String in
        state = state &* 6_364_136_223_846_793_005 &+ 1
        return String(state, radix: 36)
      }.joined().prefix(200).description
    }
    let path = "skills/" + folders.joined(separator: "/") + "/broken.md"
    let good = World.skillFile(title: "Good")
    // Too long for a file system, so git is told directly.
    try world.repository.fastImport(
      """
      commit refs/heads/main
      committer E <e@example.com> 1700000000 +0000
      data 1
      x
      M 100644 inline \(path)
      data 5
      ---js
      M 100644 inline skills/good.md
      data \(good.utf8.count)
      \(good)

      """)
    let answer = try world.import()
    #expect(answer.created.map(\.path) == ["skills/good.md"])
    #expect(answer.failed.map(\.path) == [path])
    try expectQuiet(world)
  }

  @Test func textsThatPostgreSQLCannotHoldAreCaughtBefore() throws {
    let world = try World()
    try world.repository.commit {
      try $0.write("skills/nul.md", World.skillFile(title: "Nul", body: "a\0b\n"))
      try $0.write("skills/escaped.md", "---\ntitle: \"x\\0y\"\n---\nText.\n")
      try $0.write("skills/good.md", World.skillFile(title: "Good"))
    }
    let answer = try world.import()
    #expect(answer.created.map(\.path) == ["skills/good.md"])
    #expect(answer.failed.map(\.path).sorted() == ["skills/escaped.md", "skills/nul.md"])
    try expectQuiet(world)
  }

  @Test func aRowThatNoFileCanSayIsSetAside() throws {
    let world = try World.agreeing()
    try world.create("s2", title: "  ")
    try world.save("s1", "content", "Goes on.")
    let answer = try world.export()
    #expect(answer.updated == ["s1"])
    #expect(answer.failed.map(\.skillId) == ["s2"])
    #expect(answer.failed.first?.error.contains("title") == true)
    #expect(try world.row("s2")?.syncStatus == "failed")
    try world.save("s2", "title", "Beta")
    #expect(try world.export().created == ["s2"])
    try expectQuiet(world)
  }

  @Test func aSymbolicLinkIsNoSkill() throws {
    let world = try World()
    try world.repository.commit {
      try $0.write("skills/a.md", World.skillFile(title: "A"))
      try world.repository.engineer("config", "core.symlinks", "true")
      try $0.link("skills/b.md", to: "a.md")
    }
    let answer = try world.import()
    #expect(answer.created.map(\.path) == ["skills/a.md"])
    #expect(answer.failed.map(\.path) == ["skills/b.md"])
    try expectQuiet(world)
  }

  @Test func aRepositoryThatIsNotThereIsAnError() throws {
    let world = try World()
    world.environment["GITHUB_REPO"] = "\(try Servers.git)/open/nothing-\(randomName()).git"
    let finished = try world.run(.gitToSkills, .import)
    #expect(finished.status == 1)
    #expect(try finished.json(ErrorAnswer.self).errorType == "GitError.repositoryNotFound")
  }

  @Test func aServerThatIsNotThereIsAnErrorAndTheOutboxIsKept() throws {
    let world = try World()
    try world.create("s1", title: "Alpha")
    let finished = try world.run(
      .skillsToGit, .sync, environment: ["GITHUB_REPO": "http://127.0.0.1:\(try freePort())/x/y.git"])
    #expect(finished.status == 1)
    #expect(try finished.json(ErrorAnswer.self).errorType == "GitError.network")
    #expect(try world.count("skill_sync.outbox") == 1)
    #expect(try world.export().created == ["s1"])
  }

  /// Its id is recorded as soon as git names it.
  @Test func aCommitThatGitDoesNotFinishIsNotExpectedInTheBranch() throws {
    let world = try World.agreeing()
    try world.save("s1", "content", "Saved.")
    let path = try #require(world.environment["PATH"])
    let folder = "\(world.folder)/bin"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try writeScript(
      """
      #!/bin/sh
      PATH=\(path)
      [ "$1" = fast-import ] || exec git "$@"
      git "$@"
      echo "fatal: cannot store pack file: No space left on device" >&2
      exit 128
      """, to: "\(folder)/git")
    let finished = try world.run(.skillsToGit, .sync, environment: ["PATH": "\(folder):\(path)"])
    #expect(finished.status == 1)
    #expect(try finished.json(ErrorAnswer.self).errorType == "GitError.diskFull")
    #expect(try world.count("skill_sync.intent") == 0)
    #expect(try world.count("skill_sync.outbox") == 1)
    #expect(try world.export().updated == ["s1"])
    try expectQuiet(world)
  }

  /// Its badge says so meanwhile, and its edit isn't forgotten.
  @Test func aRowWhoseFileIsWellAgainIsExported() throws {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta")
    try world.export()
    let good = World.skillFile(id: "s1", title: "Alpha")
    try world.repository.pull()
    let before = try #require(try world.repository.file("skills/alpha.md"))
    try world.repository.commit { try $0.write("skills/alpha.md", "---\ntitle: [unclosed\n---\n" + good) }
    try world.import()
    #expect(try world.row("s1")?.syncStatus == "failed")
    #expect(try world.row("s2")?.syncStatus == "synced")
    try world.save("s1", "content", "Saved.")
    #expect(try world.export().failed.map(\.skillId) == ["s1"])
    #expect(try world.row("s1")?.syncStatus == "failed")
    try world.repository.commit { try $0.write("skills/alpha.md", before) }
    try world.import()
    #expect(try world.row("s1")?.syncStatus == "pending")
    #expect(try world.count("skill_sync.failed") == 0)
    #expect(try world.export().updated == ["s1"])
    #expect(try world.row("s1")?.syncStatus == "synced")
    #expect(try world.body("skills/alpha.md")?.trimmed == "Saved.")
    try expectQuiet(world)
  }

  /// That the row is what was last agreed on doesn't say that the file is.
  @Test func aSaveThatIsTakenBackLeavesItsBadgeWhereTheFileCannotBeRead() throws {
    let world = try World.agreeing()
    let content = try #require(try world.row("s1")?.content)
    try world.repository.commit { try $0.write("skills/alpha.md", "---\ntitle: [unclosed\n---\n") }
    try world.import()
    for text in ["Saved.", content] {
      try world.save("s1", "content", .text(text))
      let answer = try world.export(.updated("s1"))
      #expect(answer.failed.map(\.skillId) == ["s1"] && answer.unchanged.isEmpty, "\(text): \(answer)")
      #expect(try world.row("s1")?.syncStatus == "failed")
    }
    // Nothing waits any more.
    #expect(try world.count("skill_sync.outbox") == 0)
    let answer = try world.export(.updated("s1"))
    #expect(answer.failed.map(\.skillId) == ["s1"] && answer.unchanged.isEmpty, "\(answer)")
  }

  @Test func theBadgeOfARowWhoseFileIsWellAgainIsTrueWithoutAnEdit() throws {
    let world = try World.agreeing()
    try world.repository.pull()
    let before = try #require(try world.repository.file("skills/alpha.md"))
    try world.repository.commit { try $0.write("skills/alpha.md", "---\ntitle: [unclosed\n---\n") }
    try world.import()
    #expect(try world.row("s1")?.syncStatus == "failed")
    try world.repository.commit { try $0.write("skills/alpha.md", before) }
    try world.import()
    #expect(try world.row("s1")?.syncStatus == "synced")
  }
}
