import Foundation
import Postgres
import TestSupport
import Testing

/// What `skill_sync.history` says of each run that changed a side, and how long records are kept.
@Suite(.onOwnThreads) struct HistoryTests {
  private struct Sync: Equatable {
    var direction: String
    var commit: String?
    /// Created, updated, renamed, archived, deleted.
    var counts: [Int]
  }

  private func history(_ world: World) throws -> [(sync: Sync, lag: Double?)] {
    try world.sql(
      """
      SELECT direction, commit, created, updated, renamed, archived, deleted, lag_seconds::text AS lag
      FROM skill_sync.history ORDER BY id
      """
    ).map { row in
      let counts = try ["created", "updated", "renamed", "archived", "deleted"].map { try row.integer($0) }
      return (
        Sync(
          direction: try row.text("direction"), commit: try row.optionalText("commit"), counts: counts),
        try row.optionalText("lag").flatMap(Double.init)
      )
    }
  }

  @Test func aPushIsRecordedWithTheAgeOfTheOldestChangeThatItAnswers() throws {
    let world = try World()
    try world.create("s1", title: "Alpha")
    try world.create("s2", title: "Beta")
    try world.sql(
      "UPDATE skill_sync.outbox SET changed_at = changed_at - interval '100 s' WHERE skill_id = 's2'")
    try world.export()
    try world.save("s1", "title", "Omega")
    try world.application(#"DELETE FROM "Skill" WHERE id = 's2'"#)
    try world.export()
    let log = try world.repository.log("%H")
    let history = try history(world)
    #expect(
      history.map(\.sync) == [
        Sync(direction: "export", commit: log.last, counts: [2, 0, 0, 0, 0]),
        Sync(direction: "export", commit: log.first, counts: [0, 0, 1, 0, 1]),
      ])
    #expect((100..<160).contains(history[0].lag ?? 0), "\(history)")
    #expect((0..<60).contains(history[1].lag ?? -1), "\(history)")
    // Neither a look with nothing new nor the echo of a push is a sync.
    try world.sweep()
    try expectQuiet(world)
    #expect(try self.history(world).count == 2)
  }

