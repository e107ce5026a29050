import ArgumentParser
import SkillsCore
import SkillsSync

/// The command `skills-to-git conflicts`.
struct Conflicts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the conflicts that wait for a person.")

  @ParentCommand var parent: SkillsToGit

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws { try parent.refuseEvent() }

  func run() async throws {
    try await CommandRun.run { command in
      let conflicts = try await command.session("skills-to-git", needs: [.database, .repository])
        .conflicts(deadline: command.deadline)
      if json { return try JSON.text(conflicts) }
      return conflicts.isEmpty ? "no conflicts" : conflicts.map(\.text).joined(separator: "\n")
    }
  }
}
