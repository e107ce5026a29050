import Foundation
import TestSupport
import Testing

/// Help, usage errors and exit statuses, word for word.
///
/// The texts are in `Snapshots`. With RECORD_SNAPSHOTS=1 they are written anew, and the tests fail so that somebody looks.
@Suite(.onOwnThreads) struct CommandLineTests {
  static let commands = [
    "skills-to-git", "skills-to-git migrate", "skills-to-git export", "skills-to-git status",
    "skills-to-git drift",
    "skills-to-git conflicts", "skills-to-git conflicts show", "skills-to-git conflicts resolve",
    "skills-to-git pause", "skills-to-git resume", "git-to-skills",
    "git-to-skills import",
    "git-to-skills check",
  ]

  static let misuses = [
    "skills-to-git exprot", "skills-to-git --evnt x", "skills-to-git --event",
    "skills-to-git --event no-such-event.json",
    "skills-to-git export --jsno", "skills-to-git migrate --uninstall --without-trigger",
    "skills-to-git migrate --print-grants", "git-to-skills improt", "git-to-skills check",
    "git-to-skills check --json --format github .", "skills-to-git status --json --html",
    "git-to-skills --event x check .",
  ]

  private func run(_ command: String, environment: [String: String] = [:]) throws -> Finished {
    let words = command.split(separator: " ").map { String($0) }
    return try Program(
      ["\(Servers.executables)/\(words[0])"] + words.dropFirst(),
      environment: environment.merging(["COLUMNS": "80"]) { $1 }
    ).wait()
  }

  private func expectSnapshot(
    _ name: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let path = Servers.projectFolder("Tests/EndToEndTests/Snapshots/\(name).txt")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name): look at it", sourceLocation: sourceLocation)
    }
    let expected = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text == expected, sourceLocation: sourceLocation)
  }

  @Test(arguments: commands) func theHelpIs(command: String) throws {
    let finished = try run("\(command) --help")
    #expect(finished.status == 0)
    #expect(finished.errors == "")
    try expectSnapshot("help \(command)", finished.output)
  }

  @Test func wrongUsageIsStatus64AndSaysWhatIsWrong() throws {
    var texts = ""
    for command in Self.misuses {
      let finished = try run(command)
      #expect(finished.status == 64, "\(command)")
      #expect(finished.output == "", "\(command)")
      texts += "$ \(command)\n\(finished.errors)\n"
    }
    try expectSnapshot("usage", texts)
  }

  @Test func missingSettingsAreOneMessageThatNamesThemAll() throws {
    for command in ["skills-to-git export", "git-to-skills import"] {
      let finished = try run(command)
      #expect(finished.status == 1)
      let error = try finished.json(ErrorAnswer.self)
      #expect(error.errorType == "InvalidSettings")
      #expect(
        error.errorMessage == """
          the settings are wrong:
            - DATABASE_URL is missing: set it to postgresql://user:password@host/database
            - GITHUB_REPO is missing: set it to owner/name or to a git URL
          """)
      #expect(finished.output.filter { $0 == "\n" }.count == 1, "the error is alone on standard output")
    }
  }

  @Test func wrongSettingsAreOneMessageThatNamesThemAll() throws {
    let secret = "hunter2-hunter2"
    let wrong = [
      "DATABASE_URL": "mysql://user:\(secret)@host/db", "GITHUB_REPO": "ext::sh -c id",
      "GITHUB_BRANCH": "a..b",
      "GITHUB_WEBHOOK_SECRET": "", "SKILLS_DIRECTORY": "../etc", "CONFLICT_POLICY": "coin-toss",
      "GIT_DELETE_POLICY": "shred", "SYNC_BATCH_SIZE": "0", "PUSH_INTERVAL": "soon",
      "SYNC_DIRECTION": "sideways",
      "COMMITTER_NAME": "a <b>", "AUTHOR_EMAILS": "all", "COMMIT_STATUS": "no", "WORK_DIRECTORY": "tmp",
      "LOG_LEVEL": "loud",
      "GITHUB_TOKEN": "", "RETENTION_DAYS": "1.5",
    ]
    let finished = try run("skills-to-git export", environment: wrong)
    #expect(finished.status == 1)
    let error = try finished.json(ErrorAnswer.self)
    #expect(error.errorType == "InvalidSettings")
    for name in wrong.keys { #expect(error.errorMessage.contains(name), "\(name)") }
    #expect(!error.errorMessage.contains(secret))
    try expectSnapshot("wrong settings", error.errorMessage + "\n")
  }

  @Test(arguments: [
    "ssh://git@github.com/a/b.git", "git@github.com:a/b.git", "ext::sh -c id", "http://example.com/a/b.git",
    "ftp://x/y",
  ])
  func repositoriesOfOtherKindsAreRefused(repository: String) throws {
    let finished = try run(
      "skills-to-git export",
      environment: ["DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x", "GITHUB_REPO": repository])
    #expect(finished.status == 1)
    let error = try finished.json(ErrorAnswer.self)
    #expect(error.errorType == "InvalidSettings")
    #expect(error.errorMessage.contains("GITHUB_REPO"))
  }

  @Test func migrateNeedsTheDatabaseAlone() throws {
    let world = try World(isMigrated: false)
    let url = try #require(world.environment["DATABASE_URL"])
    #expect(try run("skills-to-git migrate", environment: ["DATABASE_URL": url]).status == 0)
  }

  @Test func anEventComesFromAFileToo() throws {
    let world = try World()
    try world.create("s1", title: "Alpha")
    let path = Servers.projectFolder("Events/skills-to-git/sync.json")
    let answer: ExportAnswer = try world.run(.skillsToGit, "--event", path).answer()
    #expect(answer.created == ["s1"])
    // People who write their address as Prisma does need change nothing.
    let url = try #require(world.environment["DATABASE_URL"])
    world.environment["DATABASE_URL"] = "\(url)?schema=public&connection_limit=5&pgbouncer=true"
    #expect(try world.export().didNothing)
  }

  @Test func summariesAreForPeople() throws {
    let world = try World()
    try world.create("s1", title: "Alpha")
    let exported = try world.run(.skillsToGit, "export")
    let tip = try #require(try world.repository.tip)
    #expect(exported.output == "pushed \(tip): 1 created\n")
    #expect(try world.run(.skillsToGit, "export").output == "nothing to push\n")
    #expect(try world.run(.gitToSkills, "import").output == "nothing to write\nrecorded tip: \(tip)\n")
    #expect(try world.run(.skillsToGit, "conflicts").output == "no conflicts\n")
    let status = try world.run(.skillsToGit, "status").output
    let seen = #"to_char(tip_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"#
    #expect(
      status == """
        recorded tip      \(tip)
        branch seen       \(try world.sql("SELECT \(seen) AS seen FROM skill_sync.repository")[0].text("seen"))
        skills            1
        waiting changes   0
        open conflicts    0
        set aside         0

        """)
  }
}
