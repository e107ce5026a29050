import TestSupport
import Testing

/// Both sides changed.
@Suite(.onOwnThreads) struct ConflictTests {
  private static let body = "First paragraph.\n\nSecond paragraph.\n\nThird paragraph.\n"

  /// A world whose skill `s1` was changed in the table and then in the repository.
  private func changedOnBothSides(
    row: String, file: (old: String, new: String), fileIsNewer: Bool = false, settings: [String: String] = [:]
  ) throws -> World {
    let world = try World.agreeing(content: Self.body)
    world.environment.merge(settings) { _, new in new }
    let edit: () throws -> Void = {
      // A commit from the future counts as committed when it is first seen.
      try world.repository.commit(at: fileIsNewer ? 4_000_000_000 : nil) {
        try $0.edit("skills/alpha.md", file.old, file.new)
      }
    }
    if !fileIsNewer { try edit() }
    try world.save("s1", "content", .text(row))
    if fileIsNewer { try edit() }
    return world
  }

  @Test(arguments: [Executable.gitToSkills, .skillsToGit])
  func changesToDifferentParagraphsAndFieldsMerge(first: Executable) throws {
    let world = try World.agreeing(content: Self.body)
    try world.save(
      "s1", "content", "First paragraph, by the user.\n\nSecond paragraph.\n\nThird paragraph.\n")
    try world.save("s1", "categories", ["from-the-app"])
    try world.repository.commit {
      try $0.edit("skills/alpha.md", "Third paragraph.", "Third paragraph, by the engineer.")
      try $0.edit("skills/alpha.md", "title: Alpha", "title: Alpha Two")
    }
    if first == .gitToSkills { try world.import() }
    try world.export()
    try world.import()
    let merged = "First paragraph, by the user.\n\nSecond paragraph.\n\nThird paragraph, by the engineer.\n"
    let row = try #require(try world.row("s1"))
    #expect(row.content.trimmed == merged.trimmed)
    #expect(row.title == "Alpha Two")
    #expect(row.categories == ["from-the-app"])
    let paths = try world.repository.paths
    #expect(paths.count == 1)
    #expect(try world.body(paths[0]) == merged)
    #expect(try world.value("title", in: paths[0]) == "Alpha Two")
    #expect(try world.repository.file(paths[0])?.contains("  - from-the-app\n") == true)
    #expect(try world.conflicts().isEmpty)
    try expectQuiet(world)
  }

  /// The row is at its base then, and the file isn't.
  @Test func whoTakesTheirSaveBackGetsTheFilesTextAtOnce() throws {
    let world = try changedOnBothSides(
      row: "First, by the user.\n\nSecond paragraph.\n\nThird paragraph.\n",
      file: ("First paragraph.", "First, by the engineer."), settings: ["CONFLICT_POLICY": "manual"])
    try world.import()
    #expect(try world.row("s1")?.syncStatus == "failed")
    try world.save("s1", "content", .text(Self.body))
    try world.export(.updated("s1"))
    #expect(try world.row("s1")?.content.hasPrefix("First, by the engineer.") == true)
    #expect(try world.row("s1")?.syncStatus == "synced")
    #expect(try world.count("skill_sync.conflict WHERE resolved_at IS NULL") == 0)
    try expectQuiet(world)
  }

  @Test(arguments: [Executable.gitToSkills, .skillsToGit])
  func whereBothChangedTheSameLineTheNewerFileWinsAndTheRowIsKept(first: Executable) throws {
    let world = try changedOnBothSides(
      row: "First, by the user.\n\nSecond paragraph.\n\nThird paragraph.\n",
      file: ("First paragraph.", "First, by the engineer."), fileIsNewer: true)
    if first == .gitToSkills { try world.import() } else { try world.export() }
    try world.sweep()
    #expect(try world.row("s1")?.content.hasPrefix("First, by the engineer.") == true)
    #expect(try world.body("skills/alpha.md")?.hasPrefix("First, by the engineer.") == true)
    let conflicts = try world.conflicts()
    #expect(conflicts.count == 1)
    #expect(conflicts.first?.row?.contains("First, by the user.") == true)
    #expect(conflicts.first?.file?.contains("First, by the engineer.") == true)
    #expect(try world.openConflicts() == [])
    try expectQuiet(world)
  }

