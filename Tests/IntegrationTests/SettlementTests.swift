import Foundation
import Postgres
import TestSupport
import Testing

/// Conflicts that wait for a person: shown, settled, and left alone until then.
@Suite(.onOwnThreads) struct SettlementTests {
  /// A skill whose row and file were changed differently under the policy `manual`, beside one that agrees.
  private func conflicting() throws -> (world: World, id: Int) {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta")
    try world.export()
    world.environment["CONFLICT_POLICY"] = "manual"
    try world.save("s1", "content", "As saved.")
    try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "As pushed.") }
    #expect(try world.import().conflicts.map(\.skillId) == ["s1"])
    return (
      world, try world.sql("SELECT id FROM skill_sync.conflict WHERE resolved_at IS NULL")[0].integer("id")
    )
  }

  private func record(_ world: World, _ id: Int) throws -> Row {
    try world.sql("SELECT * FROM skill_sync.conflict WHERE id = $1", [.integer(id)])[0]
  }

  /// windmill-labs/windmill#2942: edits in production were lost although it had been told to stop at conflicts.
  @Test func bothTextsStayOverTenRunsWhileOtherSkillsGoOn() throws {
    let (world, _) = try conflicting()
    for number in 1...10 {
      try world.save("s2", "content", .text("Save \(number)."))
      try world.sweep()
      #expect(try world.body("skills/beta.md") == "Save \(number).\n")
    }
    #expect(try world.row("s1")?.content == "As saved.")
    #expect(try world.body("skills/alpha.md") == "As pushed.\n")
    #expect(try world.conflicts().count == 1)
  }

  @Test func aConflictIsShownAsWhatEachSideChanged() throws {
    let (world, id) = try conflicting()
    let output = try world.run(.skillsToGit, "conflicts", "show", "\(id)").output
    #expect(output.contains("--- agreed\n+++ row\n"), "\(output)")
    #expect(output.contains("-A body.\n+As saved.\n"))
    #expect(output.contains("--- agreed\n+++ file\n"))
    #expect(output.contains("-A body.\n+As pushed.\n"))
    #expect(output.contains("by Engineer <engineer@example.com>"))
    #expect(output.contains(", owned by Ada Lovelace <ada@example.com>\n"), "\(output)")
    struct Texts: Decodable { var base, row, file: String }
    let texts = try world.run(.skillsToGit, "conflicts", "show", "\(id)", "--json").answer(Texts.self)
    #expect(texts.row.hasSuffix("As saved.\n") && texts.file.hasSuffix("As pushed.\n"))
  }

  @Test(arguments: ["row", "file"])
  func oneSideIsTakenAndBothTextsAreKept(side: String) throws {
    let (world, id) = try conflicting()
    let finished = try world.run(.skillsToGit, "conflicts", "resolve", "\(id)", "--take", side, "--by", "Ada")
    #expect(finished.status == 0, "\(finished)")
    #expect(finished.output.hasPrefix("settled conflict \(id) of skill s1\n"))
    let text = side == "row" ? "As saved." : "As pushed."
    #expect(try world.row("s1")?.content == text)
    #expect(try world.body("skills/alpha.md") == text + "\n")
    let record = try record(world, id)
    #expect(try record.text("resolved_by") == "Ada")
    #expect(try record.text("decision") == "settled by hand")
    #expect(try record.text("row_text").hasSuffix("As saved.\n"))
    #expect(try record.text("file_text").hasSuffix("As pushed.\n"))
    #expect(try world.conflicts().count == 1)
    #expect(try world.row("s1")?.syncStatus == "synced")
    try expectQuiet(world)
  }

  @Test func aThirdTextIsTakenOnBothSides() throws {
    let (world, id) = try conflicting()
    let path = "\(world.folder)/joined.md"
    try World.skillFile(title: "Alpha", body: "Saved and pushed.\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    let finished = try world.run(.skillsToGit, "conflicts", "resolve", "\(id)", "--take", path)
    #expect(finished.status == 0, "\(finished)")
    #expect(try world.row("s1")?.content == "Saved and pushed.")
    #expect(try world.body("skills/alpha.md") == "Saved and pushed.\n")
    try expectQuiet(world)
  }

  /// The export that met the conflict has taken the save's entry out of the outbox.
  @Test func aSettlementThatIsKilledBeforeItsExportReachesGitWithTheNextEvent() throws {
    let (world, id) = try conflicting()
    try world.export(.sync)
    #expect(try world.count("skill_sync.outbox") == 0)
    let finished = try world.run(
      .skillsToGit, "conflicts", "resolve", "\(id)", "--take", "row",
      environment: ["FAILPOINT_KILL": "before SQL read the outbox"])
    #expect(finished.status == 128 + SIGKILL, "\(finished)")
    #expect(try world.body("skills/alpha.md") == "As pushed.\n")
    try world.export(.sync)
    #expect(try world.body("skills/alpha.md") == "As saved.\n")
    try expectQuiet(world)
  }

  @Test func theTextsOfThatMomentAreTheOnesThatAreKept() throws {
    let (world, id) = try conflicting()
    try world.save("s1", "content", "Saved once more.")
    try world.repository.commit { try $0.edit("skills/alpha.md", "As pushed.", "Pushed once more.") }
    #expect(try world.run(.skillsToGit, "conflicts", "resolve", "\(id)", "--take", "file").status == 0)
    #expect(try record(world, id).text("row_text").contains("Saved once more."))
    #expect(try record(world, id).text("file_text").contains("Pushed once more."))
    #expect(try world.row("s1")?.content == "Pushed once more.")
    try expectQuiet(world)
  }

  @Test func twoThatDifferAtFirstContactAreSettledToo() throws {
    let world = try World()
    try world.create("s1", title: "Alpha", content: "As saved.")
    try world.repository.commit {
      try $0.write("skills/alpha.md", World.skillFile(id: "s1", title: "Alpha", body: "As pushed.\n"))
    }
    #expect(try world.import().conflicts.count == 1)
    let id = try world.sql("SELECT id FROM skill_sync.conflict")[0].integer("id")
    #expect(try world.run(.skillsToGit, "conflicts", "show", "\(id)").output.contains("--- row\n+++ file\n"))
    #expect(try world.run(.skillsToGit, "conflicts", "resolve", "\(id)", "--take", "row").status == 0)
    #expect(try world.body("skills/alpha.md") == "As saved.\n")
    try expectQuiet(world)
  }

  @Test func aTitleThatAnotherSkillHasMeanwhileIsNamedAndNothingSettled() throws {
    let (world, id) = try conflicting()
    try world.save("s1", "title", .text("Gamma"))
    try world.save("s2", "title", .text("Alpha"))
    let rows = try world.rows()
    let finished = try world.run(.skillsToGit, "conflicts", "resolve", "\(id)", "--take", "file")
    let error = try finished.json(ErrorAnswer.self)
    #expect(error.errorType == "NotSettled")
    #expect(error.errorMessage.contains("title") && error.errorMessage.contains("s2"), "\(error)")
    #expect(try world.rows().map(\.title) == rows.map(\.title))
    #expect(try world.rows().map(\.content) == rows.map(\.content))
    #expect(try world.openConflicts() == ["s1"])
    #expect(try world.run(.skillsToGit, "conflicts", "resolve", "\(id)", "--take", "row").status == 0)
    try world.sweep()
    #expect(try world.body("skills/gamma.md") == "As saved.\n")
    try expectQuiet(world)
  }

  @Test func whatCannotBeSettledSaysWhyAndChangesNothing() throws {
    let (world, id) = try conflicting()
    func error(_ arguments: String...) throws -> String {
      let finished = try Program(
        ["\(Servers.executables)/skills-to-git", "conflicts", "resolve"] + arguments,
        environment: world.environment
      ).wait()
      #expect(finished.status == 1)
      return try finished.json(ErrorAnswer.self).errorType
    }
    #expect(try error("\(id + 1)", "--take", "row") == "ConflictNotFound")
    let path = "\(world.folder)/other.md"
    try World.skillFile(id: "s2", title: "Alpha").write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try error("\(id)", "--take", path) == "InvalidSkillFile")
    try "---\ntitle: [\n---\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try error("\(id)", "--take", path) == "InvalidSkillFile")
    #expect(try world.run(.skillsToGit, "pause").status == 0)
    #expect(try error("\(id)", "--take", "row") == "Paused")
    #expect(try world.run(.skillsToGit, "resume").status == 0)
    #expect(try world.row("s1")?.content == "As saved.")
    #expect(try world.body("skills/alpha.md") == "As pushed.\n")
    #expect(try world.openConflicts() == ["s1"])
  }
}
