import Foundation
import SkillsCore
import TestSupport
import Testing

/// What an event says about itself: one line of metrics, and a line of log for each decision and effect.
@Suite(.onOwnThreads) struct SignalTests {
  /// The values that something measured.
  private struct Measured {
    var line: JSONValue

    subscript(metric: Metric) -> Double? {
      guard case .number(let value)? = line[metric.rawValue] else { return nil }
      return value
    }
    var event: String? { line["Event"]?.text }
    var outcome: String? { line["Outcome"]?.text }
  }

  /// The one line of metrics in what was written.
  private func measured(_ output: String) throws -> Measured {
    let lines = output.split(separator: "\n").filter { $0.contains(#""_aws""#) }
    #expect(lines.count == 1, "\(output)")
    return Measured(line: try JSON.read(Array(try #require(lines.first).utf8)))
  }

  private func run(_ world: World, _ executable: Executable, _ event: Event) throws -> Measured {
    try measured(world.run(executable, event).errors)
  }

  @Test func anExportMeasuresWhatItDidAndWhatWaits() throws {
    let world = try World()
    try world.create("s1", title: "Alpha")
    try world.create("s2", title: "Beta")
    let first = try run(world, .skillsToGit, .sync)
    #expect(first.event == "sync" && first.outcome == "success")
    #expect(first.line["Function"]?.text == "skills-to-git")
    #expect(first[.invocations] == 1 && first[.created] == 2 && first[.pushes] == 1)
    #expect(first[.outboxSize] == 0 && first[.oldestChangeAge] == nil)
    #expect(first[.openConflicts] == 0 && first[.failedSkills] == 0 && first[.heldDeletions] == 0)
    for metric in [Metric.databaseTime, .fetchTime, .pushTime, .reconcileTime, .cacheSize] {
      #expect(try #require(first[metric]) > 0, "\(metric)")
    }
    #expect(try #require(first[.importedTipAge]) < 60)
    #expect((0..<60).contains(try #require(first[.exportLag])) && first[.importLag] == nil)
    try world.save("s1", "title", "Gamma")
    try world.application(#"DELETE FROM "Skill" WHERE id = 's2'"#)
    let second = try run(world, .skillsToGit, .updated("s1"))
    #expect(second.event == "skill" && second[.renamed] == 1 && second[.removed] == 1, "\(second)")
    try world.save("s1", "content", "Saved.")
    try world.sql("UPDATE skill_sync.outbox SET changed_at = clock_timestamp() - interval '1 hour'")
    try world.repository.hook(
      "pre-receive", "echo 'error: GH006: Protected branch update failed' >&2; exit 1")
    let refused = try run(world, .skillsToGit, .schedule)
    #expect(refused.event == "sweep" && refused.outcome == "PushRejected.protectedBranch", "\(refused)")
    #expect(refused[.refusedPushes] == 1 && refused[.pushes] == nil && refused[.outboxSize] == 1)
    #expect(try #require(refused[.oldestChangeAge]) > 3_500)
    let drift = try run(world, .skillsToGit, Event(json: #"{"action":"drift"}"#))
    #expect(drift.event == "drift" && drift[.drift] == 1)
    #expect(drift[.skillsInDatabase] == 1 && drift[.skillsInGit] == 1)
  }

  @Test func anImportMeasuresWhatItDidAndWhatAPersonHasToDecide() throws {
    let world = try World.agreeing()
    world.environment["CONFLICT_POLICY"] = "manual"
    try world.create("s2", title: "Beta")
    try world.export()
    try world.push("A body.", "Edited.")
    try world.save("s1", "content", "Saved.")
    try world.repository.commit {
      try $0.edit("skills/beta.md", "A body.", "Edited.")
      try $0.write("skills/bad.md", "---\ntitle: [\n---\n")
    }
    let finished = try world.run(.gitToSkills, .import)
    let imported = try measured(finished.errors)
    #expect(imported.event == "sweep" && imported[.updated] == 1, "\(imported)")
    #expect(imported[.openConflicts] == 1 && imported[.failedSkills] == 1 && imported[.outboxSize] == 1)
    #expect((0..<60).contains(try #require(imported[.importLag])))
    let lines = finished.errors.split(separator: "\n")
    #expect(lines.contains { $0.contains("imported") && $0.contains("s2") && $0.contains("skills/beta.md") })
    #expect(lines.contains { $0.contains("set aside") && $0.contains("unreadable file") })
    #expect(!finished.errors.contains("Edited."), "a skill's text is in the log")
  }

  @Test func deletionsThatAreHeldAreMeasured() throws {
    let world = try World()
    for number in 1...12 { try world.create("s\(number)", title: "Skill \(number)") }
    try world.export()
    try world.application(#"DELETE FROM "Skill" WHERE id <> 's12'"#)
    #expect(try run(world, .skillsToGit, .sync)[.heldDeletions] == 11)
  }

  @Test func aRaceAndItsWaitAreMeasured() throws {
    let world = try World.agreeing(content: "One.\n\nTwo.\n\nThree.\n")
    try world.rewrite("One.", "One, saved.")
    let export = try world.stop(.skillsToGit, .sync, at: "before git push")
    try world.push("Three.", "Three, pushed.")
    let raced = try measured(try export.goOn().errors)
    #expect(raced[.races] == 1 && raced[.pushes] == 1, "\(raced)")
    #expect(raced[.waitTime] != nil)
  }

  /// A push is one, whoever records it: not of every run that was under way.
  @Test func whoRecordsAPushMeasuresIt() throws {
    let world = try World.agreeing()
    try world.save("s1", "content", "Saved.")
    let pushed = try world.stop(.skillsToGit, .sync, at: "after git push")
    let other = try run(world, .gitToSkills, .import)
    let late = try measured(pushed.goOn().errors)
    #expect([other[.pushes], late[.pushes]].compactMap(\.self) == [1], "\(other) \(late)")
    #expect([other[.exportLag], late[.exportLag]].compactMap(\.self).count == 1)
    #expect([other[.updated], late[.updated]].compactMap(\.self) == [1])
    let idle = try run(world, .skillsToGit, .sync)
    #expect(idle[.pushTime] == nil && idle[.fetchTime] == nil && idle[.exportLag] == nil)
  }

  /// An alarm on a tip that nobody sees must ring where no run ever came through.
  @Test func theTipsAgeIsMeasuredBeforeAnyRunCameThrough() throws {
    let world = try World()
    world.environment["GITHUB_REPO"] = try Servers.git + "/private/\(world.repository.name).git"
    world.environment["GITHUB_TOKEN"] = "wrong"
    let failed = try run(world, .gitToSkills, .import)
    #expect(failed.outcome == "GitError.authentication")
    #expect((0..<60).contains(try #require(failed[.importedTipAge])))
  }

  @Test func whatCannotBeRemovedKeepsNothingFromBeingMeasured() throws {
    let world = try World.agreeing()
    try world.sql("REVOKE DELETE ON skill_sync.history FROM test_sync")
    let finished = try world.run(.skillsToGit, .schedule)
    #expect(try measured(finished.errors)[.importedTipAge] != nil)
    #expect(finished.errors.contains("the end of the run couldn't be recorded"))
    #expect(try world.count("skill_sync.repository WHERE lease_holder IS NOT NULL") == 0)
  }

  @Test func aWebhookIsMeasuredByItsOutcome() throws {
    let world = try World.agreeing()
    let commit = try world.push("A body.", "Edited.")
    let rejected = try run(world, .gitToSkills, .push(commit, secret: "wrong"))
    #expect(rejected.event == "webhook" && rejected.outcome == "rejected" && rejected[.rejectedWebhooks] == 1)
    #expect(try run(world, .gitToSkills, .push(commit, branch: "other")).outcome == "ignored")
    let taken = try run(world, .gitToSkills, .push(commit))
    #expect(taken.outcome == "success" && taken[.updated] == 1)
    #expect(taken.line["deliveryId"]?.text?.isEmpty == false)
  }

  @Test func whatIsNoEventIsMeasuredToo() throws {
    let world = try World()
    let invalid = try run(world, .gitToSkills, Event(json: "[]"))
    #expect(invalid.event == "invalid" && invalid.outcome == "InvalidEvent")
  }

  /// Lambda turns standard output into metrics, and reads logs from both.
  @Test func underLambdaMetricsAreOnStandardOutput() throws {
    let world = try World()
    world.environment["AWS_LAMBDA_FUNCTION_NAME"] = "staging-export"
    try world.create("s1", title: "Alpha")
    let emulator = try Emulator(.skillsToGit, in: world)
    _ = try emulator.invoke(.sync)
    let line = try measured(emulator.log)
    #expect(line.line["Function"]?.text == "staging-export")
    #expect(line.line["requestId"]?.text?.isEmpty == false)
    #expect(line[.created] == 1)
    #expect(emulator.log.contains(#""message":"exported""#) && emulator.log.contains(#""skillId":"s1""#))
  }

  /// A command has a summary, and no line for each skill.
  @Test func aCommandWritesNoMetrics() throws {
    let world = try World()
    try world.create("s1", title: "Alpha")
    let finished = try world.run(.skillsToGit, "export")
    #expect(!finished.errors.contains("_aws") && !finished.errors.contains("exported"), "\(finished.errors)")
  }
}
