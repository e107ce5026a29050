import Foundation
import Postgres
import TestSupport
import Testing

/// A run is killed at every point before and after an effect, with something happening in that gap; the next runs finish
/// the work, as if nothing had been.
///
/// Or it stands still there, and goes on when they have finished.
///
/// Every point of every scenario with `FAILPOINTS=all` (`make crashes`); else those around a push and a commit.
@Suite(.onOwnThreads) struct FailpointTests {
  enum Scenario: String, CaseIterable {
    /// A saved row is pushed.
    case exporting
    /// A pushed file is written into its row.
    case importing
    /// A saved row is pushed, after a pushed file of the same skill was taken in.
    case both
    /// A push that landed, and that nobody recorded, is settled first.
    case settling
  }

  enum Gap: String, CaseIterable {
    case nothing, save, undo, push
  }

  /// What becomes of the run in the end.
  private enum Fate { case killed, stopped }

  private static let isWhole = ProcessInfo.processInfo.environment["FAILPOINTS"] == "all"
  private static let cases: [(Scenario, Gap)] =
    isWhole
    ? Scenario.allCases.flatMap { scenario in
      // What an import brought is no save, so there is none to undo.
      Gap.allCases.filter { scenario != .importing || $0 != .undo }.map { (scenario, $0) }
    }
    : [(.exporting, .save), (.exporting, .push), (.importing, .push), (.both, .nothing), (.settling, .undo)]

  /// The world just before the run that is to be killed.
  private func world(_ scenario: Scenario) throws -> World {
    let world = try World.agreeing(content: "One.\n\nTwo.\n\nThree.\n")
    try world.import()
    if scenario != .importing { try world.rewrite("One.", "One, saved.") }
    if scenario == .importing || scenario == .both { try world.push("Two.", "Two, pushed.") }
    if scenario == .settling {
      let killed = try world.run(
        .skillsToGit, .sync, environment: ["FAILPOINT_KILL": "after git push"])
      #expect(killed.status == 128 + SIGKILL)
    }
    return world
  }

  private func start(_ world: World, _ scenario: Scenario, _ environment: [String: String]) throws -> Program
  {
    switch scenario {
    case .importing: try world.start(.gitToSkills, .import, environment: environment)
    case .both: try world.start(.skillsToGit, .schedule, environment: environment)
    case .exporting, .settling: try world.start(.skillsToGit, .sync, environment: environment)
    }
  }

  /// The points that the run passes, in a world of its own.
  private func points(of scenario: Scenario) throws -> [String] {
    let world = try world(scenario)
    let path = "\(world.folder)/points"
    #expect(try start(world, scenario, ["FAILPOINT_RECORD": path]).wait().status == 0)
    return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { String($0) }
  }

  private func happen(_ gap: Gap, in world: World) throws {
    switch gap {
    case .nothing: break
    case .save: try world.rewrite("Three.", "Three, saved late.")
    case .undo: try world.rewrite("One, saved.", "One.")
    case .push: try world.push("Three.", "Three, pushed late.")
    }
  }

  /// What both sides must say in the end.
  private func wanted(_ scenario: Scenario, _ gap: Gap) -> String {
    let one = scenario == .importing || gap == .undo ? "One." : "One, saved."
    let two = scenario == .importing || scenario == .both ? "Two, pushed." : "Two."
    let three = gap == .save ? "Three, saved late." : gap == .push ? "Three, pushed late." : "Three."
    return [one, two, three].joined(separator: "\n\n")
  }

  @Test(arguments: cases)
  func whereverARunIsKilledTheNextFinishesTheWork(scenario: Scenario, gap: Gap) throws {
    try walk(scenario, gap, .killed)
  }

  @Test(arguments: isWhole ? cases : [(.exporting, .undo), (.importing, .save)])
  func whereverARunStandsStillOthersFinishTheWorkAndItDoesNoHarmWhenItGoesOn(scenario: Scenario, gap: Gap)
    throws
  {
    try walk(scenario, gap, .stopped)
  }

