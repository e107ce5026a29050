import ArgumentParser
import SkillsSync

/// The command `skills-to-git resume`.
struct Resume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let both functions go on after `pause`; the next event or schedule does what waits.")

  @ParentCommand var parent: SkillsToGit

  func validate() throws { try parent.refuseEvent() }

  func run() async throws {
    try await CommandRun.run { command in
      try await command.session("skills-to-git", needs: [.database, .repository])
        .pause(false, deadline: command.deadline)
      return "resumed: the next event or schedule does what waits"
    }
  }
}
