import Foundation
import Postgres
import TestSupport
import Testing

/// Runs that are short of time, and servers that never answer: under Lambda's own emulator, which sets the deadline.
@Suite(.onOwnThreads) struct DeadlineTests {
  /// A world with a change that waits, whose functions get `seconds` for each event.
  private func waiting(_ seconds: Int) throws -> World {
    let world = try World()
    try world.create("s1", title: "Alpha")
    try world.export()
    try world.save("s1", "content", "Late.")
    world.environment["AWS_LAMBDA_FUNCTION_TIMEOUT"] = "\(seconds)"
    return world
  }

  /// An answer, and how long it took.
  private func invoke(_ executable: Executable, _ event: Event, in world: World) throws -> (
    answer: Finished, time: Duration, emulator: Emulator
  ) {
    let emulator = try Emulator(executable, in: world)
    let start = ContinuousClock.now
    let answer = try emulator.invoke(event)
    return (answer, ContinuousClock.now - start, emulator)
  }

  /// Numbers of the processes that work in the world's folder, other than the function itself.
  private func orphans(_ world: World) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
      guard Int(name) != nil, let bytes = FileManager.default.contents(atPath: "/proc/\(name)/environ") else {
        return false
      }
      return String(decoding: bytes, as: UTF8.self).split(separator: "\0").contains(
        "HOME=\(world.folder)/work")
    }
  }

  @Test func aRunWithoutTimeChangesNothingAndSaysWhatWaits() throws {
    let world = try waiting(3)
    let before = try world.database.dump()
    var answer: ExportAnswer?
    let requests = try world.requests {
      answer = try invoke(.skillsToGit, .sync, in: world).answer.answer()
    }
    #expect(answer?.pending == 1 && answer?.didNothing == true)
    #expect(requests == [])
    for (executable, event) in [(Executable.skillsToGit, Event.export), (.gitToSkills, .import)] {
      let error = try invoke(executable, event, in: world).answer.json(ErrorAnswer.self)
      #expect(error.errorType == "Timeout", "\(error)")
    }
    #expect(try world.database.dump() == before)
  }

  @Test func aRunThatIsShortOfTimePushesWhatItHasTakenOn() throws {
    let world = try waiting(12)
    let body = String(repeating: "A line of some length.\n", count: 700)
    for number in 1...60 { try world.create("n\(number)", title: "New \(number)", content: body) }
    // Reading a row's owner takes a fifth of a second, and rows come one at a time.
    try world.sql(
      """
      CREATE FUNCTION slowly() RETURNS boolean LANGUAGE sql VOLATILE AS $$
        SELECT CASE WHEN current_query() LIKE '%AS wanted_id%' THEN pg_sleep(0.2)::text = '' ELSE true END $$
      """)
    try world.sql(#"ALTER TABLE "User" ENABLE ROW LEVEL SECURITY"#)
    try world.sql(#"CREATE POLICY slow ON "User" TO test_sync USING (slowly()) WITH CHECK (true)"#)
    let name = world.database.name
    for way in ["hashjoin", "mergejoin", "seqscan", "material", "bitmapscan", "memoize"] {
      try world.sql("ALTER ROLE test_sync IN DATABASE \(name) SET enable_\(way) = off")
    }
    let (answer, time, _) = try invoke(.skillsToGit, .sync, in: world)
    let report: ExportAnswer = try answer.answer()
    #expect(time < .seconds(12))
    #expect(report.commits.count == 1, "\(report)")
    let done = report.created.count + report.updated.count
    #expect(
      done > 0 && report.pending > 0 && done + report.pending == 61, "\(report.counts) \(report.pending)")
    #expect(try world.repository.paths.count == report.created.count + 1)
    #expect(try world.count("skill_sync.intent") == 0)
    try world.sql(#"ALTER TABLE "User" DISABLE ROW LEVEL SECURITY"#)
    #expect(try world.export().counts["created"] == 60 - report.created.count)
    #expect(try world.count("skill_sync.outbox") == 0)
  }

  @Test(arguments: [Executable.skillsToGit, .gitToSkills])
  func aGitServerThatNeverAnswersEndsByOurOwnTimeAndLeavesNoProcess(executable: Executable) throws {
    let world = try waiting(8)
    let hole = try BlackHole()
    let key = world.environment["GITHUB_REPO"]
    world.environment["GITHUB_REPO"] = "http://127.0.0.1:\(hole.port)/open/\(world.repository.name).git"
    let (answer, time, emulator) = try invoke(
      executable, executable == .skillsToGit ? .sync : .import, in: world)
    let error = try answer.json(ErrorAnswer.self)
    #expect(error.errorType == "GitError.timeout", "\(answer)")
    #expect((.seconds(4)..<(.seconds(8))).contains(time), "\(time)")
    #expect(emulator.functionPID != nil, "it goes on")
    #expect(try orphans(world) == [])
    #expect(try world.count("skill_sync.outbox") == 1)
    world.environment["GITHUB_REPO"] = key
    #expect(try world.export().updated == ["s1"])
  }

  @Test(arguments: [Executable.skillsToGit, .gitToSkills])
  func aDatabaseThatNeverAnswersEndsByOurOwnTime(executable: Executable) throws {
    let world = try waiting(6)
    let hole = try BlackHole()
    world.environment["DATABASE_URL"] = "postgresql://u:p@127.0.0.1:\(hole.port)/d"
    let (answer, time, _) = try invoke(executable, executable == .skillsToGit ? .sync : .import, in: world)
    #expect(try answer.json(ErrorAnswer.self).errorType == "DatabaseError", "\(answer)")
    #expect(time < .seconds(6), "\(time)")
  }

  @Test func aDatabaseThatFreezesAfterThePushEndsByOurOwnTimeAndThePushIsSettledLater() throws {
    let world = try waiting(9)
    try world.repository.hook("post-receive", "touch '\(world.folder)/pushed'; sleep 1")
    let emulator = try Emulator(.skillsToGit, in: world)
    let frozen = Frozen()
    Thread.detachNewThread { [folder = world.folder, name = world.database.name] in
      frozen.freeze(backendsOf: "skills-to-git", database: name) {
        FileManager.default.fileExists(atPath: "\(folder)/pushed")
      }
    }
    let start = ContinuousClock.now
    let answer = try emulator.invoke(.sync)
    let time = ContinuousClock.now - start
    frozen.thaw()
    #expect(frozen.count == 1, "the backend was frozen")
    #expect(try answer.json(ErrorAnswer.self).errorType == "DatabaseError", "\(answer)")
    #expect(time < .seconds(9), "\(time)")
    #expect(try orphans(world) == [])
    let commit = try #require(try world.repository.tip)
    try world.repository.hook("post-receive", "exit 0")
    // The very process goes on, with a new connection.
    let next: ExportAnswer = try emulator.invoke(.sync).answer()
    #expect(next.didNothing && next.pending == 0, "\(next)")
    #expect(try world.repository.tip == commit)
    #expect(try world.count("skill_sync.intent") == 0)
    #expect(try world.row("s1")?.gitCommitSha == commit)
  }
}

/// A port on which connections are accepted by the kernel, and nobody ever answers.
final class BlackHole {
  let port: Int
  private let descriptor: CInt

  init() throws { (descriptor, port) = try listeningSocket() }

  deinit { close(descriptor) }
}

/// PostgreSQL's processes for some connections, stopped where they are.
private final class Frozen: @unchecked Sendable {
  // Written by one thread before the other reads it.
  private var pids: [pid_t] = []

  var count: Int { pids.count }

  /// Stops them once `isTime`.
  func freeze(backendsOf application: String, database: String, when isTime: () -> Bool) {
    guard eventually(within: .seconds(20), isTime), let url = try? Servers.database,
      let connection = try? Connection(
        DatabaseURL(url), applicationName: "freezer", remainingTime: { .seconds(20) }),
      let rows = try? connection.query(
        Statement(
          "find", "SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND datname = $2",
          [.text(application), .text(database)]))
    else { return }
    pids = rows.compactMap { try? pid_t($0.integer("pid")) }
    for pid in pids { kill(pid, SIGSTOP) }
  }

  func thaw() {
    for pid in pids { kill(pid, SIGCONT) }
  }

  deinit { thaw() }
}
