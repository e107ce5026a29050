import Foundation
import Postgres
import TestSupport
import Testing

/// Both executables under Lambda's own Runtime Interface Emulator.
@Suite(.onOwnThreads) struct FunctionTests {
  @Test func aSkillGoesToGitAndBackThroughBothFunctions() throws {
    let world = try World()
    let (toGit, toSkills) = (try Emulator(.skillsToGit, in: world), try Emulator(.gitToSkills, in: world))
    try world.create("s1", title: "Alpha")
    let exported: ExportAnswer = try toGit.invoke(.updated("s1")).answer()
    #expect(exported.created == ["s1"])
    let commit = try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "Edited.") }
    let webhook: WebhookAnswer = try toSkills.invoke(.push(commit)).answer()
    #expect(webhook.statusCode == 200)
    #expect(
      webhook.body.contains(#""updated":[{"path":"skills/alpha.md","skillId":"s1"}]"#), "\(webhook.body)")
    #expect(try world.row("s1")?.content == "Edited.")

    let process = toGit.functionPID
    for text in ["One.", "Two."] {
      try world.save("s1", "content", .text(text))
      let requests = try world.requests { _ = try toGit.invoke(.updated("s1")).answer(ExportAnswer.self) }
      #expect(requests.count == 2, "\(requests)")
    }
    #expect(toGit.functionPID == process)
    #expect(toGit.log.contains(#""function":"skills-to-git""#), "\(toGit.log)")
    #expect(!toGit.log.contains("A body."), "a skill's text is in the log")
  }

  @Test func aConnectionThatDiedBetweenInvocationsIsReplaced() throws {
    let world = try World()
    try world.create("s1", title: "Alpha")
    for (executable, event) in [(Executable.skillsToGit, Event.sync), (.gitToSkills, .import)] {
      let emulator = try Emulator(executable, in: world)
      #expect(try emulator.invoke(event).output.contains("counts"))
      let process = try #require(emulator.functionPID)
      for text in ["One.", "Two."] {
        let ended = try world.sql(
          """
          SELECT count(pg_terminate_backend(pid, 5000)) AS n FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = $1
          """, [.text(executable.rawValue)])
        #expect(try ended[0].integer("n") == 1, "one connection is kept")
        try world.save("s1", "content", .text("\(executable) \(text)"))
        let answer = try emulator.invoke(event)
        #expect(answer.output.contains("counts"), "\(answer)")
        if executable == .skillsToGit {
          #expect(try world.repository.file("skills/alpha.md")?.hasSuffix("skillsToGit \(text)\n") == true)
        }
      }
      #expect(emulator.functionPID == process)
    }
    #expect(try world.repository.log().count == 3)
  }

  @Test func wrongSettingsAreReportedAtTheStart() throws {
    let world = try World()
    world.environment["CONFLICT_POLICY"] = "coin-toss"
    world.environment["DATABASE_URL"] = nil
    let emulator = try Emulator(.skillsToGit, in: world)
    let error: ErrorAnswer = try emulator.invoke(.sync).json()
    #expect(error.errorType == "InvalidSettings")
    #expect(error.errorMessage.contains("CONFLICT_POLICY") && error.errorMessage.contains("DATABASE_URL"))
  }

  @Test func anInvocationStopsInTimeForItsDeadline() throws {
    let world = try World()
    try world.create("s1", title: "Alpha")
    try world.export()
    try world.save("s1", "content", "Late.")
    // Somebody else holds the lease and doesn't give it back.
    let somebody = try world.database.connect(as: "test_sync")
    try somebody.execute(
      SimpleQuery(
        "take the lease",
        """
        UPDATE skill_sync.repository SET lease_until = clock_timestamp() + interval '1 hour', lease_holder = 'somebody '
          || (SELECT pid || '/' || extract(epoch FROM backend_start) FROM pg_stat_activity WHERE pid = pg_backend_pid())
        """))
    world.environment["AWS_LAMBDA_FUNCTION_TIMEOUT"] = "5"
    let emulator = try Emulator(.skillsToGit, in: world)
    let time = ContinuousClock.now
    let answer = try emulator.invoke(.sync)
    #expect(ContinuousClock.now - time < .seconds(5))
    #expect(try answer.answer(ExportAnswer.self).pending == 1, "\(answer)")
    #expect(try world.count("skill_sync.outbox") == 1)
    #expect(somebody.isOpen)
  }
}
