import Testing

@testable import Git

@Suite(.needsServer) struct PushTests {
  @Test func aWarmPushIsTwoRequestsAlsoWhereTheOldTextIsNotHere() async throws {
    let fixture = try await Fixture()
    let text = (0..<500).map { "line \($0)\n" }.joined()
    let tip = try await fixture.commit(["skills/a.md": text, "skills/b.md": "B"])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    #expect(try await repository.objectTypes([ObjectID.blobID(of: Array(text.utf8)).description]) == [nil])
    let commit = try await repository.commit(["skills/a.md": text + "one more\n"], onto: tip)
    _ = try await fixture.requests()
    #expect(try await repository.push(commit, expecting: tip) == .accepted)
    #expect(try await fixture.requests() == ["GET", "POST"])
    #expect(try await fixture.tip() == commit)
    #expect(try await fixture.content("skills/a.md") == text + "one more\n")
    try await git("fsck", "--strict", in: fixture.path)
    // The branch here follows, also for the next who opens the copy.
    #expect(repository.tip == commit)
    repository.close()
    #expect(try await fixture.open().tip == commit)
  }

  @Test func pushesFollowEachOther() async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    var tip = try await repository.fetchTip()
    for number in 0..<5 {
      let commit = try await repository.commit(["skills/a.md": "A\(number)"], onto: tip)
      #expect(try await repository.push(commit, expecting: tip) == .accepted)
      tip = try await repository.fetchTip()
      #expect(tip == commit)
    }
    #expect(try await git("rev-list", "--count", "main", in: fixture.path).trimmed == "5")
    let engineers = try await fixture.commit(["skills/b.md": "B"])
    #expect(try await repository.fetchTip() == engineers)
  }

  @Test func aStaleLeaseIsOneRequest() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["a": "A"])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let commit = try await repository.commit(["a": "ours"], onto: tip)
    let theirs = try await fixture.commit(["b": "theirs"])
    _ = try await fixture.requests()
    #expect(try await repository.push(commit, expecting: tip) == .stale(reason: "stale info"))
    #expect(try await fixture.requests() == ["GET"])
    #expect(try await fixture.tip() == theirs)
    #expect(repository.tip == tip)
  }

  @Test func whatSomebodyRemovedIsNotBroughtBack() async throws {
    let fixture = try await Fixture()
    let first = try await fixture.commit(["a": "A"])
    let removed = try await fixture.commit(["secret": "S"])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let commit = try await repository.commit(["a": "ours"], onto: removed)
    try await git("update-ref", "refs/heads/main", first.description, in: fixture.path)
    #expect(try await repository.push(commit, expecting: removed) == .stale(reason: "stale info"))
    #expect(try await fixture.tip() == first)
  }

  @Test func aBranchThatShouldNotExistAndDoesIsStale() async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let commit = try await repository.commit(["a": "ours"], onto: nil)
    let theirs = try await fixture.commit(["a": "theirs"])
    #expect(try await repository.push(commit, expecting: nil) == .stale(reason: "stale info"))
    #expect(try await fixture.tip() == theirs)
  }

  @Test func aBranchThatShouldExistAndDoesNotIsStale() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["a": "A"])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let commit = try await repository.commit(["a": "ours"], onto: tip)
    try await git("update-ref", "-d", "refs/heads/main", in: fixture.path)
    #expect(try await repository.push(commit, expecting: tip) == .stale(reason: "stale info"))
    #expect(try await fixture.tip() == nil)
  }

  @Test func aPushThatLandedBeforeIsAcceptedAgain() async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    let commit = try await repository.commit(["a": "A"], onto: nil)
    #expect(try await repository.push(commit, expecting: nil) == .accepted)
    #expect(try await repository.push(commit, expecting: nil) == .accepted)
  }

  @Test func ofTwoPushesThatMeetInsideTheServerOneIsRefusedAndTheTipSaysWhy() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["a": "A"])
    // The first to come moves the branch while it waits, as another push would.
    try fixture.hook(
      "pre-receive",
      """
      unset GIT_QUARANTINE_PATH
      tree=$(git rev-parse \(tip)^{tree})
      other=$(git -c user.name=x -c user.email=x@x commit-tree -p \(tip) -m other $tree)
      git update-ref refs/heads/main $other
      """)
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let commit = try await repository.commit(["a": "ours"], onto: tip)
    guard case .rejected(let rejection) = try await repository.push(commit, expecting: tip) else {
      Issue.record("the push was not refused")
      return
    }
    #expect(rejection.reason == "failed to update ref" || rejection.reason.contains("cannot lock ref"))
    #expect(rejection.kind == .other)
    let now = try await repository.remoteTip()
    #expect(now != tip && now != commit)
    #expect(try await fixture.tip() == now)
  }

  @Test func theTipIsAskedForWithoutFetchingAnything() async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    #expect(try await repository.remoteTip() == nil)
    let tip = try await fixture.commit(["a": "A"])
    // Its name ends as the branch's does.
    let other = try await fixture.commit(["b": "B"], branch: "x/refs/heads/main")
    _ = try await fixture.requests()
    #expect(try await repository.remoteTip() == tip)
    #expect(try await fixture.requests().count == 2)
    #expect(try await !repository.hasCommit(tip) && other != tip)
    #expect(repository.tip == nil)
  }

  @Test func twoCopiesRaceAndOneWins() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["a": "A"])
    let one = try await fixture.open()
    let other = try await fixture.open()
    #expect(one.path != other.path)
    for repository in [one, other] { _ = try await repository.fetchTip() }
    let first = try await one.commit(["a": "one"], onto: tip)
    let second = try await other.commit(["a": "other"], onto: tip)
    #expect(try await one.push(first, expecting: tip) == .accepted)
    #expect(try await other.push(second, expecting: tip) == .stale(reason: "stale info"))
    #expect(try await other.fetchTip() == first)
    let again = try await other.commit(["a": "other"], onto: first)
    #expect(try await other.push(again, expecting: first) == .accepted)
  }

  @Test func aFirstExportOfManyFilesIsOnePush() async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let commit = try await repository.commit(request(nil)) { stream in
      for number in 0..<3_000 {
        try await stream.write(
          Array("\(number) \(UInt64.random(in: 0...UInt64.max))\n".utf8), to: "skills/\(number).md")
      }
    }
    _ = try await fixture.requests()
    #expect(try await repository.push(commit, expecting: nil) == .accepted)
    #expect(try await fixture.requests().count <= 3)
    #expect(try await fixture.files().count == 3_000)
  }
}
