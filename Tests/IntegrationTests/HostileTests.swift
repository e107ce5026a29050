import Foundation
import Postgres
import TestSupport
import Testing

/// Titles, names, addresses, ids and paths are data: none of them reaches further than its place.
@Suite(.onOwnThreads) struct HostileTests {
  private static let titles = [
    "--upload-pack=touch pwned", "-rf", "../../../etc/passwd", "/etc/passwd", ".git", ".GIT/hooks/pre-push",
    "CON",
    "nul", "aux.md", "a\\..\\b", "`touch pwned`", "$(touch pwned)", "; touch pwned #",
    "'; DROP TABLE \"Skill\"; --",
    "x\nCo-authored-by: Eve <eve@example.com>", "x\r\n\r\nSkill-Id: s1", "x\nD \"skills/alpha.md\"",
    "refs/heads/main",
    "\u{202E}gnp.dm", "%s%n%x00", "{{title}}", "---\nid: s1\n---", ":(top)*", "HEAD:skills", "a\tb",
    "\u{2028}y: z",
  ]

  @Test func nothingThatPeopleWriteReachesFurtherThanItsPlace() throws {
    let world = try World.agreeing()
    try world.application(
      #"UPDATE "User" SET name = $1 WHERE id = 'user-ada'"#,
      ["Ada\nCo-authored-by: Eve <eve@example.com>\nauthor Eve <eve@example.com> 1 +0000"])
    let ids = Self.titles.indices.map { $0 == 3 ? "s\n\nSkill-Id: s1" : "h\($0)" }
    let owners =
      #"[{"name":"Bob\n\nSkill-Id: s1","email":"bob@example.com\ncommitter Eve"},{"name":"<Eve>","email":"a b"}]"#
    for (index, title) in Self.titles.enumerated() {
      try world.create(ids[index], title: title, content: "Body \(index).\n")
      if index % 2 == 0 { try world.save(ids[index], "owners", .text(owners)) }
    }
    let answer = try world.export()
    let refused = answer.failed.map(\.skillId)
    #expect(answer.created.count + refused.count == Self.titles.count, "\(answer)")
    #expect(refused.allSatisfy { $0.contains("\n") }, "only an id that no file can say: \(answer.failed)")

    let paths = try world.repository.paths
    #expect(paths.count == answer.created.count + 1 && paths.contains("skills/alpha.md"))
    for path in paths {
      #expect(path.wholeMatch(of: /skills\/[a-z0-9][a-z0-9-]*\.md/) != nil, "\(path)")
      #expect(
        !["con", "nul", "aux", "prn", "com1", "readme"].contains(String(path.dropFirst(7).dropLast(3))),
        "\(path)")
    }
    let message = try #require(try world.repository.log("%B").first)
    let trailers = try world.repository.log("%(trailers:only,unfold)").first?.split(separator: "\n") ?? []
    #expect(trailers.filter { $0.hasPrefix("Skill-Id: ") }.count == answer.created.count)
    #expect(!trailers.contains("Skill-Id: s1"), "\(trailers)")
    #expect(trailers.filter { !$0.hasPrefix("Skill-Id: ") }.allSatisfy { $0.hasPrefix("Co-authored-by: ") })
    #expect(!trailers.contains { $0.hasSuffix("<eve@example.com>") }, "\(message)")
    let people = try world.repository.log("%ae %ce").first
    #expect(people == "ada@example.com git-backed-skills@noreply.invalid", "\(people ?? "")")
    let header = try world.repository.onServer("cat-file", "commit", "main").split(separator: "\n\n")[0]
    #expect(
      header.split(separator: "\n").map { $0.split(separator: " ")[0] } == [
        "tree", "parent", "author", "committer",
      ])
    try world.repository.onServer("fsck", "--strict")

    // They come back as they are, and nothing was run.
    for (index, id) in ids.enumerated() where !refused.contains(id) {
      #expect(try world.row(id)?.title == Self.titles[index])
    }
    #expect(try world.count(#""Skill""#) == Self.titles.count + 1)
    for folder in [world.folder, "\(world.folder)/work", FileManager.default.currentDirectoryPath] {
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/pwned"))
    }
    try expectQuiet(world)
  }

  /// A tree as no git would make it: `git mktree` doesn't look at names.
  private func tree(_ world: World, _ entries: [(mode: String, object: String, name: String)]) throws
    -> String
  {
    let folder = "\(try Servers.repositories)/\(world.repository.name).git"
    let input = entries.sorted { $0.name < $1.name }.map { entry in
      let type = entry.mode == "040000" ? "tree" : entry.mode == "160000" ? "commit" : "blob"
      return "\(entry.mode) \(type) \(entry.object)\t\(entry.name)\0"
    }.joined()
    let finished = try Program(
      ["git", "-C", folder, "-c", "safe.directory=*", "mktree", "--missing", "-z"],
      environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], input: input
    ).wait()
    guard finished.status == 0 else { throw TestSupportError("mktree: \(finished.errors)") }
    return finished.output.trimmed
  }

  private func blob(_ world: World, _ text: String) throws -> String {
    let file = "\(world.folder)/blob"
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return try world.repository.onServer("hash-object", "-w", file).trimmed
  }

  @Test func aPathThatLeadsElsewhereIsSetAsideAndTheOthersAreImported() throws {
    let world = try World.agreeing()
    let alpha = try #require(try world.repository.file("skills/alpha.md"))
    func skill(_ title: String) throws -> String { try blob(world, World.skillFile(title: title)) }
    let evil = try tree(world, [("100644", try skill("Evil"), "evil.md")])
    let commit = String(repeating: "1", count: 40)
    let names = ["a\\b.md", "..\\..\\c.md", "line\nbreak.md", ".git", ".GIT", "git~1", ".git ", "..", "."]
    let hostile: [(String, String, String)] = try names.map { name in
      name.hasSuffix(".md") ? ("100644", try skill("T \(name.count)"), name) : ("040000", evil, name)
    }
    let entries: [(String, String, String)] =
      [
        ("100644", try blob(world, alpha), "alpha.md"), ("100644", try skill("Good"), "good.md"),
        ("100644", try skill("Con"), "con.md"), ("120000", try blob(world, "/etc/passwd"), "link.md"),
        ("120000", try blob(world, "../../secret.md"), "link2.md"), ("160000", commit, "module.md"),
      ] + hostile
    let skills = try tree(world, entries)
    let root = try tree(world, [("040000", skills, "skills"), ("040000", evil, "..")])
    let made = try world.repository.onServer(
      "-c", "user.name=Eve", "-c", "user.email=eve@example.com", "commit-tree", "-p", "main", "-m", "hostile",
      root
    ).trimmed
    try world.repository.onServer("update-ref", "refs/heads/main", made)

    let answer = try world.import()
    #expect(answer.created.map(\.path).sorted() == ["skills/con.md", "skills/good.md"], "\(answer)")
    let expected =
      ["link.md", "link2.md", "module.md", "a\\b.md", "..\\..\\c.md", "line\nbreak.md"].map { "skills/\($0)" }
      + [".git", ".GIT", "git~1", ".git ", "..", "."].map { "skills/\($0)/evil.md" }
    #expect(answer.failed.map(\.path).sorted() == expected.sorted(), "\(answer.failed)")
    #expect(answer.archived == [] && answer.deleted == [])
    #expect(try world.row(titled: "Evil") == nil)
    #expect(try !world.rows().contains { $0.content.contains("root:") })
    #expect(answer.tip == made)

    // The sync goes on beside them, and nothing of them was ever written to the disk.
    try world.save("s1", "content", "Goes on.")
    #expect(try world.export().updated == ["s1"])
    #expect(try world.body("skills/alpha.md") == "Goes on.\n")
    let written = try FileManager.default.subpathsOfDirectory(atPath: "\(world.folder)/work")
    #expect(!written.contains { $0.hasSuffix(".md") })
    #expect(!FileManager.default.fileExists(atPath: "\(world.folder)/evil.md"))
    try expectQuiet(world)
  }
}
