import ArgumentParser
import SkillsSync

/// The command `skills-to-git pause`.
struct Pause: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Stop both functions from changing anything: they answer, and what is saved waits.")

  @ParentCommand var parent: SkillsToGit

  func validate() throws { try parent.refuseEvent() }

  func run() async throws {
    try await CommandRun.run { command in
      try await command.session("skills-to-git", needs: [.database, .repository])
        .pause(true, deadline: command.deadline)
      return "paused: neither function changes anything until `skills-to-git resume`"
    }
  }
}
