import Foundation
import Postgres
import TestSupport
import Testing

/// The application's saves never fail, wait or slow down because of the sync.
@Suite(.onOwnThreads) struct TriggerTests {
  @Test func theApplicationsRoleMaySaveWithoutRightsOnOurTables() throws {
    let world = try World()
    try world.create("s1", title: "Alpha")
    try world.create("s2", title: "Beta")
    try world.save("s1", "title", "Alpha Two")
    try world.application(#"DELETE FROM "Skill" WHERE id = 's2'"#)
    try world.application(#"UPDATE "Skill" SET id = 's9' WHERE id = 's1'"#)
    let entries = try world.sql(
      "SELECT operation || ' ' || skill_id AS entry FROM skill_sync.outbox ORDER BY id"
    )
    .map { try $0.text("entry") }
    #expect(
      entries == ["create s1", "create s2", "update s1", "delete s2", "delete s1", "create s9"])
    try world.application(#"TRUNCATE "Skill" CASCADE"#)
    #expect(try world.count("skill_sync.outbox WHERE skill_id IS NULL AND operation = 'truncate'") == 1)
    let error = #expect(throws: PostgresError.self) {
      try world.application("SELECT * FROM skill_sync.outbox")
    }
    #expect(error?.code == .insufficientPrivilege)
  }

  @Test func aSaveThatIsRolledBackLeavesNoEntry() throws {
    let world = try World.agreeing()
    try world.application("BEGIN")
    try world.save("s1", "content", "Never mind.")
    try world.application("ROLLBACK")
    #expect(try world.count("skill_sync.outbox") == 0)
  }

  @Test(arguments: [Executable.gitToSkills, .skillsToGit])
  func aSaveWorksWhileASyncHoldsEveryLockThatItTakes(executable: Executable) throws {
    let world = try World()
    for number in 1...4 { try world.create("s\(number)", title: "Skill \(number)") }
    try world.export()
    // The sync's last transaction stops at its end, when all its locks are taken, until this one is given back.
    try world.sql(
      """
      CREATE FUNCTION public.stop_at_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
        $$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END $$
      """)
    try world.sql(
      """
      CREATE CONSTRAINT TRIGGER stop_at_commit AFTER INSERT OR UPDATE ON skill_sync.base
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.stop_at_commit()
      """)
    try world.sql("SELECT pg_advisory_lock(4711)")
    if executable == .gitToSkills {
      try world.repository.commit {
        try $0.edit("skills/skill-1.md", "A body.", "An engineer's.")
        try $0.edit("skills/skill-2.md", "title: Skill 2", "title: Skill Two")
        try $0.write("skills/new.md", World.skillFile(title: "New"))
      }
    } else {
      try world.save("s1", "content", "Exported.")
      try world.save("s2", "title", "Skill Two")
    }
    let sync = try world.start(executable, executable == .gitToSkills ? .import : .sync)
    let stops = try eventually {
      // The view shows the locks of other tests' databases too.
      try world.count(
        """
        pg_locks WHERE locktype = 'advisory' AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """) == 1
    }
    #expect(stops, "\(sync.outputSoFar)")

    try world.application("SET lock_timeout = '1s'")
    let time = try ContinuousClock().measure {
      try world.save("s3", "content", "Saved meanwhile.")
      try world.create("s5", title: "Skill 5")
      try world.application(#"DELETE FROM "Skill" WHERE id = 's4'"#)
      if executable == .skillsToGit {
        // An export's rows are locked only to show them as synced.
        try world.application(#"SELECT * FROM "Skill" WHERE id = 's1'"#)
      }
    }
    #expect(time < .milliseconds(500), "\(time)")
    let modes = try world.sql(
      """
      SELECT DISTINCT mode FROM pg_locks l JOIN pg_stat_activity a USING (pid)
      WHERE a.application_name = $1 AND l.relation = '"Skill"'::regclass
        AND a.datname = current_database()
      ORDER BY 1
      """, [.text(executable.rawValue)]
    ).map { try $0.text("mode") }
    #expect(
      Set(modes).isSubset(of: ["AccessShareLock", "RowShareLock", "RowExclusiveLock"]) && !modes.isEmpty,
      "\(modes)")
    #expect(sync.isRunning)
    try world.sql("SELECT pg_advisory_unlock(4711)")
    #expect(try sync.wait().status == 0)
    try world.sql("DROP TRIGGER stop_at_commit ON skill_sync.base")
    try world.sweep()
    #expect(try world.body("skills/skill-3.md") == "Saved meanwhile.\n")
    #expect(try world.repository.paths.contains("skills/skill-5.md"))
    try expectQuiet(world)
  }

  @Test func aSaveWorksWithHalfOfOurSchemaGone() throws {
    let world = try World.agreeing()
    try world.sql("DROP TABLE skill_sync.outbox")
    try world.save("s1", "content", "Saved all the same.")
    try world.create("s2", title: "Beta")
    try world.application(#"DELETE FROM "Skill" WHERE id = 's2'"#)
    try world.application(#"TRUNCATE "Skill" CASCADE"#)
  }

  @Test func aSaveWorksAfterUninstalling() throws {
    let world = try World.agreeing()
    let environment = ["DATABASE_URL": try world.database.url(as: "postgres")]
    #expect(try world.run(.skillsToGit, "migrate", "--uninstall", environment: environment).status == 0)
    try world.save("s1", "content", "Saved all the same.")
    #expect(try world.count("pg_namespace WHERE nspname = 'skill_sync'") == 0)
    #expect(try world.count("pg_trigger WHERE NOT tgisinternal") == 0)
    #expect(try world.count("pg_proc WHERE proname IN ('record_change', 'show_pending')") == 0)
    let finished = try world.run(.skillsToGit, .sync)
    #expect(finished.status == 1)
    #expect(try finished.json(ErrorAnswer.self).errorMessage.contains("skills-to-git migrate"))
  }

  @Test func theTriggerCostsASaveLessThanAMillisecond() throws {
    let with = try World()
    let without = try World(isMigrated: false)
    for world in [with, without] {
      for number in 1...100 { try world.create("s\(number)", title: "Skill \(number)") }
    }
    func time(_ world: World, _ number: Int) throws -> Duration {
      try ContinuousClock().measure {
        try world.save("s\(number % 100 + 1)", "content", .text("Text \(number)"))
      }
    }
    // In turn, so that whatever else the machine does meets both.
    var times: [(Duration, Duration)] = []
    for number in 1...400 { times.append((try time(with, number), try time(without, number))) }
    times.removeFirst(100)
    let (median, plain) = (times.map(\.0).sorted()[150], times.map(\.1).sorted()[150])
    print("cost of a save, median of 300: \(median) with the trigger, \(plain) without")
    #expect(median - plain < .milliseconds(1))
  }
}
