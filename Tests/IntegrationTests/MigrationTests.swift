import Foundation
import Postgres
import TestSupport
import Testing

/// `skills-to-git migrate`.
@Suite(.onOwnThreads) struct MigrationTests {
  private func migrate(_ world: World, _ options: String...) throws -> String {
    let finished = try world.start(
      .skillsToGit, ["migrate"] + options,
      environment: ["DATABASE_URL": try world.database.url(as: "postgres")]
    ).wait()
    #expect(finished.status == 0, "\(finished)")
    return finished.output
  }

  @Test(arguments: [ApplicationSchema.first, .later])
  func migratingTwiceChangesNothing(schema: ApplicationSchema) throws {
    let world = try World(schema, isMigrated: false)
    #expect(try migrate(world).contains("installed"))
    func catalog() throws -> String {
      try world.sql(
        """
        SELECT string_agg(c.oid || ' ' || c.relname || ' ' || c.xmin, ',' ORDER BY c.oid) || (SELECT
          string_agg(t.oid || t.tgname, ',' ORDER BY t.oid) FROM pg_trigger t) AS catalog
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('skill_sync', 'public')
        """)[0].text("catalog")
    }
    let before = try catalog()
    #expect(try migrate(world) == "up to date\n")
    #expect(try catalog() == before)
  }

  @Test func theApplicationsTablesGetATriggerAndNothingElse() throws {
    let world = try World(isMigrated: false)
    func columns() throws -> String {
      try world.sql(
        """
        SELECT string_agg(table_name || column_name || data_type || is_nullable || coalesce(column_default, ''), ',' ORDER BY
          table_name, ordinal_position) AS columns FROM information_schema.columns WHERE table_schema = 'public'
        """)[0].text("columns")
    }
    let before = try columns()
    _ = try migrate(world)
    #expect(try columns() == before)
    _ = try migrate(world, "--uninstall")
    #expect(try columns() == before)
    _ = try migrate(world, "--uninstall")
  }

