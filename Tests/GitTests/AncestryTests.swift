import Testing

@testable import Git

@Suite(.needsServer) struct AncestryTests {
  static let now = 1_800_000_000

  @Test func aCommitBelowTheTipIsAnAncestor() async throws {
    let fixture = try await Fixture()
    for day in 0..<20 { try await fixture.commit(["old": "\(day)"], at: Self.now - 86_400 * (40 - day)) }
    let ours = try await fixture.commit(["a": "ours"], at: Self.now)
    try await fixture.commit(["b": "1"], at: Self.now + 60)
    let tip = try await fixture.commit(["b": "2"], at: Self.now + 120)
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    _ = try await fixture.requests()
    #expect(try await repository.isAncestor(ours, of: tip, since: Self.now - 3_600))
    #expect(try await fixture.requests() == ["GET", "POST"])
    #expect(try await repository.isAncestor(tip, of: tip, since: Self.now))
    #expect(try await fixture.requests() == [])
  }

  @Test func aCommitThatWasRemovedIsNoAncestor() async throws {
    let fixture = try await Fixture()
    let first = try await fixture.commit(["a": "A"], at: Self.now - 100)
    let removed = try await fixture.commit(["a": "B"], at: Self.now)
    let tip = try await fixture.commit(["a": "C"], onto: first.description, at: Self.now + 10)
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    #expect(try await !repository.isAncestor(removed, of: tip, since: Self.now - 3_600))
    // One that only we have: made here, never landed.
    let unsent = try await repository.commit(["a": "D"], onto: tip)
    #expect(try await !repository.isAncestor(unsent, of: tip, since: Self.now - 3_600))
  }

  @Test func aTipOlderThanTheTimeIsSearchedToo() async throws {
    let fixture = try await Fixture()
    let first = try await fixture.commit(["a": "A"], at: 1_000_000_000)
    let tip = try await fixture.commit(["a": "B"], at: 1_000_000_100)
    let repository = try await fixture.open()
    #expect(try await repository.isAncestor(first, of: tip, since: Self.now))
    let nobody = try #require(ObjectID("00000000000000000000000000000000deadbeef"))
    #expect(try await !repository.isAncestor(nobody, of: tip, since: Self.now))
  }

  @Test func aSlowClockAboveDoesNotHideTheCommit() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A"], at: Self.now - 1_000_000)
    let ours = try await fixture.commit(["a": "ours"], at: Self.now)
    for number in 0..<10 { try await fixture.commit(["b": "\(number)"], at: Self.now - 500_000 + number) }
    let tip = try #require(try await fixture.tip())
    let repository = try await fixture.open()
    #expect(try await repository.isAncestor(ours, of: tip, since: Self.now - 3_600))
  }

  @Test func lookingAtTheHistoryLeavesTheCopyAsItWas() async throws {
    let fixture = try await Fixture()
    let first = try await fixture.commit(["a": "A", "dir/b": "B"], at: Self.now - 10)
    let ours = try await fixture.commit(["a": "B"], at: Self.now)
    let tip = try await fixture.commit(["a": "C"], at: Self.now + 10)
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    #expect(try await repository.isAncestor(ours, of: tip, since: Self.now - 3_600))
    #expect(try await !repository.hasCommit(ours))
    try await repository.fetchCommit(first)
    #expect(try await repository.tree(of: first, directory: "").map(\.path) == ["a", "dir/b"])
    let next = try await fixture.commit(["a": "D"], at: Self.now + 20)
    #expect(try await repository.fetchTip() == next)
    let commit = try await repository.commit(["a": "E"], onto: next)
    #expect(try await repository.push(commit, expecting: next) == .accepted)
    var names: [String] = []
    Folder(path: repository.path).forEach { name, _, _ in names.append(name) }
    #expect(!names.contains { $0.hasPrefix("tmp_") })
  }

  @Test func aTipThatTheServerHasNotIsAMissingObject() async throws {
    let fixture = try await Fixture()
    let first = try await fixture.commit(["a": "A"])
    let repository = try await fixture.open()
    let nobody = try #require(ObjectID("00000000000000000000000000000000deadbeef"))
    let error = await gitError { _ = try await repository.isAncestor(first, of: nobody, since: 0) }
    #expect(error?.code == .missingObject)
  }
}
