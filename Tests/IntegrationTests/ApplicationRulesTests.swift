import Postgres
import TestSupport
import Testing

/// What the application's own table forbids stops the skill that it is about, and no other.
@Suite(.onOwnThreads) struct ApplicationRulesTests {
  /// A cast to `character varying(20)` cuts without a word; the next save would bring what is left to git.
  @Test func aTextTooLongForItsColumnIsSetAsideInsteadOfCut() throws {
    let world = try World.agreeing()
    try world.sql(#"ALTER TABLE "Skill" ALTER title TYPE varchar(20), ALTER categories TYPE varchar(5)[]"#)
    try world.repository.commit {
      try $0.edit("skills/alpha.md", "title: Alpha", "title: Alpha and all that comes after it")
      try $0.write("skills/wide.md", World.skillFile(title: "Wide", more: "categories: [longer]\n"))
      try $0.write("skills/good.md", World.skillFile(title: "Good"))
    }
    let answer = try world.import()
    #expect(answer.created.map(\.path) == ["skills/good.md"], "\(answer)")
    #expect(answer.failed.map(\.path).sorted() == ["skills/alpha.md", "skills/wide.md"], "\(answer)")
    #expect(try world.row("s1")?.title == "Alpha")
    try expectQuiet(world)
  }

  @Test func aRowThatATriggerKeepsFromBeingArchivedStopsNobodyElse() throws {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta")
    try world.export()
    try world.sql(
      """
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'skills stay'; END $$
      """)
    try world.sql(
      #"""
      CREATE TRIGGER refuse BEFORE UPDATE ON "Skill" FOR EACH ROW WHEN (NOT new."isActive")
        EXECUTE FUNCTION refuse()
      """#)
    try world.repository.commit {
      try $0.remove("skills/alpha.md")
      try $0.edit("skills/beta.md", "A body.", "Edited.")
    }
    let answer = try world.import()
    #expect(answer.updated.map(\.skillId) == ["s2"], "\(answer)")
    #expect(answer.failed.map(\.path) == ["skills/alpha.md"], "\(answer)")
    try world.repository.commit { try $0.edit("skills/beta.md", "Edited.", "Again.") }
    #expect(try world.import().updated.map(\.skillId) == ["s2"])
    try world.sql(#"DROP TRIGGER refuse ON "Skill""#)
    try world.sweep()
    #expect(try world.row("s1")?.isActive == false)
    try expectQuiet(world)
  }

  /// Such a row can't even be given its badge.
  @Test func aRowThatMayNotBeTouchedIsExportedAllTheSame() throws {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta", content: "An old body.")
    try world.sql(
      #"ALTER TABLE "Skill" ADD CONSTRAINT "no_old_bodies" CHECK (content NOT LIKE '%old%') NOT VALID"#)
    #expect(try world.export().created == ["s2"])
    try world.rewrite("A body.", "Goes on.")
    #expect(try world.export().updated == ["s1"])
    #expect(try world.body("skills/alpha.md") == "Goes on.\n")
    try expectQuiet(world)
  }

  @Test func aRowThatMayNotBeTouchedIsAdoptedAllTheSame() throws {
    let world = try World(.first)
    try world.create("s2", title: "Beta", content: "An old body.", owner: nil)
    try world.sql(
      #"ALTER TABLE "Skill" ADD CONSTRAINT "no_old_bodies" CHECK (content NOT LIKE '%old%') NOT VALID"#)
    try world.repository.commit {
      try $0.write("skills/beta.md", World.skillFile(id: "s2", title: "Beta", body: "An old body.\n"))
      try $0.write("skills/good.md", World.skillFile(title: "Good"))
    }
    #expect(try world.import().created.map(\.path) == ["skills/good.md"])
    // What waits of the row's creation is answered too.
    try world.sweep()
    #expect(try world.count("skill_sync.outbox") == 0)
    try expectQuiet(world)
  }

  @Test func namesThatAreNotUTF8AreSetAsideEachAlone() throws {
    let world = try World()
    let good = World.skillFile(title: "Good")
    try world.repository.fastImport(
      """
      commit refs/heads/main
      committer E <e@example.com> 1700000000 +0000
      data 1
      x
      M 100644 inline "skills/\\377.md"
      data 1
      x
      M 100644 inline "skills/\\376.md"
      data 1
      y
      M 100644 inline skills/good.md
      data \(good.utf8.count)
      \(good)

      """)
    let answer = try world.import()
    #expect(answer.created.map(\.path) == ["skills/good.md"])
    #expect(answer.failed.count == 2, "\(answer.failed)")
    try expectQuiet(world)
  }

  @Test(arguments: [
    #"CREATE UNIQUE INDEX one_title ON "Skill" (lower(title))"#,
    #"CREATE UNIQUE INDEX one_title ON "Skill" (title, tier)"#,
  ])
  func titlesSwapUnderAnyUniqueIndex(index: String) throws {
    let world = try World()
    try world.sql(#"DROP INDEX "Skill_title_key""#)
    try world.sql(index)
    try world.create("s1", title: "Alpha")
    try world.create("s2", title: "Beta")
    try world.export()
    try world.repository.commit {
      try $0.edit("skills/alpha.md", "title: Alpha", "title: Beta")
      try $0.edit("skills/beta.md", "title: Beta", "title: Alpha")
      try $0.write("skills/good.md", World.skillFile(title: "Good"))
    }
    let answer = try world.import()
    #expect(answer.created.map(\.path) == ["skills/good.md"])
    #expect(try world.row("s1")?.title == "Beta")
    #expect(try world.row("s2")?.title == "Alpha")
    try expectQuiet(world)
  }

  /// A title can't be taken out of the way where a rule says how titles look: whoever waits for it is set aside too.
  @Test func titlesThatCannotBeParkedStopNobodyElse() throws {
    let world = try World.agreeing()
    for (id, title) in [("s2", "Beta"), ("s3", "Gamma")] { try world.create(id, title: title) }
    try world.export()
    try world.sql(#"ALTER TABLE "Skill" ADD CONSTRAINT "capitals" CHECK (title ~ '^[A-Z]')"#)
    try world.repository.commit {
      try $0.edit("skills/alpha.md", "title: Alpha", "title: Beta")
      try $0.edit("skills/beta.md", "title: Beta", "title: Alpha")
      try $0.edit("skills/gamma.md", "A body.", "Edited.")
    }
    let answer = try world.import()
    #expect(answer.updated.map(\.skillId) == ["s3"], "\(answer)")
    #expect(answer.failed.map(\.path).sorted() == ["skills/alpha.md", "skills/beta.md"], "\(answer)")
    try expectQuiet(world)
  }

  /// Rows that a policy hides from the sync would look deleted, and their files would go.
  @Test(arguments: [
    #"mine ON "Skill" USING ("ownerId" = 'nobody')"#,
    #"ours ON "Skill" TO test_sync USING ("ownerId" = 'nobody')"#,
    #"reading ON "Skill" FOR SELECT TO test_sync USING (true)"#,
    #"most ON "Skill" AS RESTRICTIVE TO test_sync USING (title <> 'Alpha')"#,
  ])
  func aTableWhosePoliciesHideRowsFromTheSyncIsRefused(policy: String) throws {
    let world = try World.agreeing()
    try world.sql(#"ALTER TABLE "Skill" ENABLE ROW LEVEL SECURITY"#)
    if policy.contains("RESTRICTIVE") { try world.sql(#"CREATE POLICY every ON "Skill" USING (true)"#) }
    try world.sql("CREATE POLICY \(policy)")
    for finished in [try world.run(.skillsToGit, .schedule), try world.run(.gitToSkills, .schedule)] {
      #expect(finished.status == 1)
      #expect(try finished.json(ErrorAnswer.self).errorType == "DatabaseNotReady", "\(finished.output)")
    }
    #expect(try world.repository.paths == ["skills/alpha.md"])
    if policy.contains("RESTRICTIVE") { try world.sql(#"DROP POLICY most ON "Skill""#) }
    try world.sql(#"CREATE POLICY all_of_them ON "Skill" TO test_sync USING (true)"#)
    try expectQuiet(world)
  }
}