  @Test func theTriggerFollowsAChangeOfTheApplicationsColumns() throws {
    let world = try World(.first)
    try world.sql(#"ALTER TABLE "Skill" ADD COLUMN "tier" TEXT NOT NULL DEFAULT 'library'"#)
    #expect(try migrate(world).contains("trigger"))
    try world.create("s1", title: "Alpha")
    try world.export()
    try world.save("s1", "tier", "core")
    #expect(try world.count("skill_sync.outbox") == 1)
    try world.export()
    #expect(try world.value("tier", in: "skills/alpha.md") == "core")
  }

  @Test func withoutTheTriggerSweepsFindWhatChanged() throws {
    let world = try World()
    _ = try migrate(world, "--without-trigger")
    #expect(try world.count("pg_trigger WHERE NOT tgisinternal") == 0)
    try world.create("s1", title: "Alpha")
    try world.create("s2", title: "Beta")
    #expect(try world.export(.sync).didNothing)
    #expect(try world.export(.updated("s2")).created == ["s2"])
    #expect(try world.export(.schedule).created == ["s1"])
    try world.save("s1", "content", "Changed.")
    try world.application(#"DELETE FROM "Skill" WHERE id = 's2'"#)
    let answer = try world.export(.schedule)
    #expect(answer.updated == ["s1"] && answer.deleted == ["s2"])
    #expect(try world.body("skills/alpha.md") == "Changed.\n")
    try expectQuiet(world)
    #expect(try migrate(world).contains("trigger on public.Skill: installed"))
  }

  @Test func withoutTheTriggerAMergeIsExportedWithTheNextEvent() throws {
    let world = try World.agreeing(content: "One.\n\nTwo.\n\nThree.\n")
    _ = try migrate(world, "--without-trigger")
    try world.save("s1", "content", "One, saved.\n\nTwo.\n\nThree.\n")
    try world.repository.commit { try $0.edit("skills/alpha.md", "Three.", "Three, engineered.") }
    try world.import()
    try world.export(.sync)
    #expect(try world.body("skills/alpha.md") == "One, saved.\n\nTwo.\n\nThree, engineered.\n")
    try expectQuiet(world)
  }

  @Test func thePrintedGrantsAreEnoughAndTheRoleHasNoOthers() throws {
    // Every test runs as this role; here it is shown to be as poor as it should be.
    let world = try World.agreeing()
    try world.webhook(
      try world.repository.commit { try $0.write("skills/b.md", World.skillFile(title: "B")) })
    let sync = try world.database.connect(as: "test_sync")
    for statement in [
      "CREATE TABLE skill_sync.mine ()", "DROP TABLE skill_sync.base", "DELETE FROM skill_sync.version",
      #"TRUNCATE "Skill""#, #"UPDATE "User" SET name = 'x'"#, #"ALTER TABLE "Skill" ADD COLUMN x int"#,
    ] {
      let error = #expect(throws: PostgresError.self) { try sync.execute(SimpleQuery("try", statement)) }
      #expect(error?.code == .insufficientPrivilege, "\(statement)")
    }
    let printed = try migrate(world, "--print-grants", "o'brien\" x")
    #expect(printed.contains("TO \"o'brien\"\" x\";"))
  }

  @Test func aMigrationWaitsForNobodyForLong() throws {
    let world = try World(isMigrated: false)
    try world.application("BEGIN")
    try world.create("s1", title: "Alpha")
    let time = ContinuousClock.now
    let finished = try world.run(
      .skillsToGit, "migrate", environment: ["DATABASE_URL": try world.database.url(as: "postgres")])
    #expect(finished.status == 1)
    #expect(try finished.json(ErrorAnswer.self).errorType == "DatabaseError")
    #expect(ContinuousClock.now - time < .seconds(60))
    try world.application("COMMIT")
    #expect(try migrate(world).contains("installed"))
    #expect(try world.count("skill_sync.outbox") == 0)
  }

  @Test func anOlderSchemaIsBroughtToTheSameAsANewOneAndKeepsWhatItHolds() throws {
    func shape(_ world: World) throws -> [String] {
      try world.sql(
        """
        SELECT format('%s.%s %s %s %s %s', table_name, column_name, data_type, is_nullable, column_default, is_identity) AS part
        FROM information_schema.columns WHERE table_schema = 'skill_sync'
        UNION ALL SELECT format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
          WHERE connamespace = 'skill_sync'::regnamespace
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'skill_sync' ORDER BY 1
        """
      ).map { try $0.text("part") }
    }
    let world = try World(isMigrated: false)
    let dump = try String(
      contentsOfFile: Servers.projectFolder("Tests/Fixtures/schema-version-4.sql"), encoding: .utf8)
    try world.database.connection.execute(SimpleQuery("install version 4", dump))
    try world.sql(
      """
      WITH r AS (INSERT INTO skill_sync.repository (repository, branch, directory, skill_table, tip)
        VALUES ('https://example.com/a', 'main', 'skills', 'public.Skill', 'abc') RETURNING id)
      INSERT INTO skill_sync.base (repository_id, skill_id, path, blob, title, text, state)
      SELECT id, 's1', 'skills/alpha.md', 'b', 'Alpha', 'A text.', 'present' FROM r
      """)
    #expect(try migrate(world).contains("tables: version 7 installed"))
    #expect(try shape(world) == shape(World()))
    #expect(
      try world.count("skill_sync.base JOIN skill_sync.repository r ON r.id = repository_id AND tip = 'abc'")
        == 1)
  }

  @Test func aSchemaOfAnotherVersionIsRefused() throws {
    let world = try World.agreeing()
    try world.sql("INSERT INTO skill_sync.version (version) VALUES (999)")
    let finished = try world.run(.skillsToGit, .sync)
    #expect(finished.status == 1)
    let error = try finished.json(ErrorAnswer.self)
    #expect(error.errorType == "DatabaseNotReady")
    #expect(error.errorMessage.contains("999"))
    #expect(try world.run(.skillsToGit, "migrate").status == 1)
    try world.sql("DELETE FROM skill_sync.version WHERE version >= 6")
    #expect(try world.run(.skillsToGit, .sync).json(ErrorAnswer.self).errorMessage.contains("migrate"))
  }

  /// So that a deploy can be rolled back.
  @Test func aNewerSchemaWithAdditionsAloneIsWorkedWith() throws {
    let world = try World.agreeing()
    try world.sql("INSERT INTO skill_sync.version (version, oldest_program) VALUES (999, 6)")
    try world.save("s1", "content", "Saved.")
    #expect(try world.export().updated == ["s1"])
    #expect(try migrate(world) == "up to date\n")
    #expect(try world.count("skill_sync.version WHERE version = 999 AND oldest_program = 6") == 1)
  }
}
