import ArgumentParser
import SkillsCore
import SkillsSync

/// The commands `skills-to-git conflicts …`; alone, it lists.
struct Conflicts: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the conflicts that wait for a person; show or settle one.",
    subcommands: [ListConflicts.self, ShowConflict.self, ResolveConflict.self],
    defaultSubcommand: ListConflicts.self)

  @ParentCommand var parent: SkillsToGit

  func validate() throws { try parent.refuseEvent() }
}

/// The command `skills-to-git conflicts list`.
struct ListConflicts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the conflicts that wait for a person, or those that were settled.")

  @ParentCommand var parent: Conflicts

  @Flag(help: "List those that were settled, by a policy too, and are still kept.")
  var settled = false

  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    try await CommandRun.run { command in
      let conflicts = try await command.session("skills-to-git", needs: [.database, .repository])
        .conflicts(areSettled: settled, deadline: command.deadline)
      if json { return try JSON.text(conflicts) }
      guard let first = conflicts.first else { return "no conflicts" }
      return conflicts.map(\.text).joined(separator: "\n")
        + "\nsee `skills-to-git conflicts show \(first.id)`"
    }
  }
}
