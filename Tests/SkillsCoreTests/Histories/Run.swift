import SkillsCore

/// One run of an executable, each step one effect: one transaction, one fetch or one push.
final class Run {
  enum Executable: String { case skillsToGit = "skills-to-git", gitToSkills = "git-to-skills" }

  enum Step: String {
    case look, fetch, settle, compare, apply
    case begin, readOutbox, readRows, clear, recordIntent, push, record, withdraw
    case done, crashed
  }

  let world: World
  let name: String
  let executable: Executable
  let isSweep: Bool
  var step: Step
  var triesLeft = 3
  var tip = 0
  var generation = 0
  // What an import knows.
  var fetched = 0
  var target = 0
  var plan: [Change] = []
  var setAside: [String: Database.SetAside] = [:]
  /// Whether all files were looked at.
  var sawAll = true
  // What an export knows.
  var entries: Set<Int> = []
  var wanted: Set<String> = []
  var commit = 0
  var intent: PushIntent?

  init(_ executable: Executable, name: String, isSweep: Bool, in world: World) {
    (self.executable, self.name, self.isSweep, self.world) = (executable, name, isSweep, world)
    step = executable == .gitToSkills ? .look : .begin
  }

  var isOver: Bool { step == .done || step == .crashed }

  func takeStep() async throws {
    switch step {
    case .look: look()
    case .fetch: fetch()
    case .settle: settle()
    case .compare: try await compare()
    case .apply: try apply()
    case .begin: begin()
    case .readOutbox: readOutbox()
    case .readRows: try await readRows()
    case .clear: clear()
    case .recordIntent: recordIntent()
    case .push: push()
    case .record: record()
    case .withdraw: withdraw()
    case .done, .crashed: break
    }
  }

  func finish() async throws {
    for _ in 0..<200 where !isOver { try await takeStep() }
    guard isOver else { throw Violation("a run doesn't end") }
  }

  func startAgain() {
    triesLeft -= 1
    step = triesLeft < 0 ? .done : executable == .gitToSkills ? .look : .begin
  }

  /// Whether nobody wrote since this run looked; the compare of compare-and-swap.
  var isCurrent: Bool { world.database.generation == generation }

  func advance(to tip: Int) {
    world.database.tip = tip
    world.database.generation += 1
    (self.tip, generation) = (tip, world.database.generation)
  }
}

/// A promise that was broken.
struct Violation: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
