import ArgumentParser
import SkillsCore
import SkillsSync

/// The command `git-to-skills import`.
struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring the branch's tip into the table; skills that were set aside are tried again.")

  @ParentCommand var parent: GitToSkills

  @Flag(help: "Show what would be written as a diff of the rows, and change nothing.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "Let the deletions through that are held; `skills-to-git status` shows them and the digest.",
      valueName: "digest"))
  var confirm: String?

  @Flag(help: "Print the answer's JSON.")
  var json = false

  func validate() throws {
    try parent.refuseEvent()
    if dryRun, json || confirm != nil {
      throw ValidationError("--dry-run goes with neither --json nor --confirm")
    }
  }

  func run() async throws {
    try await CommandRun.run { command in
      let session = try command.session("git-to-skills", needs: [.database, .repository])
      if dryRun {
        return try await session.previewImport(deadline: command.deadline, progress: command.progress)
          .text(nothing: "nothing to write")
      }
      let report = try await session.import(
        after: nil, isSweep: true, confirmation: confirm, deadline: command.deadline,
        progress: command.progress)
      return json ? try JSON.text(report) : report.summary
    }
  }
}
