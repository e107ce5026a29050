import ArgumentParser
import SkillsSync

/// The command line of `skills-to-git`: without a subcommand it runs one event.
struct SkillsToGit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skills-to-git",
    abstract: "Brings changed rows of the skill table into a git repository, as markdown files.",
    discussion: """
      Settings come from environment variables: DATABASE_URL, GITHUB_REPO, GITHUB_TOKEN and others; docs/settings.md lists \
      them all. Under AWS Lambda (AWS_LAMBDA_RUNTIME_API) it takes events from there instead of the command line.

      Exit status: 0 done, 1 failed (standard output has {"errorType", "errorMessage"}), 64 wrong usage.
      """,
    subcommands: [
      Migrate.self, Export.self, Status.self, Drift.self, Conflicts.self, Pause.self, Resume.self,
    ])

  @Option(
    help: ArgumentHelp(
      "Run one event, as Lambda would: a JSON file, or - for standard input. Prints the answer's JSON.",
      valueName: "file"))
  var event: String?

  /// For subcommands: an event beside one would silently be left out.
  func refuseEvent() throws {
    if event != nil { throw ValidationError("--event runs an event by itself: leave the subcommand out") }
  }

  func run() async throws {
    guard let event else { throw CleanExit.helpRequest(self) }
    let payload = try readEvent(event)
    try await CommandRun.run { command in
      let session = try command.session("skills-to-git", needs: [.database, .repository], isEvent: true)
      let answer = try await SkillsToGitFunction(session: session).answer(
        payload, deadline: command.deadline, progress: command.progress)
      return String(decoding: answer, as: UTF8.self)
    }
  }
}
