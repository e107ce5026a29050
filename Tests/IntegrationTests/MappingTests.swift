import Foundation
import TestSupport
import Testing

/// Which key is which column, and what has no column at all.
@Suite(.onOwnThreads) struct MappingTests {
  @Test func aFileKnowsAnOwnerByAnotherUserIdAndIsNotGivenTheOwnerTwice() throws {
    let world = try World()
    let owners = "owners:\n  - name: Ada\n    email: ADA@example.com\n    userId: of-another-database\n"
    try world.repository.commit {
      try $0.write("skills/alpha.md", World.skillFile(id: "s1", title: "Alpha", more: owners))
    }
    try world.import()
    #expect(try world.row("s1")?.ownerId == "user-ada")
    try expectQuiet(world)
    try world.save("s1", "content", "Edited.")
    try world.export()
    #expect(
      try world.repository.file("skills/alpha.md")
        == World.skillFile(id: "s1", title: "Alpha", body: "Edited.\n", more: owners))
    try expectQuiet(world)
  }

  @Test func theOwnerIsTheFirstOfTheFilesOwnersThatIsAUser() throws {
    let world = try World()
    try world.repository.commit {
      for (id, owners) in [
        ("by-email", "[Nobody, {email: grace@example.com}, {email: ada@example.com}]"),
        ("by-either", "[{email: grace@example.com}, {userId: user-ada}]"),
      ] {
        try $0.write(
          "skills/\(id).md", World.skillFile(id: id, title: "Title \(id)", more: "owners: \(owners)\n"))
      }
    }
    try world.import()
    #expect(try world.rows().map(\.ownerId) == ["user-grace", "user-grace"])
    try expectQuiet(world)
  }

  @Test func whatElseAFileSaysOfSourcesAndOwnersStaysThoughTheApplicationForgetsIt() throws {
    let world = try World()
    try world.repository.commit {
      try $0.write(
        "skills/alpha.md",
        """
        ---
        id: s1
        title: Alpha
        team: core # ours
        owners:
          - userId: user-ada
            chat: '@ada'
            name: Ada Lovelace
            email: ada@example.com
        sources:
          - url: https://a.example
            note: the old one # really
            lastFetched: 2025-12-19T10:00:00.000Z
          - url: https://b.example
            lastFetchedAt: '2025-12-19T10:00:00.000Z'
        ---
        A body.

        """)
    }
    try world.import()
    // The application writes its lists anew, with the keys that it knows.
    try world.save(
      "s1", "sourceUrls",
      .text(
        """
        [{"url": "https://a.example", "lastFetchedAt": "2025-12-20T10:00:00.000Z"},
         {"url": "https://b.example", "lastFetchedAt": "2025-12-19T10:00:00.000Z"},
         {"url": "https://c.example", "addedAt": "2025-12-20T10:00:00.000Z"}]
        """))
    try world.save(
      "s1", "owners",
      .text(
        #"[{"name": "Ada King", "email": "ada@example.com", "userId": "user-ada", "image": "https://i.example"}]"#
      ))
    try world.export()
    #expect(
      try world.repository.file("skills/alpha.md")
        == """
        ---
        id: s1
        title: Alpha
        team: core # ours
        owners:
          - userId: user-ada
            chat: '@ada'
            name: Ada King
            email: ada@example.com
        sources:
          - url: https://a.example
            note: the old one # really
            lastFetched: '2025-12-20T10:00:00.000Z'
          - url: https://b.example
            lastFetchedAt: '2025-12-19T10:00:00.000Z'
          - url: 'https://c.example'
            addedAt: '2025-12-20T10:00:00.000Z'
        ---
        A body.

        """)
    try expectQuiet(world)
    // An engineer may still take it out.
    try world.repository.commit { try $0.edit("skills/alpha.md", "    note: the old one # really\n", "") }
    try world.import()
    try world.save("s1", "content", "Edited.")
    try world.export()
    #expect(try world.repository.file("skills/alpha.md")?.contains("note") == false)
    try expectQuiet(world)
  }

  @Test func aFileInTheLaterFormIsReadAndEditedInItsOwnForm() throws {
    let world = try World()
    let text = """
      ---
      name: Alpha
      description: what it is for
      id: s1
      tags: [a, b]
      summary: >-
        in short
      ---
      A body.

      """
    try world.repository.commit { try $0.write("skills/alpha.md", text) }
    try world.import()
    #expect(try world.row("s1")?.title == "Alpha")
    try expectQuiet(world)
    try world.save("s1", "title", "Beta")
    try world.export()
    #expect(
      try world.repository.file("skills/beta.md")
        == text.replacingOccurrences(of: "name: Alpha", with: "name: Beta"))
    try expectQuiet(world)
  }

  @Test func aSummaryHasItsColumnWhereTheTableHasOne() throws {
    let world = try World()
    try world.sql(#"ALTER TABLE "Skill" ADD COLUMN summary TEXT NOT NULL DEFAULT ''"#)
    let migrated = try world.run(
      .skillsToGit, "migrate", environment: ["DATABASE_URL": world.database.url(as: "postgres")])
    #expect(migrated.status == 0, "\(migrated.errors)")
    func summary(_ id: String) throws -> String {
      try world.sql(#"SELECT summary FROM "Skill" WHERE id = $1"#, [.text(id)])[0].text("summary")
    }
    let text = "---\nname: Alpha\ndescription: for people\nid: s1\nsummary: in short # this\n---\nA body.\n"
    try world.repository.commit { try $0.write("skills/alpha.md", text) }
    try world.create("s2", title: "Beta")
    try world.create("s3", title: "Gamma")
    try world.save("s3", "summary", .text("Three."))
    try world.import()
    #expect(try summary("s1") == "in short")
    try world.export()
    #expect(try world.value("summary", in: "skills/beta.md") == nil)
    #expect(
      try world.repository.file("skills/gamma.md")?.contains("\nactive: true\nsummary: Three.\n---\n") == true
    )
    try expectQuiet(world)
    try world.save("s1", "summary", .text("shorter"))
    #expect(try world.export(.updated("s1")).updated == ["s1"])
    #expect(
      try world.repository.file("skills/alpha.md")
        == text.replacingOccurrences(of: "in short", with: "shorter"))
    try world.repository.commit { try $0.edit("skills/gamma.md", "summary: Three.", "summary: Drei.") }
    try world.import()
    #expect(try summary("s3") == "Drei.")
    try expectQuiet(world)
  }

  @Test(arguments: ["UTC", "Asia/Kolkata"])
  func timesAreInUTCAtTheMillisecondWhateverTheSessionsZone(zone: String) throws {
    let world = try World()
    try world.sql("ALTER ROLE test_sync IN DATABASE \(world.database.name) SET timezone = '\(zone)'")
    try world.create("s1", title: "Alpha")
    // PostgreSQL rounds to the column's precision; what is written is what the row then has.
    try world.application(
      #"UPDATE "Skill" SET "createdAt" = '2025-12-31 23:59:59.9996', "updatedAt" = '2025-07-01 00:00:00.0074'"#
    )
    try world.export()
    #expect(try world.value("created", in: "skills/alpha.md") == "'2026-01-01T00:00:00.000Z'")
    #expect(try world.value("updated", in: "skills/alpha.md") == "'2025-07-01T00:00:00.007Z'")
    let other = try World()
    other.environment["GITHUB_REPO"] = world.environment["GITHUB_REPO"]
    try other.sql("ALTER ROLE test_sync IN DATABASE \(other.database.name) SET timezone = '\(zone)'")
    try other.import()
    #expect(
      try other.sql(#"SELECT "createdAt"::text AS c FROM "Skill""#)[0].text("c") == "2026-01-01 00:00:00")
  }

  @Test func aNewFileIsByteForByteWhatTheApplicationWrites() throws {
    let world = try World()
    try world.create(
      "46d93d5e-3a32-44c4-a58e-b4647e19efab", title: "Access: who may do what, where, & why",
      content: "\n## Overview\n\n- one\n", categories: ["Pricing & Plans", "yes", "#1"])
    let sources = """
      [{"addedAt": "2025-12-19T20:35:54.652Z", "url": "https://docs.example.com/documents/the-common-security-evaluation-questions.md"},
       {"lastFetchedAt": "2025-12-19T23:06:40.071Z", "url": "https://docs.example.com/a.md", "addedAt": "2025-12-19T20:35:54.652Z"}]
      """
    try world.application(
      #"UPDATE "Skill" SET "sourceUrls" = $1::jsonb, "createdAt" = '2025-12-19 20:35:54.678', "updatedAt" = '2025-12-20 01:27:57.012'"#,
      [.text(sources)])
    let answer = try world.export()
    #expect(answer.failed == [])
    #expect(
      try world.repository.file("skills/access-who-may-do-what-where-and-why.md")
        == """
        ---
        id: 46d93d5e-3a32-44c4-a58e-b4647e19efab
        title: 'Access: who may do what, where, & why'
        categories:
          - Pricing & Plans
          - 'yes'
          - '#1'
        tier: library
        created: '2025-12-19T20:35:54.678Z'
        updated: '2025-12-20T01:27:57.012Z'
        owners:
          - name: Ada Lovelace
            email: ada@example.com
            userId: user-ada
        sources:
          - url: >-
              https://docs.example.com/documents/the-common-security-evaluation-questions.md
            addedAt: '2025-12-19T20:35:54.652Z'
          - url: 'https://docs.example.com/a.md'
            addedAt: '2025-12-19T20:35:54.652Z'
            lastFetchedAt: '2025-12-19T23:06:40.071Z'
        active: true
        ---
        ## Overview

        - one

        """)
    try expectQuiet(world)
  }
}
