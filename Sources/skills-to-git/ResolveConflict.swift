import ArgumentParser
import SkillsCore
import SkillsSync

/// The command `skills-to-git conflicts resolve`.
struct ResolveConflict: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "Settle a conflict, and bring what was taken to both sides.",
    discussion: "Both texts are kept in skill_sync.conflict as they are at that moment.")

  @ParentCommand var parent: Conflicts

  @Argument(help: ArgumentHelp("The conflict, as `conflicts` lists it.", valueName: "id"))
  var conflict: Int

  @Option(
    help: ArgumentHelp(
      "What becomes of the skill: what the row says, what the file in git says, or what a skill file on this machine says "
        + "(- for standard input; a file named `row` or `file` as ./row or ./file).",
      valueName: "row|file|path"))
  var take: String

  @Option(help: "Who settles it, for the record; by default who is logged in.")
  var by: String?

  func run() async throws {
    let choice: ConflictChoice =
      switch take {
      case "row": .row
      case "file": .file
      default: .text(try taken())
      }
    try await CommandRun.run { command in
      let session = try command.session("skills-to-git", needs: [.database, .repository])
      let skill = try await session.settle(
        conflict: conflict, by: choice, person: by ?? command.environment["USER"] ?? "a person",
        deadline: command.deadline, progress: command.progress)
      let report = try await session.export(
        .skills([skill]), isBounded: true, isByHand: true, deadline: command.deadline,
        progress: command.progress)
      return "settled conflict \(conflict) of skill \(skill)\n" + report.summary
    }
  }

  private func taken() throws -> [UInt8] {
    do {
      return try readEvent(take)
    } catch {
      throw ValidationError("--take is row, file or the path of a skill file: \(error)")
    }
  }
}