  @Test(arguments: [Executable.gitToSkills, .skillsToGit])
  func whereBothChangedTheSameLineTheNewerRowWinsAndTheFileIsKept(first: Executable) throws {
    let world = try changedOnBothSides(
      row: "First, by the user.\n\nSecond paragraph.\n\nThird paragraph.\n",
      file: ("First paragraph.", "First, by the engineer."))
    if first == .gitToSkills { try world.import() } else { try world.export() }
    try world.sweep()
    #expect(try world.row("s1")?.content.hasPrefix("First, by the user.") == true)
    #expect(try world.body("skills/alpha.md")?.hasPrefix("First, by the user.") == true)
    let conflicts = try world.conflicts()
    #expect(conflicts.count == 1)
    #expect(conflicts.first?.file?.contains("First, by the engineer.") == true)
    try expectQuiet(world)
  }

  @Test(arguments: ["row", "file"], [Executable.gitToSkills, .skillsToGit])
  func aTitleChangedOnOneSideAndABodyOnTheOtherAreBothKept(renamedSide: String, first: Executable) throws {
    let world = try World.agreeing()
    let isRow = renamedSide == "row"
    try world.save("s1", isRow ? "title" : "content", .text(isRow ? "Omega" : "A new body.\n"))
    try world.repository.commit {
      try $0.edit(
        "skills/alpha.md", isRow ? "A body." : "title: Alpha", isRow ? "A new body." : "title: Omega")
    }
    if first == .gitToSkills { try world.import() }
    try world.export()
    try world.import()
    let row = try #require(try world.row("s1"))
    #expect(row.title == "Omega")
    #expect(row.content.trimmed == "A new body.")
    let paths = try world.repository.paths
    #expect(paths.count == 1)
    #expect(try world.value("title", in: paths[0]) == "Omega")
    #expect(try world.body(paths[0]) == "A new body.\n")
    #expect(try world.conflicts().isEmpty)
    try expectQuiet(world)
  }

  @Test func theSameChangeOnBothSidesIsNoConflict() throws {
    let world = try changedOnBothSides(
      row: "Same.\n\nSecond paragraph.\n\nThird paragraph.\n", file: ("First paragraph.", "Same."))
    let tip = try world.repository.tip
    try world.sweep()
    #expect(try world.repository.tip == tip)
    #expect(try world.conflicts().isEmpty)
    #expect(try world.row("s1")?.syncStatus == "synced")
    try expectQuiet(world)
  }

  @Test func lastWriteWinsTakesTheWholeSkillOfTheNewerSide() throws {
    let world = try changedOnBothSides(
      row: "First paragraph.\n\nSecond paragraph.\n\nThird, by the user.\n",
      file: ("First paragraph.", "First, by the engineer."), fileIsNewer: true,
      settings: ["CONFLICT_POLICY": "last-write-wins"])
    try world.import()
    try world.sweep()
    let content = try #require(try world.row("s1")?.content)
    #expect(content.contains("First, by the engineer."))
    #expect(!content.contains("Third, by the user."))
    #expect(try world.conflicts().first?.row?.contains("Third, by the user.") == true)
    try expectQuiet(world)
  }

