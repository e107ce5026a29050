import Foundation
import TestSupport
import Testing

/// What GitHub shows beside a commit that was imported.
@Suite(.onOwnThreads) struct CommitStatusTests {
  private let gitHub: TestGitHub
  private let world: World

  /// A skill whose row and file agree; the sync is let in as a GitHub App.
  init() throws {
    gitHub = try TestGitHub()
    world = try World()
    world.environment["GITHUB_REPO"] = "example/\(world.repository.name)"
    world.environment.merge(gitHub.environment) { _, new in new }
    try world.create("s1", title: "Alpha")
    try world.export()
  }

  private static let twice = "---\ntitle: Bad\nid: s9\ntitle: Bad\n---\nText.\n"

  @Test func aCommitThatWasImportedIsASuccessWithCountsAndOurOwnHaveNoStatus() throws {
    try world.webhook(try #require(try world.repository.tip))
    #expect(try gitHub.statusRequests == 0)
    let commit = try world.repository.commit {
      try $0.edit("skills/alpha.md", "A body.", "Edited.")
      try $0.write("skills/beta.md", "---\ntitle: Beta\n---\nText.\n")
    }
    try world.webhook(commit)
    #expect(try gitHub.statuses == [.init(commit, "success", "1 skill updated, 1 created")])
    let other = try world.repository.commit { try $0.write("NOTES", "Nothing of ours.\n") }
    try world.webhook(other)
    #expect(try gitHub.statuses.last == .init(other, "success", "no skill changed"))
    try world.save("s1", "content", "Saved.")
    try world.export()
    try world.sweep()
    #expect(try gitHub.statuses.count == 2)
  }

  @Test func aFileThatIsSetAsideIsAFailureWithItsLineThatNoSweepRepeats() throws {
    let commit = try world.repository.commit {
      try $0.edit("skills/alpha.md", "A body.", "Edited.")
      try $0.write("skills/bad.md", Self.twice)
    }
    #expect(try world.webhook(commit).updated.count == 1)
    for _ in 1...2 { try world.sweep() }
    #expect(
      try gitHub.statuses == [
        .init(commit, "failure", "skills/bad.md: line 4: the key `title` is already set on line 2")
      ])
    let repaired = try world.repository.commit { try $0.edit("skills/bad.md", "id: s9\ntitle: Bad\n", "") }
    try world.webhook(repaired)
    #expect(try gitHub.statuses.last == .init(repaired, "success", "1 skill created"))
    #expect(try gitHub.statuses.count == 2)
  }

