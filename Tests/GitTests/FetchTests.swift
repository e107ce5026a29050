import Testing

@testable import Git

@Suite(.needsServer) struct FetchTests {
  @Test func aColdOpenAndTheTipCostThreeRequests() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["skills/a.md": "A"])
    let repository = try await fixture.open()
    #expect(try await repository.fetchTip() == tip)
    #expect(repository.tip == tip)
    #expect(try await fixture.requests() == ["GET", "POST", "POST"])
    let next = try await fixture.commit(["skills/a.md": "B"])
    #expect(try await repository.fetchTip() == next)
  }

  @Test func theTipIsNeverOlderThanTheQuestion() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["skills/a.md": "A"])
    let repository = try await fixture.open()
    let next = try await fixture.commit(["skills/a.md": "B"])
    #expect(try await repository.fetchTip() == next)
  }

  @Test func aWarmOpenAsksNothingAndKnowsTheTip() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["skills/a.md": "A"])
    let first = try await fixture.open()
    _ = try await first.fetchTip()
    first.close()
    _ = try await fixture.requests()
    let repository = try await fixture.open()
    #expect(repository.tip == tip)
    #expect(try await repository.tree(of: tip, directory: "skills").map(\.path) == ["skills/a.md"])
    #expect(try await fixture.requests() == [])
  }

  @Test func aWarmFetchIsThreeRequestsAndBringsNewFilesButNoLargeOnes() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["skills/a.md": "A"])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let large = String(repeating: "x", count: 2 << 20)
    let tip = try await fixture.commit(["skills/b.md": "B", "assets/large.bin": large])
    _ = try await fixture.requests()
    #expect(try await repository.fetchTip() == tip)
    #expect(try await fixture.requests() == ["GET", "POST", "POST"])
    #expect(try await repository.contents([.blobID(of: Array("B".utf8))]) == ["B"])
    #expect(try await fixture.requests() == [])
    #expect(try await repository.contents([.blobID(of: Array(large.utf8))]) == [large])
    #expect(try await fixture.requests() == ["GET", "POST"])
  }

  @Test func anotherCommitComesAlongWithTheTip() async throws {
    let fixture = try await Fixture()
    let first = try await fixture.commit(["skills/a.md": "A"])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip(with: first)
    let second = try await fixture.commit(["skills/a.md": "AA"])
    let third = try await fixture.commit(["skills/b.md": "B"])
    _ = try await fixture.requests()
    #expect(try await repository.fetchTip(with: second) == third)
    #expect(try await fixture.requests() == ["GET", "POST", "POST"])
    let changes = try await repository.changes(from: second, to: third, directory: "skills")
    #expect(changes?.map(\.new?.path) == ["skills/b.md"])
    // One that the server hasn't (any more) is in nobody's way.
    let gone = try #require(ObjectID(String(repeating: "1", count: 40)))
    let fourth = try await fixture.commit(["skills/b.md": "BB"])
    #expect(try await repository.fetchTip(with: gone) == fourth)
    #expect(try await repository.changes(from: gone, to: fourth, directory: "skills") == nil)
    #expect(try await repository.contents([.blobID(of: Array("BB".utf8))]) == ["BB"])
  }

  @Test func anEditedFileThatTheServerSendsAsADifferenceArrives() async throws {
    let fixture = try await Fixture()
    let old = (0..<2_000).map { "line \($0)\n" }.joined()
    let new = old.replacingOccurrences(of: "line 50\n", with: "fifty\n")
    try await fixture.commit(["skills/a.md": old])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    try await fixture.commit(["skills/a.md": new])
    _ = try await fixture.requests()
    _ = try await repository.fetchTip()
    #expect(try await fixture.requests().count <= 5)
    #expect(try await repository.contents([.blobID(of: Array(new.utf8))]) == [new])
  }

  @Test func anEmptyRepositoryHasNoTip() async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    #expect(try await repository.fetchTip() == nil)
    #expect(try await fixture.requests().count == 2)
    let tip = try await fixture.commit(["a": "A"])
    #expect(try await repository.fetchTip() == tip)
  }

  @Test func aBranchThatDoesNotExistHasNoTip() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A"])
    let repository = try await fixture.open(fixture.remote("drafts/new"))
    #expect(try await repository.fetchTip() == nil)
    let tip = try await fixture.commit(["b": "B"], branch: "drafts/new")
    #expect(try await repository.fetchTip() == tip)
    #expect(try await repository.tree(of: tip, directory: "").map(\.path) == ["b"])
  }

  @Test func aDeletedBranchHasNoTipAlsoAfterReopening() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A"])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    try await git("update-ref", "-d", "refs/heads/main", in: fixture.path)
    #expect(try await repository.fetchTip() == nil)
    repository.close()
    #expect(try await fixture.open().tip == nil)
  }

  @Test func aRewrittenBranchIsFollowed() async throws {
    let fixture = try await Fixture()
    let first = try await fixture.commit(["a": "A"])
    try await fixture.commit(["a": "B"])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let rewritten = try await fixture.commit(["a": "C"], onto: first.description)
    #expect(try await repository.fetchTip() == rewritten)
    try await git("update-ref", "refs/heads/main", first.description, in: fixture.path)
    #expect(try await repository.fetchTip() == first)
    #expect(try await repository.tree(of: first, directory: "").map(\.path) == ["a"])
  }

  @Test func aRecordedTipThatTheCopyHasNotIsFetched() async throws {
    let fixture = try await Fixture()
    let first = try await fixture.commit(["skills/a.md": "A", "skills/deep/b.md": "B"])
    let tip = try await fixture.commit(["skills/a.md": "AA"])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    #expect(try await repository.hasCommit(tip))
    #expect(try await !repository.hasCommit(first))
    try await repository.fetchCommit(first)
    #expect(try await repository.hasCommit(first))
    let paths = try await repository.tree(of: first, directory: "skills").map(\.path)
    #expect(paths == ["skills/a.md", "skills/deep/b.md"])
    // The tip is untouched by it.
    let next = try await fixture.commit(["skills/c.md": "C"])
    #expect(try await repository.fetchTip() == next)
  }

  @Test func aCommitThatNobodyHasIsAMissingObject() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A"])
    let repository = try await fixture.open()
    let nobody = try #require(ObjectID("00000000000000000000000000000000deadbeef"))
    #expect(await gitError { try await repository.fetchCommit(nobody) }?.code == .missingObject)
    #expect(await gitError { try await repository.fetchMissing(blobs: [nobody]) }?.code == .missingObject)
    #expect(
      await gitError { _ = try await repository.tree(of: nobody, directory: "") }?.code == .missingObject)
  }

  @Test func theRepositorysOwnConfigurationStaysFreeOfTheRemote() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": String(repeating: "line\n", count: 500)])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    try await fixture.commit(["a": String(repeating: "line\n", count: 499) + "end\n"])
    _ = try await repository.fetchTip()
    let configuration = Folder(path: repository.path).read("config").map {
      String(decoding: $0, as: UTF8.self)
    }
    #expect(configuration?.contains("remote") == false)
    #expect(configuration?.contains("bare = true") == true)
  }
}