  @Test func theManualPolicyLeavesBothSidesAndGoesOnWithOthers() throws {
    let world = try changedOnBothSides(
      row: "By the user.\n", file: ("First paragraph.", "By the engineer."),
      settings: ["CONFLICT_POLICY": "manual"])
    let file = try world.repository.file("skills/alpha.md")
    for number in 1...3 {
      try world.create("other-\(number)", title: "Other \(number)")
      try world.repository.commit {
        try $0.write("skills/new-\(number).md", World.skillFile(id: "new-\(number)", title: "New \(number)"))
      }
      let imported = try world.import(.schedule)
      let exported = try world.export(.schedule)
      #expect(imported.created == [.init("new-\(number)", "skills/new-\(number).md")])
      #expect(exported.created == ["other-\(number)"])
      #expect(exported.conflicts == ["s1"])
      #expect(try world.row("s1")?.content == "By the user.\n")
      #expect(try world.repository.file("skills/alpha.md") == file)
      #expect(try world.openConflicts() == ["s1"])
    }
    #expect(try world.count("skill_sync.conflict") == 1, "one conflict is one record")
    let listed = try world.run(.skillsToGit, "conflicts", "--json")
    #expect(listed.status == 0)
    #expect(
      listed.output.contains(#""skillId":"s1""#) && listed.output.contains(#""path":"skills/alpha.md""#))
    #expect(try world.run(.skillsToGit, "conflicts").output.contains("s1  skills/alpha.md"))
    #expect(try world.row("s1")?.syncStatus == "failed")

    // The engineer gives way: no conflict any more, the row's text is exported.
    try world.repository.commit { try $0.edit("skills/alpha.md", "By the engineer.", "First paragraph.") }
    try world.sweep()
    #expect(try world.openConflicts() == [])
    #expect(try world.body("skills/alpha.md") == "By the user.\n")
    #expect(try world.run(.skillsToGit, "conflicts").output == "no conflicts\n")
    try expectQuiet(world)
  }

  @Test func anEditOfTheRowBeatsTheDeletionOfTheFile() throws {
    let world = try World.agreeing()
    try world.save("s1", "content", "Still needed.")
    try world.repository.commit { try $0.remove("skills/alpha.md") }
    try world.import()
    try world.sweep()
    #expect(try world.row("s1")?.isActive == true)
    #expect(try world.row("s1")?.content == "Still needed.")
    #expect(try world.body("skills/alpha.md") == "Still needed.\n")
    #expect(try world.conflicts().count == 1)
    try expectQuiet(world)
  }

  @Test func anEditOfTheFileBeatsTheDeletionOfTheRow() throws {
    let world = try World.agreeing()
    try world.application(#"DELETE FROM "Skill" WHERE id = 's1'"#)
    try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "Still needed.") }
    try world.export()
    try world.sweep()
    #expect(try world.row("s1")?.content == "Still needed.")
    #expect(try world.body("skills/alpha.md") == "Still needed.\n")
    #expect(try world.conflicts().count == 1)
    try expectQuiet(world)
  }

  @Test func aSaveThatUndoesAFreshImportIsKeptAsAConflict() throws {
    let world = try World.agreeing()
    try world.webhook(
      try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "An engineer's.") })
    // A form that was open all the while is saved with its old text.
    try world.save("s1", "content", "A body.\n")
    try world.export(.updated("s1"))
    #expect(try world.body("skills/alpha.md") == "A body.\n")
    #expect(try world.conflicts().map(\.file).contains { $0?.contains("An engineer's.") == true })
    #expect(try world.count("skill_sync.conflict WHERE row_at IS NOT NULL") == 1)
    try expectQuiet(world)
  }

  @Test func oneOverlapOfTwentyLeavesTheOthersAlone() throws {
    let world = try World()
    world.environment["CONFLICT_POLICY"] = "manual"
    for number in 1...20 { try world.create("s\(number)", title: "Skill \(number)") }
    try world.export()
    for number in 1...20 { try world.save("s\(number)", "categories", ["new"]) }
    try world.repository.commit { try $0.edit("skills/skill-7.md", "A body.", "An engineer's.") }
    try world.save("s7", "content", "A user's.")
    let answer = try world.export()
    #expect(answer.updated.count == 19)
    #expect(answer.conflicts == ["s7"])
    let next = try world.sweep()
    #expect(next.exported.conflicts == ["s7"])
    #expect(next.exported.didNothing && next.imported.didNothing)
  }
}

extension String {
  /// Without white space at its ends.
  var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
