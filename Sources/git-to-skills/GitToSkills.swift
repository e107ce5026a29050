import ArgumentParser
import SkillsSync

/// The command line of `git-to-skills`: without a subcommand it runs one event.
struct GitToSkills: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "git-to-skills",
    abstract: "Brings changed markdown files of a git repository into the skill table.",
    discussion: """
      Settings come from environment variables: DATABASE_URL, GITHUB_REPO, GITHUB_TOKEN, GITHUB_WEBHOOK_SECRET and others; \
      docs/settings.md lists them all. Under AWS Lambda (AWS_LAMBDA_RUNTIME_API) it takes events from there instead of the \
      command line.

      Exit status: 0 done, 1 failed (standard output has {"errorType", "errorMessage"}), 64 wrong usage.
      """,
    subcommands: [Import.self, Check.self])

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
      let session = try command.session("git-to-skills", needs: [.database, .repository], isEvent: true)
      let answer = try await GitToSkillsFunction(session: session).answer(
        payload, deadline: command.deadline, progress: command.progress)
      return String(decoding: answer, as: UTF8.self)
    }
  }
}
