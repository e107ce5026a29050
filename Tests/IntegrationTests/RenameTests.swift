import Foundation
import TestSupport
import Testing

/// Titles and paths that change, trade places or collide.
@Suite(.onOwnThreads) struct RenameTests {
  @Test func aTitleChangeRenamesTheFileAtItsSlug() throws {
    let world = try World.agreeing()
    try world.save("s1", "title", "Alpha & Omega")
    let answer = try world.export()
    #expect(answer.renamed == ["s1"])
    #expect(try world.repository.paths == ["skills/alpha-and-omega.md"])
    #expect(try world.value("title", in: "skills/alpha-and-omega.md") == "Alpha & Omega")
    #expect(try world.repository.log()[0] == "rename: Alpha & Omega")
    try expectQuiet(world)
  }

  @Test func aTitleChangeLeavesAFileThatAPersonNamedOtherwise() throws {
    let world = try World()
    try world.repository.commit {
      try $0.write("skills/team/my-name.md", World.skillFile(id: "s1", title: "Alpha"))
    }
    try world.import()
    try world.save("s1", "title", "Beta")
    let answer = try world.export()
    #expect(answer.updated == ["s1"])
    #expect(try world.repository.paths == ["skills/team/my-name.md"])
    #expect(try world.value("title", in: "skills/team/my-name.md") == "Beta")
    try expectQuiet(world)
  }

  @Test(arguments: [true, false])
  func aFileMovedAndEditedInOneCommitStaysItsSkill(hasID: Bool) throws {
    let world = try World()
    try world.repository.commit {
      try $0.write("skills/alpha.md", World.skillFile(id: hasID ? "s1" : nil, title: "Alpha"))
      try $0.write("skills/beta.md", World.skillFile(title: "Beta"))
    }
    try world.import()
    let id = try #require(try world.row(titled: "Alpha")).id
    let commit = try world.repository.commit {
      try $0.move("skills/alpha.md", to: "skills/team/first.md")
      try $0.edit("skills/team/first.md", "A body.", "A moved body.")
    }
    try world.webhook(commit)
    let row = try #require(try world.row(id))
    #expect(row.content == "A moved body.")
    #expect(row.isActive)
    #expect(try world.rows().count == 2)
    try world.save(id, "content", "Back from the application.")
    try world.export()
    #expect(try world.repository.paths == ["skills/beta.md", "skills/team/first.md"])
    #expect(try world.body("skills/team/first.md") == "Back from the application.\n")
    try expectQuiet(world)
  }

  @Test func aFolderMovedWithEditsKeepsAllItsSkills() throws {
    let world = try World()
    try world.repository.commit {
      for number in 1...12 {
        try $0.write(
          "skills/old/skill-\(number).md",
          World.skillFile(id: number.isMultiple(of: 2) ? "s\(number)" : nil, title: "Skill \(number)"))
      }
      try $0.write("skills/other.md", World.skillFile(id: "other", title: "Other"))
    }
    try world.import()
    let ids = try world.rows().map(\.id)
    try world.repository.commit {
      try $0.move("skills/old", to: "skills/new")
      try $0.edit("skills/new/skill-3.md", "A body.", "Edited 3.")
      try $0.edit("skills/new/skill-4.md", "A body.", "Edited 4.")
    }
    let answer = try world.import()
    #expect(answer.archived == [] && answer.deleted == [] && answer.created == [])
    #expect(answer.counts["renamed"] == 10 && answer.counts["updated"] == 2)
    #expect(try world.rows().map(\.id) == ids)
    #expect(try world.rows().allSatisfy(\.isActive))
    #expect(try world.row(titled: "Skill 3")?.content == "Edited 3.")
    #expect(try world.row("s4")?.content == "Edited 4.")
    try expectQuiet(world)
  }

  /// How two titles trade places in the application.
  enum Swap: CaseIterable { case inOneStatement, inOneTransaction, withASyncBetween }

