import Foundation
import TestSupport
import Testing

/// Crashes, lost answers, and histories that go backwards.
@Suite(.onOwnThreads) struct CrashTests {
  /// How git and the process that started it die around a push.
  enum Fault: String, CaseIterable {
    /// The push lands; nobody hears of it.
    case afterThePush = #"/usr/bin/git "$@"; kill -9 $PPID; exit 1"#
    /// The push never happens.
    case beforeThePush = #"kill -9 $PPID; exit 1"#
    /// The push lands a while after everybody has given it up.
    case longBeforeThePush = #"(sleep 1.5; exec /usr/bin/git "$@") >/dev/null 2>&1 & kill -9 $PPID; exit 1"#
  }

  /// Runs `skills-to-git` with a git that fails so at its push.
  private func crash(_ world: World, _ fault: Fault) throws {
    let folder = "\(world.folder)/bin"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // The push's own words: `push` may stand elsewhere in the arguments, but not as one of them.
    let script = """
      #!/bin/sh
      for argument in "$@"; do
        if [ "$argument" = push ]; then
          \(fault.rawValue)
        fi
      done
      exec /usr/bin/git "$@"
      """
    try writeScript(script, to: "\(folder)/git")
    let environment = ["PATH": "\(folder):\(world.environment["PATH"] ?? "")"]
    let finished = try world.run(.skillsToGit, .sync, environment: environment)
    #expect(finished.status == 128 + SIGKILL, "\(finished)")
  }

  @Test(arguments: Fault.allCases)
  func anUndoAfterAPushWhoseAnswerWasLostIsTheNewestOnBothSides(fault: Fault) throws {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta")
    try world.export()
    let commits = try world.repository.log().count
    try world.save("s1", "content", "A mistake.")
    try crash(world, fault)
    try world.save("s1", "content", "A body.")
    try world.export(.sync)
    if fault == .longBeforeThePush {
      eventually(within: .seconds(4)) { (try? world.repository.log().count) ?? 0 > commits }
      usleep(300_000)
    }
    try world.export(.sync)
    try world.import()
    try world.export(.sync)
    #expect(try world.row("s1")?.content == "A body.")
    #expect(try world.body("skills/alpha.md") == "A body.\n")
    let conflicts = try world.conflicts()
    #expect(conflicts.isEmpty, "a conflict with oneself: \(conflicts)")
    #expect(try world.count("skill_sync.outbox") == 0)
    let subjects = try world.repository.log("%H %s")
    switch fault {
    case .afterThePush: #expect(subjects.count == commits + 2, "\(subjects)")
    case .beforeThePush: #expect(subjects.count == commits, "\(subjects)")
    case .longBeforeThePush: #expect(subjects.count <= commits + 2, "\(subjects)")
    }
    try expectAgreement(world)
  }

  @Test(arguments: Fault.allCases)
  func aPushWhoseAnswerWasLostIsNotMadeTwice(fault: Fault) throws {
    let world = try World.agreeing()
    let commits = try world.repository.log().count
    try world.save("s1", "content", "Saved.")
    // Made again within the same second, the commit is the same one.
    eventually { Date().timeIntervalSince1970.truncatingRemainder(dividingBy: 1) < 0.05 }
    try crash(world, fault)
    if fault == .longBeforeThePush {
      eventually(within: .seconds(4)) { (try? world.repository.log().count) ?? 0 > commits }
      usleep(300_000)
    }
    try world.export(.sync)
    #expect(try world.repository.log().count == commits + 1)
    #expect(try world.body("skills/alpha.md") == "Saved.\n")
    let row = try #require(try world.row("s1"))
    #expect(row.syncStatus == "synced")
    #expect(row.gitCommitSha == (try world.repository.tip))
    #expect(try world.count("skill_sync.outbox") == 0)
    try expectAgreement(world)
  }

