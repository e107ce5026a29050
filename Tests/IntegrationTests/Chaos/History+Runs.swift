import Foundation
import TestSupport

/// The runs of both functions, and what goes wrong with them.
extension History {
  private enum Fault: String, CaseIterable {
    case killed, stopped
    case refusedPush = "refused push"
    case connectionEnded = "connection ended by the database"
    case databaseCut = "database cut off"
    case gitCut = "git cut off"
    case slow = "slow servers"
    case twice = "two at once"
    case none
  }

  func runOne() throws {
    let isExport = Bool.random(using: &random)
    let executable = isExport ? Executable.skillsToGit : .gitToSkills
    let event = try isExport ? exportEvent() : importEvent()
    // Killed most often: there are most ways of it.
    let fault = happens(onceIn: 3) ? Fault.killed : pick(Fault.allCases) ?? .none
    log.append("run \(executable.rawValue): \(fault.rawValue)")
    let hook = try world.repository.onServer("rev-parse", "--absolute-git-dir").trimmed + "/hooks/pre-receive"
    defer {
      gitProxy.mend()
      databaseProxy.mend()
      try? FileManager.default.removeItem(atPath: hook)
    }
    var environment: [String: String] = [:]
    switch fault {
    case .killed: environment["FAILPOINT_KILL"] = "\(Int.random(in: 1...45, using: &random))"
    case .stopped: environment["FAILPOINT_STOP"] = "\(Int.random(in: 1...45, using: &random))"
    case .refusedPush:
      try world.repository.hook(
        "pre-receive", "echo 'error: GH013: Repository rule violations found' >&2; exit 1")
    case .databaseCut: databaseProxy.cut(after: Int.random(in: 0...30_000, using: &random))
    case .gitCut: gitProxy.cut(after: Int.random(in: 0...6_000, using: &random))
    case .slow:
      gitProxy.slowDown(by: UInt32.random(in: 0...10_000, using: &random))
      databaseProxy.slowDown(by: UInt32.random(in: 0...10_000, using: &random))
    case .connectionEnded, .twice, .none: break
    }
    let program = try world.start(executable, event, environment: environment)
    if fault == .twice {
      _ = try world.start(isExport ? .gitToSkills : .skillsToGit, .schedule).wait()
    }
    if fault == .connectionEnded {
      usleep(UInt32.random(in: 0...150_000, using: &random))
      try world.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'test_sync'"
      )
    }
    if fault == .stopped {
      eventually(within: .seconds(60)) { !program.isRunning || program.isStopped }
      if program.isRunning { sleepers.append(program) }
      // Those who come next have nothing but their compares to rely on.
      try world.endLease()
      return count(fault, hit: program.isRunning)
    }
    let finished = try program.wait()
    count(fault, hit: fault != .killed || finished.status == 128 + SIGKILL)
    if fault == .none { try lookForQuiet() }
  }

  /// Nothing goes wrong for once.
  func runBoth() throws {
    // A push that was refused a moment ago isn't tried again.
    for executable in [Executable.gitToSkills, .skillsToGit] { _ = try world.run(executable, .schedule) }
    log.append("run both")
    try lookForQuiet()
  }

  private func lookForQuiet() throws {
    guard try isQuiet() else { return }
    quietPoints += 1
    account.agreed()
    log.append("quiet")
  }

  /// A kill or a stop at a point that the run doesn't reach is none.
  private func count(_ fault: Fault, hit: Bool) {
    faults[(hit ? fault : .none).rawValue, default: 0] += 1
  }

  private func exportEvent() throws -> Event {
    pick([Event.sync, .schedule, .updated("s\(Int.random(in: 1...4, using: &random))")]) ?? .sync
  }

  /// The schedule's, or the webhook of any push so far: an old one's, one that was delivered already.
  private func importEvent() throws -> Event {
    guard let tip = pick(tips), Bool.random(using: &random) else { return .schedule }
    return try .push(tip)
  }

  /// Whether both sides agree, and everything that was done is recorded.
  private func isQuiet() throws -> Bool {
    guard try world.count("skill_sync.outbox") == 0, try world.count("skill_sync.intent") == 0,
      try world.count("skill_sync.failed") == 0, try world.openConflicts().isEmpty,
      try world.sql("SELECT tip FROM skill_sync.repository").first?.optionalText("tip")
        == world.repository.tip
    else { return false }
    return try differences().isEmpty
  }
}
