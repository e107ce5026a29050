import ArgumentParser
import SkillsCore
import SkillsSync

/// The command `skills-to-git export`.
struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare every row with its file and push what differs, in one commit.",
    discussion:
      "What the branch has that the table lacks is imported first. --dry-run before the first contact of a table "
      + "and a repository that both hold skills.")

  @ParentCommand var parent: SkillsToGit

  @Flag(help: "Show what would be pushed as a diff, and change nothing.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "Let the deletions through that are held; `status` shows them and the digest.", valueName: "digest"))
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
      let session = try command.session("skills-to-git", needs: [.database, .repository])
      if dryRun {
        return try await session.previewExport(deadline: command.deadline, progress: command.progress)
          .text(nothing: "nothing to push")
      }
      let report = try await session.export(
        .everything, isBounded: false, isByHand: true, confirmation: confirm, deadline: command.deadline,
        progress: command.progress)
      return json ? try JSON.text(report) : report.summary
    }
  }
}