  @Test(arguments: Swap.allCases)
  func titlesSwappedInTheApplicationSwapTheFiles(swap: Swap) throws {
    // A unique index that isn't deferrable takes no swap in one statement.
    let world = try World(swap == .inOneStatement ? .first : .later)
    try world.create("s1", title: "Alpha", content: "Text of s1.")
    try world.create("s2", title: "Beta", content: "Text of s2.")
    try world.export()
    switch swap {
    case .inOneStatement:
      try world.application(
        #"UPDATE "Skill" SET title = CASE title WHEN 'Alpha' THEN 'Beta' ELSE 'Alpha' END"#)
    case .inOneTransaction:
      try world.application("BEGIN")
      try world.save("s1", "title", "Parked")
      try world.save("s2", "title", "Alpha")
      try world.save("s1", "title", "Beta")
      try world.application("COMMIT")
    case .withASyncBetween:
      try world.save("s1", "title", "Parked")
      try world.save("s2", "title", "Alpha")
      try world.export()
      try world.save("s1", "title", "Beta")
    }
    try world.export()
    #expect(try world.repository.paths == ["skills/alpha.md", "skills/beta.md"])
    #expect(try world.value("id", in: "skills/alpha.md") == "s2")
    #expect(try world.body("skills/alpha.md") == "Text of s2.\n")
    #expect(try world.value("id", in: "skills/beta.md") == "s1")
    #expect(try world.body("skills/beta.md") == "Text of s1.\n")
    #expect(try world.row("s1")?.title == "Beta")
    try expectQuiet(world)
  }

  @Test func filesSwappedInGitKeepTheirSkills() throws {
    let world = try World()
    try world.create("s1", title: "Alpha", content: "Text of s1.")
    try world.create("s2", title: "Beta", content: "Text of s2.")
    try world.export()
    let commit = try world.repository.commit {
      try $0.move("skills/alpha.md", to: "skills/parked.md")
      try $0.move("skills/beta.md", to: "skills/alpha.md")
      try $0.move("skills/parked.md", to: "skills/beta.md")
    }
    try world.webhook(commit)
    for (id, title) in [("s1", "Alpha"), ("s2", "Beta")] {
      let row = try #require(try world.row(id))
      #expect(row.title == title && row.content == "Text of \(id)." && row.isActive)
    }
    try expectQuiet(world)
    #expect(try world.repository.tip == commit)
    try world.save("s1", "content", "Edited.")
    try world.export()
    #expect(try world.body("skills/beta.md") == "Edited.\n")
    #expect(try world.body("skills/alpha.md") == "Text of s2.\n")
    try expectQuiet(world)
  }

  @Test func titlesSwappedInGitSwapTheRowsTitles() throws {
    let world = try World()
    for (id, title) in [("s1", "Alpha"), ("s2", "Beta"), ("s3", "Gamma")] {
      try world.create(id, title: title)
    }
    try world.export()
    try world.repository.commit {
      try $0.edit("skills/alpha.md", "title: Alpha", "title: Beta")
      try $0.edit("skills/beta.md", "title: Beta", "title: Gamma")
      try $0.edit("skills/gamma.md", "title: Gamma", "title: Alpha")
    }
    let answer = try world.import()
    #expect(answer.failed == [])
    #expect(try world.rows().map(\.title) == ["Beta", "Gamma", "Alpha"])
    try expectQuiet(world)
  }

  @Test func aCopiedFileIsSetAsideUntilItsIdIsGone() throws {
    let world = try World.agreeing()
    try world.repository.commit {
      try $0.write(
        "skills/copy.md", $0.read("skills/alpha.md").replacingOccurrences(of: "Alpha", with: "Copy"))
      try $0.write("skills/new.md", World.skillFile(title: "New"))
    }
    let answer = try world.import()
    #expect(answer.failed.map(\.path) == ["skills/copy.md"])
    #expect(answer.failed.first?.error.contains("delete the id line") == true)
    #expect(answer.created.map(\.path) == ["skills/new.md"])
    #expect(try world.row("s1")?.title == "Alpha")
    #expect(try world.rows().count == 2)
    // Deleted in the application, the skill doesn't come back by its copy.
    try world.application(#"DELETE FROM "Skill" WHERE id = 's1'"#)
    try world.export()
    try world.sweep()
    #expect(try world.row("s1") == nil)
    #expect(try world.repository.paths == ["skills/copy.md", "skills/new.md"])
    try world.repository.commit { try $0.edit("skills/copy.md", "id: s1\n", "") }
    #expect(try world.import().created.map(\.path) == ["skills/copy.md"])
    #expect(try world.row(titled: "Copy") != nil)
    try expectQuiet(world)
  }

  @Test func aTakenTitleSetsAsideTheSkillThatComesWithIt() throws {
    let world = try World.agreeing()
    try world.repository.commit {
      try $0.write("skills/another.md", World.skillFile(id: "s2", title: "Alpha", body: "Another.\n"))
      try $0.write("skills/gamma.md", World.skillFile(id: "s3", title: "Gamma"))
    }
    let answer = try world.import()
    #expect(answer.failed.map(\.path) == ["skills/another.md"])
    #expect(answer.failed.first?.error.contains("title") == true)
    #expect(answer.created.map(\.skillId) == ["s3"])
    #expect(try world.row("s1")?.content == "A body.\n")
    try world.repository.commit { try $0.edit("skills/another.md", "title: Alpha", "title: Another") }
    #expect(try world.import().created.map(\.skillId) == ["s2"])
    #expect(try world.import().failed == [])
    try expectQuiet(world)
  }

  @Test func titlesWithOneSlugGetFilesOfTheirOwn() throws {
    let world = try World(.first)
    try world.create("s1", title: "Same Title", content: "One.")
    try world.create("s2", title: "Same Title", content: "Two.")
    try world.create("s3", title: "same – title!", content: "Three.")
    try world.create("s4", title: "漢字", content: "Four.")
    try world.create("s5", title: "README", content: "Five.")
    let answer = try world.export()
    #expect(answer.counts["created"] == 5)
    let paths = try world.repository.paths
    #expect(paths.count == 5)
    #expect(paths.contains("skills/same-title.md"))
    #expect(!paths.contains { $0.lowercased().hasSuffix("/readme.md") })
    let bodies = try Set(paths.compactMap { try world.body($0) })
    #expect(bodies == ["One.\n", "Two.\n", "Three.\n", "Four.\n", "Five.\n"])
    try expectQuiet(world)
  }

  @Test func aTitleIsDataWhereverItStands() throws {
    let world = try World()
    let titles = [
      "--upload-pack=touch /tmp/x", "../../etc/passwd", "a\nSkill-Id: forged", "$(reboot) `reboot` '\" \\",
      ": # & * ! | > % @ [ { null", "Quote \"x\" <a@b.c>", ".git/config", "CON", "e\u{301}\u{202E}",
    ]
    for (number, title) in titles.enumerated() { try world.create("s\(number)", title: title) }
    let answer = try world.export()
    #expect(answer.failed == [])
    #expect(answer.counts["created"] == titles.count)
    let paths = try world.repository.paths
    #expect(paths.count == titles.count)
    #expect(paths.allSatisfy { $0.hasPrefix("skills/") && !$0.contains("..") })
    #expect(try world.repository.log("%(trailers:key=Skill-Id,valueonly)")[0].contains("forged") == false)
    try world.repository.onServer("fsck", "--strict")
    let tip = try world.repository.tip
    // Rows that another database reads from these files have the same titles.
    let other = try World()
    other.environment["GITHUB_REPO"] = world.environment["GITHUB_REPO"]
    #expect(try other.import().counts["created"] == titles.count)
    #expect(try other.rows().map(\.title) == titles)
    #expect(try world.repository.tip == tip)
    try expectQuiet(world)
  }
}