  @Test func theSameCommitIsASuccessOnceASweepCouldTakeTheFileIn() throws {
    let commit = try world.repository.commit {
      try $0.write("skills/other.md", "---\ntitle: Alpha\n---\nAnother.\n")
      try $0.write("skills/alpha.md", "---\nid: s1\ntitle: Alpha\n---\nEdited.\n")
    }
    try world.webhook(commit)
    let first = try #require(try gitHub.statuses.last)
    #expect(first.commit == commit && first.state == "failure", "\(first)")
    #expect(
      first.description.hasPrefix("skills/other.md: the title is taken by skills/alpha.md (id s1)"),
      "\(first)")
    // Our own push comes in between.
    try world.save("s1", "title", "Omega")
    try world.export()
    try world.import(.schedule)
    #expect(try gitHub.statuses == [first, .init(commit, "success", "1 skill created")])
    try world.sweep()
    #expect(try gitHub.statuses.count == 2)
  }

  @Test func aCommitIsNotBlamedForAnothersFile() throws {
    let bad = try world.repository.commit { try $0.write("skills/bad.md", "---\ntitle: [\n---\n") }
    try world.webhook(bad)
    #expect(try gitHub.statuses.last?.state == "failure")
    let good = try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "Edited.") }
    try world.webhook(good)
    try world.import(.schedule)
    #expect(
      try gitHub.statuses.last == .init(good, "success", "1 skill updated; 1 older file is still set aside"))
    let worse = try world.repository.commit { try $0.edit("skills/bad.md", "title: [", "title: {") }
    try world.webhook(worse)
    #expect(try gitHub.statuses.last?.state == "failure")
  }

  @Test func deletionsThatAreHeldAreAFailureUntilTheyAreConfirmed() throws {
    for number in 2...14 { try world.create("s\(number)", title: "Skill \(number)") }
    try world.export()
    let commit = try world.repository.commit {
      for number in 2...14 { try $0.remove("skills/skill-\(number).md") }
    }
    let held = try #require(try world.webhook(commit).held)
    let text = "13 deletions wait for somebody to confirm: skills-to-git status"
    #expect(try gitHub.statuses == [.init(commit, "failure", text)])
    #expect(try world.run(.gitToSkills, "import", "--confirm", held.digest).status == 0)
    #expect(try gitHub.statuses.last == .init(commit, "success", "13 skills archived"))
  }

  @Test func whatAnExportTookInIsShownToo() throws {
    let commit = try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "Edited.") }
    try world.create("s2", title: "Beta")
    #expect(try world.export(.export).created == ["s2"])
    #expect(try gitHub.statuses == [.init(commit, "success", "1 skill updated")])
  }

  @Test func aTokenInTheAppsPlaceSetsItToo() throws {
    try gitHub.addToken("github_pat_5f2b")
    for name in gitHub.environment.keys where name != "GITHUB_URL" { world.environment[name] = nil }
    world.environment["GITHUB_TOKEN"] = "github_pat_5f2b"
    let commit = try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "Edited.") }
    let finished = try world.run(.gitToSkills, .push(commit))
    #expect(try gitHub.statuses == [.init(commit, "success", "1 skill updated")])
    #expect(!finished.errors.contains("github_pat"))
  }

  @Test func turnedOffGitHubIsNotAsked() throws {
    world.environment["COMMIT_STATUS"] = "off"
    try world.webhook(try world.repository.commit { try $0.write("skills/bad.md", Self.twice) })
    #expect(try gitHub.statusRequests == 0)
    #expect(try gitHub.statusTokens == 0)
  }

  @Test func aLookThatChangesNothingSetsNone() throws {
    try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "Edited.") }
    #expect(try world.run(.gitToSkills, "import", "--dry-run").status == 0)
    #expect(try gitHub.statusRequests == 0)
  }

  @Test(arguments: ["retry-after 3600", "reset 3600", "secondary"])
  func aRateLimitIsObeyedByTheProcessAndFailsNoImport(limit: String) throws {
    try gitHub.limit(limit)
    let emulator = try Emulator(.gitToSkills, in: world)
    for text in ["One.", "Two.", "Three."] {
      let commit = try world.repository.commit {
        try $0.write("skills/alpha.md", "---\nid: s1\ntitle: Alpha\n---\n\(text)\n")
      }
      let answer = try emulator.invoke(.push(commit)).answer(WebhookAnswer.self)
      #expect(answer.statusCode == 200 && answer.body.contains(#""updated":1"#), "\(answer)")
    }
    #expect(try gitHub.statusRequests == 1)
    #expect(warnings(emulator.log) == 1, "\(emulator.log)")
    #expect(emulator.log.split(separator: "\n").count { $0.contains(#""RateLimitAnswers":1"#) } == 1)
    #expect(!emulator.log.contains("ghs_"), "a token is in the log")
  }

  @Test func whatALimitKeptBackIsSaidOnceItIsOver() throws {
    try gitHub.limit("retry-after 1")
    let emulator = try Emulator(.gitToSkills, in: world)
    let commit = try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "Edited.") }
    _ = try emulator.invoke(.push(commit))
    #expect(try gitHub.statuses == [])
    try gitHub.limit("")
    usleep(1_100_000)
    _ = try emulator.invoke(.schedule)
    #expect(try gitHub.statuses == [.init(commit, "success", "1 skill updated")])
  }

  @Test func anAppWithoutThePermissionSyncsAllTheSameWithOneWarning() throws {
    try gitHub.grant("contents")
    let commit = try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "Edited.") }
    let finished = try world.run(.gitToSkills, .import)
    #expect(try finished.answer(ImportAnswer.self).updated.map(\.skillId) == ["s1"])
    #expect(warnings(finished.errors) == 1, "\(finished.errors)")
    #expect(finished.errors.contains("not granted to this installation"))
    #expect(finished.errors.contains("COMMIT_STATUS=off"))
    #expect(try gitHub.statusRequests == 0)
    try gitHub.grant("contents", "statuses")
    try world.import(.schedule)
    #expect(try gitHub.statuses == [.init(commit, "success", "1 skill updated")])
  }

  @Test func anAPIThatNeverAnswersHoldsARunUpForSecondsOnly() throws {
    try gitHub.addToken("github_pat_5f2b")
    for name in gitHub.environment.keys where name != "GITHUB_URL" { world.environment[name] = nil }
    let hole = try BlackHole()
    world.environment.merge([
      "GITHUB_TOKEN": "github_pat_5f2b", "GITHUB_API_URL": "http://127.0.0.1:\(hole.port)",
    ]) { _, new in new }
    try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "Edited.") }
    let time = ContinuousClock.now
    let finished = try world.run(.gitToSkills, .import)
    #expect(try finished.answer(ImportAnswer.self).updated.map(\.skillId) == ["s1"])
    #expect(warnings(finished.errors) == 1, "\(finished.errors)")
    #expect(ContinuousClock.now - time < .seconds(20))
  }

  /// How many warnings are in a log, of either form.
  private func warnings(_ log: String) -> Int {
    log.split(separator: "\n").count { $0.contains(" WARN ") || $0.contains(#""level":"WARN""#) }
  }
}
