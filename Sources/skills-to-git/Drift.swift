import ArgumentParser
import SkillsCore
import SkillsSync

/// The command `skills-to-git drift`.
struct Drift: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare every row with its file, and show what isn't in sync and why.",
    discussion: "Exit status 1 while anything isn't in sync.")

  @ParentCommand var parent: SkillsToGit

  @Flag(help: "Sync everything first, also what no event or trigger told of; then show what is left.")
  var repair = false

  @Flag(help: "Print JSON: counts, and every skill with its state.")
  var json = false

  func validate() throws { try parent.refuseEvent() }

  func run() async throws {
    var isInSync = false
    try await CommandRun.run { command in
      let session = try command.session("skills-to-git", needs: [.database, .repository])
      var lines: [String] = []
      if repair {
        lines.append(try await session.repair(deadline: command.deadline, progress: command.progress))
      }
      let report = try await session.drift(deadline: command.deadline, progress: command.progress)
      isInSync = report.isInSync
      return json ? try JSON.text(report) : (lines + [report.text]).joined(separator: "\n")
    }
    if !isInSync { throw ExitCode(1) }
  }
}
