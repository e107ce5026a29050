import Foundation
import Testing

@testable import Git

@Suite(.needsServer) struct ReadTests {
  @Test func filesAreListedBelowTheDirectoryWithTheirKinds() async throws {
    let fixture = try await Fixture()
    let blob = ObjectID.blobID(of: Array("A".utf8))
    let stream = """
      commit refs/heads/main
      committer E <e@example.com> 1700000000 +0000
      data 1
      x
      M 100644 inline skills/a.md
      data 1
      A
      M 100755 inline skills/run.sh
      data 1
      A
      M 120000 inline skills/link
      data 1
      A
      M 160000 0000000000000000000000000000000000000001 skills/module
      M 100644 inline "skills/\\303\\244 \\"q\\" \\\\ \\377.md"
      data 1
      A
      M 100644 inline skills-other/b.md
      data 1
      A

      """
    try await git("fast-import", "--quiet", in: fixture.path, input: Array(stream.utf8))
    let repository = try await fixture.open()
    let tip = try #require(try await repository.fetchTip())
    let entries = try await repository.tree(of: tip, directory: "skills")
    #expect(
      entries.map(\.path) == [
        "skills/a.md", "skills/link", "skills/module", "skills/run.sh", "skills/ä \"q\" \\ \u{FFFD}.md",
      ])
    #expect(entries.map(\.kind) == [.file, .symbolicLink, .submodule, .executable, .file])
    #expect(entries.map(\.isPathExact) == [true, true, true, true, false])
    #expect(entries.filter { $0.object == blob }.count == 4)
    #expect(try await repository.tree(of: tip, directory: "").count == 6)
  }

  @Test(arguments: ["nothing", "skills/a.md", ":(top)", "*", "skills*"])
  func aDirectoryThatIsNoneIsEmpty(directory: String) async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["skills/a.md": "A"])
    #expect(try await fixture.open().tree(of: tip, directory: directory) == [])
  }

  @Test func missingBlobsAreFetchedAtOnceAndReadInOrder() async throws {
    let fixture = try await Fixture()
    let texts = (0..<300).map { "text \($0)\n" }
    let tip = try await fixture.commit(
      Dictionary(uniqueKeysWithValues: texts.enumerated().map { ("skills/\($0.offset).md", $0.element) }))
    let repository = try await fixture.open()
    let blobs = try await repository.tree(of: tip, directory: "skills").map(\.object)
    _ = try await fixture.requests()
    try await repository.fetchMissing(blobs: blobs)
    #expect(try await fixture.requests() == ["GET", "POST"])
    try await repository.fetchMissing(blobs: blobs)
    try await repository.fetchMissing(blobs: [])
    let order = Array(texts.shuffled())
    #expect(try await repository.contents(order.map { .blobID(of: Array($0.utf8)) }) == order)
    #expect(try await fixture.requests() == [])
  }

  @Test func contentsAreBytes() async throws {
    let fixture = try await Fixture()
    let bytes: [[UInt8]] = [
      [], [0], [10], Array(0...255), Array("a blob 3\nabc\n".utf8), [UInt8](repeating: 7, count: 300_000),
    ]
    let repository = try await fixture.open()
    let commit = try await repository.commit(request(nil)) { stream in
      for (index, content) in bytes.enumerated() { try await stream.write(content, to: "\(index)") }
    }
    let entries = try await repository.tree(of: commit, directory: "")
    #expect(entries.map(\.object) == bytes.map { .blobID(of: $0) })
    var read: [[UInt8]] = []
    try await repository.readBlobs(entries.map(\.object)) { index, id, content in
      #expect(index == read.count && id == entries[index].object)
      read.append(content)
    }
    #expect(read == bytes)
  }

  @Test func missingBlobsAreFetchedOnceByReadingThemAndOneThatIsNowhereIsAnError() async throws {
    let fixture = try await Fixture()
    let texts = (0..<300).map { "text \($0)\n" }
    try await fixture.commit(
      Dictionary(uniqueKeysWithValues: texts.enumerated().map { ("\($0.offset)", $0.element) }))
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let blobs = texts.map { ObjectID.blobID(of: Array($0.utf8)) }
    try await repository.fetchMissing(blobs: Array(blobs[..<100]))
    _ = try await fixture.requests()
    #expect(try await repository.contents(blobs) == texts)
    #expect(try await fixture.requests() == ["GET", "POST"])
    #expect(try await repository.contents(blobs.reversed()) == texts.reversed())
    #expect(try await fixture.requests() == [])
    let error = await gitError { _ = try await repository.contents([.blobID(of: Array("nowhere".utf8))]) }
    #expect(error?.code == .missingObject)
  }

  @Test func whatDiffersBetweenTwoCommitsIsListed() async throws {
    let fixture = try await Fixture()
    let old = try await fixture.commit([
      "skills/a.md": "A", "skills/b.md": "B", "skills/ä.md": "Ä", "skills/sub/c.md": "C", "skillsx": "X",
    ])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let new = try await fixture.commit(
      ["skills/a.md": "AA", "skills/b.md": nil, "skills/ä.md": "ÄÄ", "skills/sub/d.md": "C", "skillsx": "XX"])
    _ = try await repository.fetchTip()
    _ = try await fixture.requests()
    let changes = try #require(try await repository.changes(from: old, to: new, directory: "skills"))
    #expect(
      changes.map { ($0.old ?? $0.new)?.path } == [
        "skills/a.md", "skills/b.md", "skills/sub/d.md", "skills/ä.md",
      ])
    #expect(changes.map { $0.old != nil } == [true, true, false, true])
    #expect(changes.map { $0.new != nil } == [true, false, true, true])
    #expect(changes[0].old?.object == .blobID(of: Array("A".utf8)))
    #expect(changes[0].new?.object == .blobID(of: Array("AA".utf8)))
    #expect(changes[0].new?.kind == .file && changes[3].new?.isPathExact == true)
    #expect(try await repository.changes(from: new, to: new, directory: "skills") == [])
    #expect(try await repository.changes(from: old, to: new, directory: "nowhere") == [])
    let nobody = try #require(ObjectID("00000000000000000000000000000000deadbeef"))
    #expect(try await repository.changes(from: nobody, to: new, directory: "skills") == nil)
    #expect(try await repository.changes(from: old, to: nobody, directory: "skills") == nil)
    #expect(try await fixture.requests() == [])
  }

  @Test func whatTheReaderThrowsComesBack() async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    let commit = try await repository.commit(["a": "A", "b": "B"], onto: nil)
    let blobs = try await repository.tree(of: commit, directory: "").map(\.object)
    var calls = 0
    await #expect(throws: Failure.self) {
      try await repository.readBlobs(blobs) { _, _, _ in
        calls += 1
        throw Failure(text: "enough")
      }
    }
    #expect(calls == 1)
  }

  @Test func whatTheReaderThrowsComesBackAfterAFetchToo() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A", "b": "B"])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    await #expect(throws: Failure.self) {
      try await repository.readBlobs([.blobID(of: Array("A".utf8))]) { _, _, _ in
        throw Failure(text: "enough")
      }
    }
  }

  @Test func aBlobThatTheCopyTakesForATreeIsFetchedAgain() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A"])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let blob = ObjectID.blobID(of: Array("A".utf8))
    func path(_ object: String) -> String {
      "\(repository.path)/objects/\(object.prefix(2))/\(object.dropFirst(2))"
    }
    let tree = try await git("hash-object", "-t", "tree", "-w", "/dev/null", in: repository.path).trimmed
    let folder = URL(fileURLWithPath: path("\(blob)")).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: path(tree), toPath: path("\(blob)"))
    #expect(try await repository.contents([blob]) == ["A"])
  }

  @Test func tenThousandBlobsAreReadInOneGo() async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    let commit = try await repository.commit(request(nil)) { stream in
      for number in 0..<10_000 {
        try await stream.write(
          Array("# Skill \(number)\n\(String(repeating: "words ", count: 100))".utf8),
          to: "skills/\(number).md")
      }
    }
    let blobs = try await repository.tree(of: commit, directory: "skills").map(\.object)
    var bytes = 0
    let clock = ContinuousClock()
    let time = try await clock.measure { try await repository.readBlobs(blobs) { bytes += $2.count } }
    #expect(blobs.count == 10_000)
    #expect(bytes > 6_000_000)
    // A process each would take ten times as long, on a busy machine too.
    #expect(time < .seconds(20))
  }

  @Test func aCommitsHeaderIsRead() async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    let author = Signature(name: "Zoë", email: "zoe@example.com", seconds: 5)
    let committer = Signature(name: "bot", email: "bot@example.com", seconds: 1_700_000_123, zoneMinutes: -90)
    let commit = try await repository.commit(
      CommitRequest(parent: nil, author: author, committer: committer, message: "create: ä\n\nmore")
    ) { try await $0.write([65], to: "a") }
    let expected = CommitHeader(
      committedAt: 1_700_000_123, authorName: "Zoë", authorEmail: "zoe@example.com", subject: "create: ä")
    let nobody = try #require(ObjectID("00000000000000000000000000000000deadbeef"))
    let later = try await repository.commit(["a": "B"], onto: commit)
    #expect(try await repository.headers(of: commit).of == expected)
    #expect(try await repository.headers(of: later, former: commit).former == expected)
    #expect(try await repository.headers(of: commit, former: nobody).of == expected)
    #expect(try await repository.headers(of: commit, former: nobody).former == nil)
    #expect(await gitError { _ = try await repository.headers(of: nobody) }?.code == .missingObject)
  }
}
