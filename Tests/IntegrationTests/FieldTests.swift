import Foundation
import TestSupport
import Testing

/// What users of systems like this one have met, where no other suite shows it.
@Suite(.onOwnThreads) struct FieldTests {
  /// One conflict stopped all syncing until a clone was repaired by hand.
  @Test(arguments: ["manual", "merge"])
  func oneOverlapOfAHundredStopsNoOtherAndTheNextRunNeedsNobody(policy: String) throws {
    let world = try World()
    world.environment["CONFLICT_POLICY"] = policy
    for number in 1...100 { try world.create("s\(number)", title: "Skill \(number)") }
    try world.export()
    // The one on both sides, the others on one of them.
    for number in 1...50 { try world.save("s\(number)", "content", .text("Saved \(number).")) }
    let commit = try world.repository.commit {
      for number in 50...100 { try $0.edit("skills/skill-\(number).md", "A body.", "Pushed \(number).") }
    }
    let imported = try world.webhook(commit)
    #expect(imported.counts["updated"] ?? 0 >= 50)
    #expect(imported.conflicts.map(\.skillId) == (policy == "manual" ? ["s50"] : []))
    let exported = try world.export()
    #expect(exported.counts["updated"] ?? 0 >= 49)
    for number in 1...100 where number != 50 {
      let text = number < 50 ? "Saved \(number)." : "Pushed \(number)."
      #expect(try world.row("s\(number)")?.content.trimmed == text)
      #expect(try world.body("skills/skill-\(number).md")?.trimmed == text)
    }
    let conflicts = try world.conflicts()
    #expect(conflicts.map(\.skill) == ["s50"])
    #expect(conflicts.first?.row?.contains("Saved 50.") == true)
    #expect(conflicts.first?.file?.contains("Pushed 50.") == true)
    if policy == "manual" {
      #expect(try world.row("s50")?.content == "Saved 50.")
      #expect(try world.body("skills/skill-50.md") == "Pushed 50.\n")
    }
    try expectQuiet(world)
  }

  /// An automation died when the clone of a repository with a long history took over eight seconds.
  @Test func aHistoryOfFiveThousandCommitsCostsAsManyRequestsAsOne() throws {
    func cold(_ commits: Int) throws -> (exported: [String], imported: [String], time: Duration) {
      let world = try World.agreeing()
      try world.repository.append(commits: commits)
      try world.import()
      world.environment["WORK_DIRECTORY"] = "\(world.folder)/cold"
      try world.save("s1", "content", "Saved.")
      var time = Duration.zero
      let exported = try world.requests {
        time = try ContinuousClock().measure { try world.export(.updated("s1")) }
      }
      let commit = try world.repository.commit { try $0.edit("skills/alpha.md", "Saved.", "Pushed.") }
      world.environment["WORK_DIRECTORY"] = "\(world.folder)/colder"
      let imported = try world.requests { try world.webhook(commit) }
      #expect(try world.row("s1")?.content == "Pushed.")
      #expect(try world.repository.log("%H").count == commits + 3)
      return (exported, imported, time)
    }
    let (short, long) = (try cold(1), try cold(5_000))
    print("a cold export beside 5,000 commits: \(long.time), \(long.exported.count) requests")
    #expect(long.exported.count == short.exported.count && long.exported.count <= 5, "\(long.exported)")
    #expect(long.imported.count == short.imported.count && long.imported.count <= 5, "\(long.imported)")
    #expect(long.time < .seconds(8))
  }
}

extension TestRepository {
  /// Commits of other files, made on the server.
  func append(commits: Int) throws {
    let parent = try tip ?? ""
    var stream = ""
    for number in 1...commits {
      stream +=
        "commit refs/heads/main\ncommitter Eng <eng@example.com> \(1_700_000_000 + number) +0000\ndata 4\nedit\n"
      if number == 1 { stream += "from \(parent)\n" }
      stream += "M 100644 inline notes/\(number % 100).txt\ndata <<X\nnumber \(number)\nX\n"
    }
    let finished = try Program(
      [
        "git", "-C", "\(try Servers.repositories)/\(name).git", "-c", "safe.directory=*", "fast-import",
        "--quiet",
      ],
      environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], input: stream
    ).wait()
    guard finished.status == 0 else { throw TestSupportError("fast-import: \(finished.errors)") }
  }
}
