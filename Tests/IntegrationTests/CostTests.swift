import Foundation
import Postgres
import TestSupport
import Testing

/// What a sync costs: requests at the git server, round trips to the database, time.
@Suite(.onOwnThreads) struct CostTests {
  @Test func oneSavedSkillIsTwoRequestsWhereTheCacheIsWarm() throws {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta")
    try world.export()
    // Each run is a new process: the folder is what is warm.
    for (text, event) in [("One.", Event.sync), ("Two.", .updated("s1"))] {
      try world.save("s1", "content", .text(text))
      let requests = try world.requests { try world.export(event) }
      #expect(requests.count == 2, "\(requests)")
      #expect(requests.last?.hasPrefix("POST") == true && requests.last?.contains("git-receive-pack") == true)
    }
  }

  @Test func oneSavedSkillIsAtMostFiveRequestsWhereTheCacheIsCold() throws {
    let world = try World.agreeing()
    try world.save("s1", "content", "Changed.")
    world.environment["WORK_DIRECTORY"] = "\(world.folder)/cold"
    let requests = try world.requests { try world.export(.updated("s1")) }
    print("cold export of one skill: \(requests.count) requests")
    #expect(requests.count <= 5, "\(requests)")
    #expect(try world.body("skills/alpha.md") == "Changed.\n")
  }

  /// In a new sandbox, too.
  @Test func anEventThatAsksForNothingStartsNoGit() throws {
    let world = try World.agreeing()
    world.environment["WORK_DIRECTORY"] = "\(world.folder)/new"
    let requests = try world.requests {
      try world.export(.updated("s1"))
      try world.webhook(try world.repository.tip ?? "")
    }
    #expect(requests.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: "\(world.folder)/new"))
  }

  /// A request to cancel is a connection of its own, and may come late: at the end of an answer there is nothing to cancel.
  @Test func aRunConnectsToTheDatabaseOnce() throws {
    let world = try World.agreeing()
    let proxy = try LoopbackProxy(beforeDatabaseOf: world)
    try world.save("s1", "content", "Saved.")
    try world.export()
    #expect(proxy.connections == 1)
    try world.push("Saved.", "Pushed.")
    try world.import()
    #expect(proxy.connections == 2)
  }

  /// Of the second of two turns: a process that has done it before knows the table.
  private static func roundTrips(
    of executable: Executable, among count: Int, _ change: (World, String) throws -> Event,
    brings check: (World, String) throws -> Void
  ) throws -> Int {
    let world = try World()
    try world.application(rows(1...count))
    try world.export(.schedule)
    let proxy = try LoopbackProxy(beforeDatabaseOf: world)
    let emulator = try Emulator(executable, in: world)
    var before = 0
    for text in ["One.", "Two."] {
      let event = try change(world, text)
      before = proxy.roundTrips
      _ = try emulator.invoke(event)
      try check(world, text)
    }
    return proxy.roundTrips - before
  }

  /// What the distance of the database multiplies.
  @Test func oneSavedSkillIsAsFewRoundTripsAmongManyAsAmongFew() throws {
    func roundTrips(among count: Int) throws -> Int {
      try Self.roundTrips(of: .skillsToGit, among: count) { world, text in
        try world.save("skill-7", "content", .text(text))
        return .updated("skill-7")
      } brings: { world, text in
        let body = try world.body("skills/skill-number-7.md")
        #expect(body == text + "\n")
      }
    }
    let few = try roundTrips(among: 10)
    print("one saved skill: \(few) round trips to the database")
    #expect(few <= 4)
    let many = try roundTrips(among: 2_000)
    #expect(many == few)
  }

