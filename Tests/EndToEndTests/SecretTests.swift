import Foundation
import Synchronization
import TestSupport
import Testing

/// No secret is where another process, a log's reader or the next tenant of a disk could find it.
@Suite(.onOwnThreads) struct SecretTests {
  /// Looks at every process's command line, again and again.
  private final class Watcher: Sendable {
    private struct Seen {
      var lines: Set<String> = []
      var isOver = false
    }

    private let seen = Mutex(Seen())
    private let done = DispatchSemaphore(value: 0)

    init(_ isInteresting: @escaping @Sendable (String) -> Bool) {
      Thread.detachNewThread { [self] in
        while !seen.withLock(\.isOver) {
          for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
          where Int(name) != nil {
            guard let bytes = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else { continue }
            let line = String(decoding: bytes, as: UTF8.self)
            if isInteresting(line) { seen.withLock { _ = $0.lines.insert(line) } }
          }
        }
        done.signal()
      }
    }

    /// Ends the watch and returns the interesting lines.
    func end() -> Set<String> {
      seen.withLock { $0.isOver = true }
      done.wait()
      return seen.withLock(\.lines)
    }
  }

  private static let wrongToken = "wrong-token-5f2b"
  private static let password = "database-password-77d1"

  /// A secret as it is and as HTTP's basic authentication has it.
  private static func forms(_ secret: String) -> [String] {
    [
      secret, Data(secret.utf8).base64EncodedString(),
      Data("x-access-token:\(secret)".utf8).base64EncodedString(),
    ]
  }

  @Test(arguments: [Servers.token, wrongToken])
  func noSecretIsInCommandLinesFilesLogsOrErrors(token: String) throws {
    let world = try World()
    world.environment["GITHUB_REPO"] = "\(try Servers.git)/private/\(world.repository.name).git"
    world.environment["GITHUB_TOKEN"] = token
    world.environment["LOG_LEVEL"] = "debug"
    world.environment["DATABASE_URL"] = world.environment["DATABASE_URL"]?.replacing(
      "test_sync@", with: "test_sync:\(Self.password)@")
    let secrets = [token, Self.password, Event.webhookSecret].flatMap(Self.forms)
    let name = world.repository.name
    try world.create("s1", title: "Alpha")
    let watcher = Watcher { line in
      // The server's own start names its password.
      !line.hasPrefix("openssl") && (line.contains(name) || secrets.contains { line.contains($0) })
    }
    var finished = [try world.run(.skillsToGit, .sync), try world.run(.gitToSkills, .import)]
    if token == Servers.token {
      try world.save("s1", "content", "Changed.")
      finished.append(try world.run(.skillsToGit, "export"))
      let commit = try world.repository.commit { try $0.edit("skills/alpha.md", "Changed.", "Edited.") }
      finished.append(try world.run(.gitToSkills, .push(commit)))
      finished.append(try world.run(.skillsToGit, "status"))
    } else {
      finished.append(try world.run(.gitToSkills, .push("0123456789012345678901234567890123456789")))
    }
    let lines = watcher.end()
    #expect(lines.contains { $0.contains("git") && $0.contains(name) }, "git was never seen at work")
    for secret in secrets {
      #expect(!lines.contains { $0.contains(secret) }, "in a command line: \(secret)")
      for run in finished {
        #expect(!run.output.contains(secret) && !run.errors.contains(secret), "\(run)")
      }
    }
    if token == Servers.token {
      for run in finished { #expect(run.status == 0, "\(run)") }
      #expect(try world.row("s1")?.content == "Edited.")
    } else {
      #expect(try finished[0].json(ErrorAnswer.self).errorType == "GitError.authentication")
      #expect(try finished[1].json(ErrorAnswer.self).errorType == "GitError.authentication")
      #expect(try finished[2].json(WebhookAnswer.self).body.contains("GitError.authentication"))
    }
    var files = 0
    for path in try FileManager.default.subpathsOfDirectory(atPath: "\(world.folder)/work") {
      guard let content = FileManager.default.contents(atPath: "\(world.folder)/work/\(path)") else {
        continue
      }
      files += 1
      for secret in secrets {
        #expect(content.range(of: Data(secret.utf8)) == nil, "\(path) holds \(secret)")
      }
    }
    #expect(files > 0 || token == Self.wrongToken, "nothing was looked at")
  }

  @Test func nobodyElseMayReadWhatIsInTheWorkDirectory() throws {
    let world = try World()
    chmod("\(world.folder)/work", 0o755)
    try world.create("s1", title: "Alpha")
    try world.export()
    try world.import()
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(world.folder)/work")
    #expect(names.contains { $0.hasSuffix(".git") })
    for name in names {
      var information = stat()
      #expect(lstat("\(world.folder)/work/\(name)", &information) == 0)
      #expect(information.st_mode & 0o077 == 0, "\(name): \(String(information.st_mode, radix: 8))")
    }
  }

  @Test func aTokenThatIsReplacedWorksAtOnce() throws {
    let world = try World()
    world.environment["GITHUB_REPO"] = "\(try Servers.git)/private/\(world.repository.name).git"
    try world.create("s1", title: "Alpha")
    world.environment["GITHUB_TOKEN"] = Self.wrongToken
    #expect(try world.run(.skillsToGit, .sync).status == 1)
    #expect(try world.count("skill_sync.outbox") == 1)
    #expect(try world.count("skill_sync.intent") == 0)
    world.environment["GITHUB_TOKEN"] = Servers.token
    #expect(try world.export().created == ["s1"])
    // A cache that was made with the right token doesn't open the door for a wrong one.
    try world.save("s1", "content", "Changed.")
    world.environment["GITHUB_TOKEN"] = Self.wrongToken
    #expect(try world.run(.skillsToGit, .sync).json(ErrorAnswer.self).errorType == "GitError.authentication")
    #expect(try world.count("skill_sync.outbox") == 1)
    #expect(try world.count("skill_sync.intent") == 0)
  }

  @Test func aTokenInTheRepositorysURLIsRefusedWithoutRepeatingIt() throws {
    let world = try World()
    world.environment["GITHUB_REPO"] =
      "https://x-access-token:\(Self.wrongToken)@github.com/example/skills.git"
    let finished = try world.run(.skillsToGit, .sync)
    #expect(finished.status == 1)
    #expect(try finished.json(ErrorAnswer.self).errorType == "InvalidSettings")
    #expect(!finished.output.contains(Self.wrongToken) && !finished.errors.contains(Self.wrongToken))
  }
}