  @Test func anImportIsRecordedWithTheAgeOfItsCommit() throws {
    let world = try World()
    let now = Int(Date().timeIntervalSince1970)
    let first = try world.repository.commit(at: now - 1_000) {
      for name in ["a", "b", "c"] {
        try $0.write("skills/\(name).md", World.skillFile(id: name, title: name.uppercased()))
      }
    }
    try world.import()
    let second = try world.repository.commit(at: now - 500) {
      try $0.edit("skills/a.md", "A body.", "Edited.")
      try $0.move("skills/b.md", to: "skills/moved/b.md")
      try $0.remove("skills/c.md")
      try $0.write("skills/d.md", World.skillFile(id: "d", title: "D"))
    }
    try world.import()
    // Of a clock that is ahead: it isn't known to be older than this moment.
    let third = try world.repository.commit(at: now + 10_000) {
      try $0.edit("skills/a.md", "Edited.", "Edited again.")
    }
    try world.import()
    let history = try history(world)
    #expect(
      history.map(\.sync) == [
        Sync(direction: "import", commit: first, counts: [3, 0, 0, 0, 0]),
        Sync(direction: "import", commit: second, counts: [1, 1, 1, 1, 0]),
        Sync(direction: "import", commit: third, counts: [0, 1, 0, 0, 0]),
      ])
    #expect((1_000..<1_100).contains(history[0].lag ?? 0), "\(history)")
    #expect((500..<600).contains(history[1].lag ?? 0), "\(history)")
    #expect(history[2].lag == 0)
  }

  @Test func whatAnImportBringsOfAnOlderCommitHasNoKnownLag() throws {
    let world = try World.agreeing()
    let tip = try world.repository.commit {
      try $0.write("skills/b.md", World.skillFile(id: "b", title: "Alpha"))
    }
    #expect(try world.import().failed.count == 1)
    let before = try history(world).count
    try world.save("s1", "title", "Another")
    try world.sql("DELETE FROM skill_sync.outbox")
    #expect(try world.import(.schedule).created.map(\.skillId) == ["b"])
    let last = try #require(try history(world).dropFirst(before).first)
    #expect(last.sync == Sync(direction: "import", commit: tip, counts: [1, 0, 0, 0, 0]))
    #expect(last.lag == nil)
  }

  @Test(arguments: [Executable.gitToSkills, .skillsToGit])
  func aPushWhoseRunWasKilledIsRecordedByTheNext(next: Executable) throws {
    let world = try World.agreeing()
    let before = try history(world).count
    try world.save("s1", "content", "Saved.")
    try world.sql("UPDATE skill_sync.outbox SET changed_at = changed_at - interval '200 s'")
    let killed = try world.run(.skillsToGit, .sync, environment: ["FAILPOINT_KILL": "after git push"])
    #expect(killed.status == 128 + SIGKILL)
    #expect(try history(world).count == before)
    if next == .gitToSkills { try world.import() } else { try world.export() }
    try expectQuiet(world)
    let found = try history(world).dropFirst(before)
    #expect(
      found.map(\.sync) == [
        Sync(direction: "export", commit: try world.repository.tip, counts: [0, 1, 0, 0, 0])
      ])
    #expect((200..<260).contains(found.first?.lag ?? 0), "\(found)")
  }

  @Test(arguments: [Executable.gitToSkills, .skillsToGit])
  func schedulesRemoveWhatIsOverAndOlderThanItIsToBeKept(executable: Executable) throws {
    let world = try World.agreeing()
    world.environment["CONFLICT_POLICY"] = "manual"
    world.environment["RETENTION_DAYS"] = "30"
    try world.push("A body.", "Edited.")
    try world.save("s1", "content", "Saved.")
    try world.repository.commit { try $0.write("skills/broken.md", "---\ntitle: [\n---\n") }
    try world.sweep()
    #expect(try world.openConflicts() == ["s1"])
    try world.sql(
      """
      INSERT INTO skill_sync.conflict (repository_id, skill_id, decision, detected_at, resolved_at, resolved_by)
      SELECT id, 'old-' || d, 'test', now() - interval '1 year', now() - make_interval(days => d), 'policy'
      FROM skill_sync.repository, unnest(ARRAY[29, 31]) d
      """)
    try world.sql(
      """
      UPDATE skill_sync.conflict SET detected_at = now() - interval '1 year' WHERE resolved_at IS NULL
      """)
    try world.sql(
      """
      INSERT INTO skill_sync.history (repository_id, direction, commit, created, updated, renamed, archived, deleted, synced_at)
      SELECT id, 'import', 'age-' || d, 1, 0, 0, 0, 0, now() - make_interval(days => d)
      FROM skill_sync.repository, unnest(ARRAY[29, 31]) d
      """)
    try world.sql("UPDATE skill_sync.failed SET failed_at = now() - interval '1 year'")
    try world.sql(#"UPDATE "SkillSyncLog" SET "startedAt" = "startedAt" - interval '1 year'"#)
    let logged = try world.count(#""SkillSyncLog""#)

    func left() throws -> [String] {
      try world.sql(
        """
        SELECT skill_id AS name FROM skill_sync.conflict WHERE skill_id LIKE 'old-%'
        UNION ALL SELECT commit FROM skill_sync.history WHERE commit LIKE 'age-%' ORDER BY 1
        """
      ).map { try $0.text("name") }
    }
    let all = ["age-29", "age-31", "old-29", "old-31"]
    // An event of the application or a push does its work and no more; neither does anything while paused.
    if executable == .gitToSkills { try world.push("title: Alpha", "title: Alpha 2") }
    _ = try world.run(executable, executable == .gitToSkills ? .push(world.repository.tip ?? "") : .sync)
    #expect(try left() == all)
    #expect(try world.run(.skillsToGit, "pause").status == 0)
    #expect(try world.run(executable, .schedule).status == 0)
    #expect(try left() == all)
    #expect(try world.run(.skillsToGit, "resume").status == 0)

    #expect(try world.run(executable, .schedule).status == 0)
    #expect(try left() == ["age-29", "old-29"])
    #expect(try world.openConflicts() == ["s1"])
    #expect(try world.count("skill_sync.failed") == 1)
    #expect(try world.count(#""SkillSyncLog""#) == logged)
  }
}