  /// It would stop the next statement.
  @Test func aConnectionOnWhichARequestToCancelIsLateIsNotUsedAgain() throws {
    let world = try World()
    let proxy = try LoopbackProxy(beforeDatabaseOf: world)
    let url = try DatabaseURL(try #require(world.environment["DATABASE_URL"]))
    let connection = try Connection(url, applicationName: "test", remainingTime: { .seconds(30) })
    let stream = try connection.stream(
      Statement("many rows", "SELECT n, repeat('x', 1000) FROM generate_series(1, 1000000) n"))
    _ = try stream.next()
    proxy.slowDown(by: 400_000)
    stream.close()
    #expect(!connection.isOpen)
  }

  /// Our part of the latency that docs/product.md tells of: under Lambda's emulator, with servers on this machine.
  @Test func aSaveAndAPushAreOnTheOtherSideWithinSeconds() throws {
    let world = try World.agreeing(content: "Number 0.")
    world.environment["PUSH_INTERVAL"] = "0"
    func times(_ executable: Executable, _ change: (Int) throws -> Event) throws -> [Duration] {
      let emulator = try Emulator(executable, in: world)
      return try (1...11).map { number in
        let event = try change(number)
        let began = ContinuousClock.now
        _ = try emulator.invoke(event)
        return ContinuousClock.now - began
      }
    }
    let exports = try times(.skillsToGit) {
      try world.save("s1", "content", .text("Number \($0)."))
      return .updated("s1")
    }
    #expect(try world.body("skills/alpha.md") == "Number 11.\n")
    let imports = try times(.gitToSkills) {
      try .push(world.push("Number \($0 + 10).", "Number \($0 + 11)."))
    }
    #expect(try world.row("s1")?.content == "Number 22.")
    for (what, times) in [("save to commit", exports), ("push to row", imports)] {
      let warm = times.dropFirst().sorted()
      print("\(what): \(times[0]) where the function is cold, else \(warm[5]), at most \(warm[9])")
      #expect(warm[5] < .seconds(5))
    }
  }

  /// fluxcd/flux2#2314, git-sync#198: there a long history or large files beside the text cost time, memory and disk.
  @Test func aLongHistoryAndLargeFilesBesideTheSkillsCostNothing() throws {
    let world = try World()
    var stream = ""
    for number in 1...5_000 {
      let text = World.skillFile(
        id: "s\(number % 100)", title: "Skill \(number % 100)", body: "Edit \(number).")
      stream +=
        "commit refs/heads/main\nmark :\(number)\ncommitter E <e@example.com> \(1_700_000_000 + number) +0000\n"
      stream += "data 4\nedit\n" + (number > 1 ? "from :\(number - 1)\n" : "")
      stream += "M 100644 inline skills/skill-\(number % 100).md\ndata \(text.utf8.count)\n\(text)\n"
    }
    // Hexadecimal digits of a counter's square: what git can't make small.
    var asset = ""
    for number in UInt64(1)...600_000 {
      asset += String(number &* number &* 0x9E37_79B9_7F4A_7C15, radix: 16)
    }
    stream +=
      "commit refs/heads/main\ncommitter E <e@example.com> 1700009999 +0000\ndata 5\nasset\nfrom :5000\n"
    for name in 1...5 {
      let text = "\(name)" + asset
      stream += "M 100644 inline assets/\(name).bin\ndata \(text.utf8.count)\n\(text)\n"
    }
    try world.repository.fastImport(stream)
    try world.repository.onServer("repack", "-a", "-d", "-q", "--window=0")

    let requests = try world.requests {
      let program = try world.start(.gitToSkills, .import)
      let footprint = Footprint(of: program, workDirectory: "\(world.folder)/work")
      print(
        "first import beside 5,000 commits and \((asset.utf8.count * 5) >> 20) MB of other files: \(footprint)"
      )
      #expect(footprint.disk < 4 << 20)
      #expect(footprint.memory < 64 << 20)
      #expect(try program.wait().answer(ImportAnswer.self).counts["created"] == 100)
    }
    #expect(requests.count <= 5, "\(requests)")
    try world.save("s7", "content", "Saved.")
    world.environment["WORK_DIRECTORY"] = "\(world.folder)/cold"
    #expect(try world.requests { try world.export(.updated("s7")) }.count <= 5)
    #expect(try world.repository.file("skills/skill-7.md")?.contains("Saved.") == true)
  }

  @Test func aHundredSavedSkillsAreOnePush() throws {
    let world = try World()
    try world.application(Self.rows(1...100))
    try world.export()
    try world.application(#"UPDATE "Skill" SET content = content || ' Changed.'"#)
    let requests = try world.requests {
      let answer = try world.export()
      #expect(answer.counts["updated"] == 100)
      #expect(answer.commits.count == 1)
    }
    #expect(requests.count == 2, "\(requests)")
    #expect(try world.repository.log().count == 2)
  }

  @Test func aSyncTakesNoMoreThanItsBatchAndTheNextTakesTheRest() throws {
    let world = try World()
    world.environment["SYNC_BATCH_SIZE"] = "10"
    try world.application(Self.rows(1...25))
    #expect(try world.export().pending == 15)
    #expect(try world.export().counts["created"] == 10)
    #expect(try world.export().pending == 0)
    #expect(try world.repository.log().count == 3)
    try expectQuiet(world)
  }

  @Test func oneFileChangedInGitIsAtMostThreeRequestsWhereTheCacheIsWarm() throws {
    let world = try World.agreeing()
    try world.import()
    for text in ["One", "Two"] {
      let commit = try world.repository.commit {
        try $0.write("skills/alpha.md", World.skillFile(id: "s1", title: "Alpha", body: text))
      }
      let requests = try world.requests { try world.webhook(commit) }
      #expect(requests.count <= 3, "\(requests)")
      #expect(try world.row("s1")?.content == text)
    }
  }

  @Test func onePushedFileIsAsFewRoundTripsAmongManyAsAmongFew() throws {
    func roundTrips(among count: Int) throws -> Int {
      try Self.roundTrips(of: .gitToSkills, among: count) { world, text in
        let commit = try world.repository.commit {
          try $0.write(
            "skills/skill-number-7.md", World.skillFile(id: "skill-7", title: "Skill number 7", body: text))
        }
        return try .push(commit)
      } brings: { world, text in
        let content = try world.row("skill-7")?.content
        #expect(content == text)
      }
    }
    let few = try roundTrips(among: 10)
    print("one pushed file: \(few) round trips to the database")
    #expect(few <= 5)
    #expect(try roundTrips(among: 2_000) == few)
  }

  @Test func aScheduledLookWithNothingNewIsAtMostThreeRequests() throws {
    let world = try World.agreeing()
    try world.import()
    let imported = try world.requests { try world.import(.schedule) }
    let exported = try world.requests { try world.export(.schedule) }
    print("a look with nothing new: import \(imported.count) requests, export \(exported.count)")
    #expect(imported.count <= 3, "\(imported)")
    #expect(exported.count <= 3, "\(exported)")
  }

  @Test func pushesKeepTheirDistance() throws {
    let world = try World.agreeing()
    world.environment["PUSH_INTERVAL"] = "2"
    try world.save("s1", "content", "One.")
    try world.export()
    try world.save("s1", "content", "Two.")
    let waiting = try world.start(.skillsToGit, .sync)
    // What is saved while it waits goes along.
    eventually(within: .milliseconds(500)) { !waiting.isRunning }
    #expect(waiting.isRunning)
    try world.create("s2", title: "Beta")
    let answer: ExportAnswer = try waiting.wait().answer()
    #expect(answer.created == ["s2"] && answer.updated == ["s1"])
    #expect(answer.commits.count == 1)
  }

  static func rows(_ numbers: ClosedRange<Int>) -> String {
    #"""
    INSERT INTO "Skill" (id, title, content, categories, "ownerId", "updatedAt")
    SELECT 'skill-' || n, 'Skill number ' || n, 'The text of skill ' || n || E'.\n\n' || repeat('It goes on. ', 10)
        || (SELECT string_agg(md5(n || '-' || i), ' ') FROM generate_series(1, 56) i),
      ARRAY['bulk'], 'user-ada', timezone('utc', now()) FROM generate_series(\#(numbers.lowerBound), \#(numbers.upperBound)) n
    """#
  }
}

/// Ten thousand skills, each way; one test at a time, as they are measured.
@Suite(.serialized, .onOwnThreads) struct BulkTests {
  private static let many = 10_000

  /// The round trips and the answer of an import of `count` new files, through a proxy that counts.
  private func importFiles(_ count: Int) throws -> (
    world: World, roundTrips: Int, requests: [String], time: Duration
  ) {
    let world = try World()
    try world.repository.commit { files in
      for number in 1...count {
        try files.write(
          "skills/group-\(number % 50)/skill-\(number).md",
          World.skillFile(
            id: number.isMultiple(of: 3) ? nil : "skill-\(number)", title: "Skill number \(number)",
            body: "The text of skill \(number).\n\n\(Self.words(number))\n\nIt goes on."))
      }
    }
    let url = world.environment["DATABASE_URL"]
    let proxy = try LoopbackProxy(beforeDatabaseOf: world)
    defer { world.environment["DATABASE_URL"] = url }
    var time = Duration.zero
    let requests = try world.requests {
      time = try ContinuousClock().measure {
        let program = try world.start(.gitToSkills, .import)
        expectSmall(Footprint(of: program, workDirectory: "\(world.folder)/work"), "import of \(count) files")
        let answer = try program.wait().answer(ImportAnswer.self)
        #expect(answer.counts["created"] == count)
        #expect(answer.created.count == min(count, 1_000))
        #expect(answer.failed == [])
      }
    }
    return (world, proxy.roundTrips, requests, time)
  }

  /// About 2 KB that compress as badly as a text does.
  private static func words(_ seed: Int) -> String {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
    return (0..<300).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return String(state >> 34, radix: 36)
    }.joined(separator: " ")
  }

  /// What the smallest function has (128 MB), and what of Lambda's /tmp others may need too.
  private func expectSmall(_ footprint: Footprint, _ what: String) {
    print("\(what): \(footprint)")
    #expect(footprint.memory < 128 << 20)
    #expect(footprint.disk < 64 << 20)
  }

  @Test func tenThousandNewFilesAreOneTransactionWithAsManyRoundTripsAsTen() throws {
    let few = try importFiles(10)
    let (world, roundTrips, requests, time) = try importFiles(Self.many)
    print("import of \(Self.many) new files: \(roundTrips) round trips, \(requests.count) requests, \(time)")
    // A few go along with the transaction, many are copied before it.
    #expect(roundTrips <= few.roundTrips + 2)
    #expect(requests.count <= 5, "\(requests)")
    #expect(try world.rows().count == Self.many)
    let transactions = try world.sql(
      #"SELECT count(DISTINCT xmin::text) AS n FROM (SELECT xmin FROM "Skill" UNION ALL SELECT xmin FROM skill_sync.base) x"#
    )
    #expect(try transactions[0].integer("n") == 1)
    let quiet = try ContinuousClock().measure { try expectQuiet(world) }
    print("a sweep of both over \(Self.many) skills that agree: \(quiet)")

    let commit = try world.repository.commit {
      try $0.edit("skills/group-7/skill-7.md", "It goes on.", "It went on.")
    }
    let one = try world.requests {
      let time = try ContinuousClock().measure { try world.webhook(commit) }
      print("import of one changed file among \(Self.many): \(time)")
    }
    #expect(one.count <= 3, "\(one)")
    #expect(try world.row("skill-7")?.content.contains("It went on.") == true)
  }

  @Test func tenThousandRowsAreExportedInOnePush() throws {
    let world = try World()
    try world.repository.commit { try $0.write("README.md", "# Skills\n") }
    try world.application(CostTests.rows(1...Self.many))
    let proxy = try LoopbackProxy(beforeDatabaseOf: world)
    let requests = try world.requests {
      let time = try ContinuousClock().measure {
        let program = try world.start(.skillsToGit, ["export", "--json"])
        expectSmall(
          Footprint(of: program, workDirectory: "\(world.folder)/work"), "export of \(Self.many) rows")
        let answer: ExportAnswer = try program.wait().answer()
        #expect(answer.counts["created"] == Self.many)
        #expect(answer.commits.count == 1)
        #expect(answer.pending == 0)
      }
      print("export of \(Self.many) rows: \(time), \(proxy.roundTrips) round trips")
    }
    print("export of \(Self.many) rows: \(requests.count) requests: \(requests)")
    #expect(try world.repository.log().count == 2)
    #expect(try world.repository.paths.count == Self.many + 1)

    try world.save("skill-7", "content", "Changed.")
    let one = try world.requests {
      let time = try ContinuousClock().measure { try world.export(.updated("skill-7")) }
      print("export of one changed row among \(Self.many): \(time)")
    }
    #expect(one.count == 2, "\(one)")
    try expectQuiet(world)
  }
}