  /// Here it is the server that dies, and the run that asked it doesn't know whether its push landed.
  @Test func anUndoAfterAPushWhoseServerDiedIsTheNewestOnBothSides() throws {
    let world = try World.agreeing()
    let commits = try world.repository.log().count
    try world.save("s1", "content", "A mistake.")
    // Once the branch is moved, and before it says so.
    try world.repository.hook("reference-transaction", #"[ "$1" = committed ] && kill -9 $PPID; exit 0"#)
    let finished = try world.run(.skillsToGit, .sync)
    #expect(finished.status == 1, "\(finished)")
    #expect(try world.repository.log().count == commits + 1, "it landed")
    try world.repository.hook("reference-transaction", "exit 0")
    try world.save("s1", "content", "A body.")
    try world.export(.sync)
    #expect(try world.row("s1")?.content == "A body.")
    #expect(try world.body("skills/alpha.md") == "A body.\n")
    #expect(try world.repository.log().count == commits + 2)
    #expect(try world.conflicts().isEmpty)
    try expectQuiet(world)
  }

  @Test func anEngineersEditOnTopOfALostPushIsMerged() throws {
    let world = try World.agreeing(content: "One.\n\nTwo.\n\nThree.\n")
    try world.save("s1", "content", "One, saved.\n\nTwo.\n\nThree.\n")
    try crash(world, .afterThePush)
    try world.repository.commit { try $0.edit("skills/alpha.md", "Three.", "Three, engineered.") }
    try world.save("s1", "content", "One, saved again.\n\nTwo.\n\nThree.\n")
    try world.sweep()
    try world.sweep()
    let merged = "One, saved again.\n\nTwo.\n\nThree, engineered."
    #expect(try world.row("s1")?.content.trimmed == merged)
    #expect(try world.body("skills/alpha.md")?.trimmed == merged)
    #expect(try world.conflicts().isEmpty)
    try expectAgreement(world)
  }

  @Test func aDeleteAfterALostCreateDeletesTheFile() throws {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta")
    try crash(world, .afterThePush)
    try world.application(#"DELETE FROM "Skill" WHERE id = 's2'"#)
    try world.export()
    try world.sweep()
    #expect(try world.repository.paths == ["skills/alpha.md"])
    #expect(try world.rows().map(\.id) == ["s1"])
    try expectAgreement(world)
  }

  @Test func theFirstPushOfAllMayLoseItsAnswer() throws {
    let world = try World()
    try world.create("s1", title: "Alpha")
    try crash(world, .afterThePush)
    try world.save("s1", "content", "Saved since.")
    try world.export()
    #expect(try world.repository.log().count == 2)
    #expect(try world.body("skills/alpha.md") == "Saved since.\n")
    #expect(try world.conflicts().isEmpty)
    try expectAgreement(world)
  }

  @Test(arguments: [Executable.gitToSkills, .skillsToGit])
  func aRewoundBranchStaysRewound(first: Executable) throws {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta")
    try world.export()
    let kept = try #require(try world.repository.tip)
    let removed = try world.repository.commit {
      try $0.edit("skills/alpha.md", "A body.", "A leaked secret.")
    }
    try world.webhook(removed)
    #expect(try world.row("s1")?.content == "A leaked secret.")
    try world.repository.engineer("push", "--quiet", "--force", "origin", "\(kept):main")
    try world.save("s2", "content", "Saved meanwhile.")
    if first == .gitToSkills { try world.import() } else { try world.export() }
    try world.sweep()
    #expect(try world.row("s1")?.content == "A body.")
    #expect(try world.body("skills/alpha.md") == "A body.\n")
    #expect(try world.body("skills/beta.md") == "Saved meanwhile.\n")
    #expect(try !world.repository.log("%H").contains(removed))
    #expect(try world.repository.log("%H").contains(kept))
    #expect(try world.conflicts().isEmpty)
    try expectQuiet(world)
  }

  @Test func aRewindThatRemovesACommitOfOursIsNotUndone() throws {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta")
    try world.export()
    let kept = try #require(try world.repository.tip)
    try world.save("s1", "content", "A leaked secret.")
    let removed = try #require(try world.export().commits.first)
    try world.repository.engineer("fetch", "--quiet", "origin", "main")
    try world.repository.engineer("push", "--quiet", "--force", "origin", "\(kept):main")
    // A plain push would take the rewound branch for one that is behind, and fast-forward it.
    try world.save("s2", "content", "Saved meanwhile.")
    try world.export(.updated("s2"))
    #expect(try !world.repository.log("%H").contains(removed))
    #expect(try world.body("skills/alpha.md") == "A body.\n")
    #expect(try world.body("skills/beta.md") == "Saved meanwhile.\n")
    #expect(try world.row("s1")?.content == "A body.")
    try expectQuiet(world)
  }

  @Test func pausedAPushWhoseAnswerWasLostWaitsToBeSettledUntilItIsResumed() throws {
    let world = try World.agreeing()
    try world.save("s1", "content", "Pushed, unheard of.")
    try crash(world, .afterThePush)
    #expect(try world.run(.skillsToGit, "pause").status == 0)
    try world.save("s1", "content", "A body.")
    let tip = try world.repository.tip
    func recorded() throws -> [String?] {
      try world.sql(
        """
        SELECT concat_ws(' ', (SELECT jsonb_agg(b ORDER BY skill_id) FROM skill_sync.base b),
          (SELECT jsonb_agg(o ORDER BY id) FROM skill_sync.outbox o),
          (SELECT jsonb_agg(i ORDER BY id) FROM skill_sync.intent i), (SELECT tip FROM skill_sync.repository)) AS state
        """
      ).map { try $0.text("state") }
    }
    let before = try recorded()
    #expect(try world.count("skill_sync.intent") == 1)
    for event in [Event.sync, .schedule] { #expect(try world.export(event).paused) }
    #expect(try world.import(.schedule).paused)
    #expect(try recorded() == before)
    #expect(try world.repository.tip == tip)

    #expect(try world.run(.skillsToGit, "resume").status == 0)
    try world.export(.sync)
    #expect(try world.row("s1")?.content == "A body.")
    #expect(try world.body("skills/alpha.md") == "A body.\n")
    #expect(try world.count("skill_sync.intent") == 0)
    try expectQuiet(world)
  }

  @Test func aBranchThatWasDeletedChangesNothingUntilItIsBack() throws {
    let world = try World.agreeing()
    let tip = try #require(try world.repository.tip)
    try world.repository.onServer("update-ref", "-d", "refs/heads/main")
    let rows = try world.rows()
    for executable in [Executable.gitToSkills, .skillsToGit] {
      let finished = try world.run(executable, .schedule)
      #expect(finished.status == 1)
      #expect(try finished.json(ErrorAnswer.self).errorType == "BranchMissing")
    }
    #expect(try world.rows() == rows)
    try world.repository.onServer("update-ref", "refs/heads/main", tip)
    try expectQuiet(world)
  }

  @Test func historyRewrittenWithTheSameFilesChangesNothing() throws {
    let world = try World.agreeing()
    let rows = try world.rows()
    try world.repository.pull()
    try world.repository.engineer("commit", "--quiet", "--amend", "--message", "reworded", "--reset-author")
    try world.repository.engineer("push", "--quiet", "--force", "origin", "HEAD:main")
    #expect(try world.import().didNothing)
    #expect(try world.rows().map(\.updatedAt) == rows.map(\.updatedAt))
    try world.save("s1", "content", "Goes on.")
    try world.export()
    #expect(try world.repository.log() == ["update: Alpha", "reworded"])
    try expectQuiet(world)
  }

  @Test func aDamagedCacheIsMadeAnew() throws {
    let world = try World.agreeing()
    let work = "\(world.folder)/work"
    for path in try FileManager.default.subpathsOfDirectory(atPath: work) where path.hasSuffix("/HEAD") {
      try Data("garbage".utf8).write(to: URL(fileURLWithPath: "\(work)/\(path)"))
    }
    try world.save("s1", "content", "Saved.")
    try world.export()
    #expect(try world.body("skills/alpha.md") == "Saved.\n")
    try expectQuiet(world)
  }

  /// Expects both sides to agree, where an expired intent may still be open.
  private func expectAgreement(_ world: World) throws {
    let tip = try world.repository.tip
    let rows = try world.rows()
    let (imported, exported) = try world.sweep()
    #expect(imported.didNothing && exported.didNothing, "\(imported) \(exported)")
    #expect(try world.rows() == rows)
    #expect(try world.repository.tip == tip)
  }
}
