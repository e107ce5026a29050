import ArgumentParser
import SkillsCore
import SkillsSync

/// The command `skills-to-git status`.
struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what is recorded: the tip, what waits, what is in conflict, what failed.")

  @ParentCommand var parent: SkillsToGit

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws { try parent.refuseEvent() }

  func run() async throws {
    try await CommandRun.run { command in
      let status = try await command.session("skills-to-git", needs: [.database, .repository])
        .status(deadline: command.deadline)
      return json ? try JSON.text(status) : status.text
    }
  }
}
