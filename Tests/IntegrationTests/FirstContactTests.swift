import Postgres
import TestSupport
import Testing

/// A table and a repository that both hold skills, and settings of the direction.
@Suite(.onOwnThreads) struct FirstContactTests {
  /// Two skills that are equal, one on each side alone, and one that differs; nothing is recorded yet.
  private func strangers() throws -> World {
    let world = try World()
    try world.create("equal", title: "Equal")
    try world.create("by-title", title: "By Title")
    try world.create("row-only", title: "Row Only")
    try world.create("different", title: "Different", content: "The row's.")
    try world.create("draft", title: "Draft", status: "DRAFT")
    let owners = "owners:\n  - name: Ada Lovelace\n    email: ada@example.com\n    userId: user-ada\n"
    try world.repository.commit {
      try $0.write("skills/equal.md", World.skillFile(id: "equal", title: "Equal", more: owners))
      try $0.write("skills/named/otherwise.md", World.skillFile(title: "By Title", more: owners))
      try $0.write("skills/file-only.md", World.skillFile(title: "File Only"))
      try $0.write(
        "skills/different.md", World.skillFile(id: "different", title: "Different", body: "The file's.\n"))
    }
    return world
  }

  @Test func aDryRunShowsBothSidesAndChangesNothing() throws {
    let world = try strangers()
    let (database, references) = (try world.database.dump(), try world.repository.references())
    let imported = try world.run(.gitToSkills, "import", "--dry-run")
    #expect(imported.status == 0, "\(imported)")
    #expect(imported.output.contains("+title: File Only"))
    #expect(!imported.output.contains("The row's."))
    let exported = try world.run(.skillsToGit, "export", "--dry-run")
    #expect(exported.status == 0, "\(exported)")
    #expect(exported.output.contains("+title: Row Only"))
    #expect(!exported.output.contains("Draft"))
    #expect(try world.database.dump() == database)
    #expect(try world.repository.references() == references)
  }

