import ArgumentParser
import SkillsCore
import SkillsSync

/// The command `skills-to-git conflicts show`.
struct ShowConflict: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what each side changed since both agreed, as differences; also of one that is settled.")

  @ParentCommand var parent: Conflicts

  @Argument(help: ArgumentHelp("The conflict, as `conflicts` lists it.", valueName: "id"))
  var conflict: Int

  @Flag(help: "Print JSON, with the whole texts.")
  var json = false

  func run() async throws {
    try await CommandRun.run { command in
      let session = try command.session("skills-to-git", needs: [.database, .repository])
      let texts = try await session.conflict(conflict, deadline: command.deadline)
      return json ? try JSON.text(texts) : try await session.shown(texts, deadline: command.deadline)
    }
  }
}