  /// Stops a run at each point, each time in a world of its own; then `gap` happens.
  private func walk(_ scenario: Scenario, _ gap: Gap, _ fate: Fate) throws {
    let points = try points(of: scenario)
    #expect(points.count >= 15, "\(points)")
    let around = ["git push", "record the intent", "advance the recorded tip"]
    var walked = 0
    for (index, point) in points.enumerated()
    where Self.isWhole || around.contains(where: point.contains) {
      walked += 1
      let world = try world(scenario)
      let commits = try world.repository.log().count
      let run = try start(world, scenario, ["FAILPOINT_STOP": "\(index + 1)"])
      eventually { !run.isRunning || run.isStopped }
      try happen(gap, in: world)
      let place = "\(scenario), \(gap), \(fate) at \(index + 1): \(point)"
      let isStopped = run.isRunning
      switch fate {
      case .killed:
        if isStopped { kill(run.pid, SIGKILL) }
        eventually { !run.isRunning }
      case .stopped: try world.endLease()
      }

      // Whichever function comes next, by an event, and then the schedules.
      if index.isMultiple(of: 2) { try world.export(.sync) } else { try world.import(.import) }
      try world.sweep()
      if fate == .stopped {
        if isStopped { kill(run.pid, SIGCONT) }
        #expect(try run.wait().status == 0, "\(place)")
      }
      try world.sweep()
      let wanted = wanted(scenario, gap)
      #expect(try world.row("s1")?.content.trimmed == wanted, "\(place)")
      #expect(try world.body("skills/alpha.md")?.trimmed == wanted, "\(place)")
      #expect(try world.conflicts().isEmpty, "\(place)")
      #expect(try world.count("skill_sync.outbox") == 0, "\(place)")
      #expect(try world.row("s1")?.syncStatus == "synced", "\(place)")
      // No commit without a change, and not more of ours than there were saves.
      let trees = try world.repository.log("%T")
      #expect(zip(trees, trees.dropFirst()).allSatisfy { $0 != $1 }, "\(place)")
      let ours = try world.repository.log("%cn").count - commits - (gap == .push ? 1 : 0)
      #expect(ours <= (scenario == .importing ? 0 : 1) + (gap == .save || gap == .undo ? 1 : 0), "\(place)")
      try expectQuiet(world)
    }
    print("\(scenario) × \(gap): \(fate) at \(walked) of \(points.count) points")
  }

  /// Under Lambda an answer that was lost has the event delivered again.
  @Test(arguments: [Scenario.exporting, .importing], ["before", "after"])
  func aFunctionKilledAroundItsAnswerDoesItsWorkOnce(scenario: Scenario, moment: String) throws {
    let (executable, event): (Executable, Event) =
      scenario == .importing ? (.gitToSkills, .import) : (.skillsToGit, .sync)
    let recorded = try self.world(scenario)
    let file = "\(recorded.folder)/points"
    recorded.environment["FAILPOINT_RECORD"] = file
    _ = try Emulator(executable, in: recorded).invoke(event)
    let points = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    let place = try #require(
      points.firstIndex { $0.hasPrefix("\(moment) POST ") && $0.hasSuffix("/response") }, "\(points)")

    let world = try self.world(scenario)
    let commits = try world.repository.log().count
    world.environment["FAILPOINT_KILL"] = "\(place + 1)"
    let emulator = try Emulator(executable, in: world)
    let answer = try emulator.invoke(event)
    #expect(answer.output.contains("Runtime.ExitError") == (moment == "before"), "\(answer)")
    world.environment["FAILPOINT_KILL"] = nil
    let again = try world.run(executable, event)
    #expect(again.status == 0, "\(again)")
    #expect(try world.body("skills/alpha.md")?.trimmed == wanted(scenario, .nothing))
    #expect(try world.row("s1")?.content.trimmed == wanted(scenario, .nothing))
    #expect(try world.repository.log().count == commits + (scenario == .exporting ? 1 : 0))
    try expectQuiet(world)
  }
}
