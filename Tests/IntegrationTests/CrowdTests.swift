import Foundation
import Postgres
import TestSupport
import Testing

/// Many people at once, and events that come late, twice or never.
@Suite(.onOwnThreads) struct CrowdTests {
  @Test func aHundredSkillsMadeAtOnceAreInGitOnceEachInFewPushes() throws {
    let world = try World.agreeing("s0", title: "First")
    world.environment["PUSH_INTERVAL"] = "2"
    let many = 100
    let connections = try (0..<many).map { _ in try world.database.connect(as: "test_app") }
    defer { connections.forEach { $0.close() } }
    // Each of its own connection, so that none is touched by two threads.
    nonisolated(unsafe) let people = connections
    DispatchQueue.concurrentPerform(iterations: many) { number in
      _ = try? people[number].query(
        Statement(
          "save",
          """
          INSERT INTO "Skill" (id, title, content, "ownerId", "createdAt", "updatedAt")
          VALUES ($1, $2, 'A body.', 'user-ada', timezone('utc', now()), timezone('utc', now()))
          """, [.text("n\(number)"), .text("New \(number)")]))
    }
    #expect(try world.rows().count == many + 1)
    let commits = try world.repository.log().count

    // Eight at a time, as queues invoke them.
    var waiting = (0..<many).shuffled()
    var running: [Program] = []
    while !waiting.isEmpty || !running.isEmpty {
      running.removeAll { !$0.isRunning }
      while running.count < 8, let number = waiting.popLast() {
        running.append(try world.start(.skillsToGit, .updated("n\(number)")))
      }
      usleep(2_000)
    }
    let paths = try world.repository.paths
    #expect(paths.count == many + 1)
    #expect(Set(paths).count == paths.count)
    #expect(try world.repository.log().count - commits <= 3)
    let ids = try paths.map { try #require(try world.value("id", in: $0)) }
    #expect(Set(ids).count == many + 1)
    #expect(try world.count("skill_sync.outbox") == 0)
    try expectQuiet(world)
  }

  /// `CROWD_COMMITS` says how many are pushed.
  @Test func whateverBecomesOfTheWebhooksTheRowsEqualTheFilesInTheEnd() throws {
    let count = ProcessInfo.processInfo.environment["CROWD_COMMITS"].flatMap { Int($0) } ?? 60
    let world = try World()
    var commits: [String] = []
    func text(_ number: Int) -> String {
      World.skillFile(id: "s\(number % 20)", title: "Skill \(number % 20)", body: "Edit \(number).\n")
    }
    var number = 0
    while number < count {
      // One by one, and in batches that come with one webhook.
      let batch = min(count - number, number.isMultiple(of: 3) ? 1 : Int.random(in: 1...8))
      try world.repository.pull()
      for _ in 1..<max(batch, 1) {
        try FileManager.default.createDirectory(
          atPath: "\(world.folder)/engineer/skills", withIntermediateDirectories: true)
        try text(number).write(
          toFile: "\(world.folder)/engineer/skills/s\(number % 20).md", atomically: true, encoding: .utf8)
        try world.repository.engineer("add", "--all")
        try world.repository.engineer("commit", "--quiet", "--allow-empty", "--message", "edit \(number)")
        try world.repository.engineer("push", "--quiet", "origin", "HEAD:main")
        number += 1
      }
      commits.append(
        try world.repository.commit("edit \(number)") {
          try $0.write("skills/s\(number % 20).md", text(number))
        })
      number += 1
    }
    // A tenth is lost, a third comes twice, and none in its turn.
    var deliveries = commits.filter { _ in Int.random(in: 0..<10) > 0 }
    deliveries += deliveries.filter { _ in Int.random(in: 0..<3) == 0 }
    for commit in deliveries.shuffled() { try world.webhook(commit) }
    try world.import(.schedule)
    for path in try world.repository.paths {
      let id = try #require(try world.value("id", in: path))
      #expect(try world.row(id)?.content == world.body(path)?.trimmed, "\(path)")
    }
    #expect(try world.conflicts().isEmpty)
    try expectQuiet(world)
  }
}
