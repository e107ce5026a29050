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

  @Flag(
    help:
      "Print a page for a browser, in one file: also what each side of a conflict changed, and the last syncs."
  )
  var html = false

  func validate() throws {
    try parent.refuseEvent()
    if json, html { throw ValidationError("--json and --html exclude each other") }
  }

  func run() async throws {
    try await CommandRun.run { command in
      let session = try command.session("skills-to-git", needs: [.database, .repository])
      if html { return try await session.statusPage(deadline: command.deadline).html }
      let status = try await session.status(deadline: command.deadline)
      return json ? try JSON.text(status) : status.text
    }
  }
}