  @Test(arguments: [Executable.gitToSkills, .skillsToGit])
  func equalSkillsAreAdoptedMissingOnesMadeAndDifferentOnesWait(first: Executable) throws {
    let world = try strangers()
    let equal = try world.repository.file("skills/equal.md")
    if first == .gitToSkills {
      let answer = try world.import()
      #expect(answer.created.map(\.path) == ["skills/file-only.md"])
      #expect(answer.conflicts == [.init("different", "skills/different.md")])
    }
    let exported = try world.run(.skillsToGit, "export", "--json").answer(ExportAnswer.self)
    #expect(exported.created == ["row-only"])
    #expect(exported.conflicts == ["different"])
    #expect(try world.repository.log().count == 2)
    #expect(
      try world.repository.paths == [
        "skills/different.md", "skills/equal.md", "skills/file-only.md", "skills/named/otherwise.md",
        "skills/row-only.md",
      ])
    #expect(try world.repository.file("skills/equal.md") == equal)
    #expect(try world.body("skills/different.md") == "The file's.\n")
    #expect(try world.row("different")?.content == "The row's.")
    #expect(try world.row(titled: "File Only") != nil)
    #expect(try world.rows().count == 6)
    #expect(try world.openConflicts() == ["different"])
    // What was adopted is in sync: an edit on either side goes to the other.
    try world.save("by-title", "content", "Edited.")
    try world.export()
    #expect(try world.body("skills/named/otherwise.md") == "Edited.\n")
    #expect(try world.value("id", in: "skills/named/otherwise.md") == "by-title")
    // A person makes both equal.
    try world.save("different", "content", "The file's.")
    try world.save("different", "ownerId", "user-ada")
    try world.repository.commit {
      try $0.edit(
        "skills/different.md", "title: Different",
        "title: Different\nowners:\n  - {name: Ada Lovelace, email: ada@example.com, userId: user-ada}")
    }
    try world.sweep()
    #expect(try world.openConflicts() == [])
    try expectQuiet(world)
  }

  @Test func aPreviewSaysThatTheBranchIsNotThereYet() throws {
    let world = try World()
    try world.create("s1", title: "Alpha")
    let preview = try world.run(.skillsToGit, "export", "--dry-run").output
    #expect(preview.contains("the branch main isn't there yet"), "\(preview)")
    try world.export()
    #expect(!(try world.run(.skillsToGit, "export", "--dry-run").output.contains("there yet")))
  }

  @Test func exportOnlyNeverWritesARow() throws {
    let world = try World.agreeing()
    world.environment["SYNC_DIRECTION"] = "export"
    try world.create("s2", title: "Beta")
    try world.repository.commit {
      try $0.edit("skills/alpha.md", "A body.", "Somebody's edit.")
      try $0.write("skills/new.md", World.skillFile(title: "New"))
    }
    let rows = try world.rows().filter { $0.id != "s2" }
    #expect(try world.import().didNothing)
    #expect(try world.export().created == ["s2"])
    try world.sweep()
    #expect(try world.rows().filter { $0.id != "s2" } == rows)
    #expect(try world.rows().count == 2)
    #expect(try world.body("skills/alpha.md") == "Somebody's edit.\n")
    #expect(try world.sql("SELECT tip FROM skill_sync.repository")[0].text("tip") == world.repository.tip)
    #expect(try world.run(.gitToSkills, "import").output.hasPrefix("SYNC_DIRECTION is export"))
  }

  @Test func importOnlyNeverPushes() throws {
    let world = try World.agreeing()
    world.environment["SYNC_DIRECTION"] = "import"
    try world.save("s1", "content", "Stays here.")
    try world.create("s2", title: "Beta")
    let commit = try world.repository.commit { try $0.write("skills/new.md", World.skillFile(title: "New")) }
    #expect(try world.import().created.map(\.path) == ["skills/new.md"])
    #expect(try world.export().didNothing)
    #expect(try world.run(.skillsToGit, "export", "--json").answer(ExportAnswer.self).didNothing)
    #expect(try world.run(.skillsToGit, "export").output.hasPrefix("SYNC_DIRECTION is import"))
    try world.sweep()
    #expect(try world.repository.tip == commit)
    #expect(try world.row("s1")?.content == "Stays here.")
  }

  @Test func aTableWithNothingButIdTitleAndContentIsEnough() throws {
    let world = try World(.none)
    try world.sql(#"CREATE SCHEMA app"#)
    try world.sql(
      #"CREATE TABLE app."My Notes" (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text, content varchar NOT NULL)"#
    )
    world.environment["SKILLS_TABLE"] = "app.My Notes"
    world.environment["GIT_DELETE_POLICY"] = "delete"
    #expect(try world.run(.skillsToGit, "migrate").status == 0)
    try world.sql(
      #"INSERT INTO app."My Notes" VALUES ('01234567-89ab-cdef-0123-456789abcdef', 'Alpha', 'One.')"#)
    #expect(try world.export().created == ["01234567-89ab-cdef-0123-456789abcdef"])
    #expect(
      try world.repository.file("skills/alpha.md")
        == "---\nid: 01234567-89ab-cdef-0123-456789abcdef\ntitle: Alpha\n---\nOne.\n")
    try world.repository.commit {
      try $0.edit("skills/alpha.md", "One.", "Two.")
      try $0.write("skills/beta.md", World.skillFile(title: "Beta", more: "categories: [kept]\n"))
    }
    let answer = try world.import()
    #expect(answer.created.count == 1 && answer.updated.count == 1)
    let rows = try world.sql(#"SELECT title || ': ' || content AS text FROM app."My Notes" ORDER BY 1"#)
    #expect(try rows.map { try $0.text("text") } == ["Alpha: Two.", "Beta: A body."])
    try world.sql(#"UPDATE app."My Notes" SET content = 'Three.' WHERE title = 'Beta'"#)
    try world.export()
    #expect(try world.repository.file("skills/beta.md")?.contains("categories: [kept]\n") == true)
    try world.repository.commit { try $0.remove("skills/alpha.md") }
    #expect(try world.import().deleted.count == 1)
    #expect(try world.sweep().exported.didNothing)
  }

  @Test func aTableThatIsNotAsNeededIsToldApart() throws {
    let world = try World()
    let cases: [(table: String, sql: String, words: String)] = [
      ("Nothing", "", "there is no table \"Nothing\""),
      ("NoTitle", #"CREATE TABLE "NoTitle" (id text PRIMARY KEY, content text)"#, "no column title"),
      (
        "Required",
        #"CREATE TABLE "Required" (id text PRIMARY KEY, title text, content text, tenant text NOT NULL)"#,
        "requires a value in tenant"
      ),
    ]
    for (table, sql, words) in cases {
      if !sql.isEmpty { try world.sql(sql) }
      let finished = try world.run(
        .skillsToGit, "migrate",
        environment: ["SKILLS_TABLE": table, "DATABASE_URL": try world.database.url(as: "postgres")])
      #expect(finished.status == 1)
      let error = try finished.json(ErrorAnswer.self)
      #expect(error.errorType == "DatabaseNotReady")
      #expect(error.errorMessage.contains(words), "\(error.errorMessage)")
    }
  }

  @Test func aSkillWithoutAnOwnerBelongsToTheSystemUserWhereOneIsRequired() throws {
    let world = try World(.later)
    try world.repository.commit { try $0.write("skills/a.md", World.skillFile(title: "A")) }
    try world.import()
    try world.repository.commit { try $0.write("skills/b.md", World.skillFile(title: "B")) }
    try world.import()
    #expect(try world.row(titled: "A")?.ownerId == "system-owner")
    #expect(try world.row(titled: "B")?.ownerId == "system-owner")
    #expect(try world.count(#""User" WHERE email = 'system@transparent-trust.internal'"#) == 1)
    try world.save(try #require(try world.row(titled: "A")).id, "content", "Edited.")
    try world.export()
    #expect(try world.repository.file("skills/a.md")?.contains("system") == false)
    try expectQuiet(world)
  }
}
