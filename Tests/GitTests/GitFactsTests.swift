import Foundation
import Testing

@testable import Git

/// What we rely on of git itself: a version that changes one of these fails here, and not in a sync.
@Suite(.needsServer) struct GitFactsTests {
  /// A repository of our side in the work directory, made and filled by plain git.
  private func copy(_ fixture: Fixture, filter: String = "blob:none") async throws -> String {
    let path = "\(fixture.workDirectory)/plain.git"
    try await git("init", "--quiet", "--bare", "--template=", path)
    try await git(
      "-c", "remote.origin.url=\(fixture.url)", "-c", "remote.origin.promisor=true", "-c",
      "remote.origin.partialclonefilter=blob:none", "fetch", "--quiet",
      "--no-tags",
      "--depth=1", "--filter=\(filter)", "origin", "+refs/heads/main:refs/heads/main", in: path)
    return path
  }

  @Test func aMissingBranchIsNamedByTheErrorAlsoInAnEmptyRepository() async throws {
    let fixture = try await Fixture()
    let answer = try await git("fetch", fixture.url, "refs/heads/main", in: fixture.path, mayFail: true)
    #expect(answer.lines.contains("fatal: couldn't find remote ref refs/heads/main"))
    try await fixture.commit(["a": "A"])
    let other = try await git("fetch", fixture.url, "refs/heads/x", in: fixture.path, mayFail: true)
    #expect(other.lines.contains("fatal: couldn't find remote ref refs/heads/x"))
    let clone = try await git(
      "clone", "--bare", "--branch", "x", fixture.url, "\(fixture.workDirectory)/c", mayFail: true)
    #expect(clone.contains("exited(128)"))
  }

  @Test func withoutPromisorConfigurationAMissingBlobIsReportedAndNotFetched() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A"])
    let path = try await copy(fixture)
    _ = try await fixture.requests()
    let id = ObjectID.blobID(of: Array("A".utf8)).description
    let answer = try await git("cat-file", "--batch-check", in: path, input: Array("\(id)\n".utf8))
    #expect(answer == "\(id) missing\n")
    #expect(try await fixture.requests() == [])
  }

  @Test func withPromisorConfigurationAMissingBlobIsFetchedAndWithoutLeaveFatal() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A"])
    let path = try await copy(fixture)
    let id = ObjectID.blobID(of: Array("A".utf8)).description
    for (key, value) in [("url", fixture.url), ("promisor", "true")] {
      try await git("config", "remote.origin.\(key)", value, in: path)
    }
    _ = try await fixture.requests()
    let refused = try await git(
      "cat-file", "--batch-check", in: path, input: Array("\(id)\n".utf8), mayFail: true,
      environment: ["GIT_NO_LAZY_FETCH": "1"])
    #expect(refused.contains("lazy fetching disabled") && refused.contains("exited(128)"))
    #expect(try await fixture.requests() == [])
    let fetched = try await git("cat-file", "--batch-check", in: path, input: Array("\(id)\n".utf8))
    #expect(fetched == "\(id) blob 1\n")
    #expect(try await fixture.requests() == ["GET", "POST"])
  }

  @Test func aFetchWithAFilterWritesConfigurationUnlessItHasItAlready() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A"])
    let path = try await copy(fixture)
    #expect(try await !git("config", "--list", "--file", "config", in: path).contains("remote"))
    try await git(
      "-c", "remote.origin.url=\(fixture.url)", "-c", "remote.origin.promisor=true", "fetch", "--quiet",
      "--no-tags",
      "--depth=1", "--filter=blob:none", "origin", "+refs/heads/main:refs/heads/main", in: path)
    #expect(try await git("config", "--list", "--file", "config", in: path).contains("partialclonefilter"))
  }

  @Test func aPushAsksForTheOldBlobOnlyWherePromisorIsConfigured() async throws {
    let fixture = try await Fixture()
    let text = (0..<500).map { "line \($0)\n" }.joined()
    let tip = try await fixture.commit(["a": text])
    let path = try await copy(fixture)
    var expected = tip.description
    for (setting, requests) in [("x.y=true", 2), ("remote.origin.promisor=true", 4)] {
      let new = "\(text)more \(requests)\n"
      let stream =
        "commit refs/x/y\nmark :1\ncommitter A <a@b> 1 +0000\ndata 1\nx\nfrom \(expected)\n"
        + "M 100644 inline a\ndata \(new.utf8.count)\n\(new)\nget-mark :1\n"
      let commit = try await git("fast-import", "--quiet", "--force", in: path, input: Array(stream.utf8))
        .trimmed
      // The file's text isn't here the first time; for the second push it is taken away.
      _ = try await fixture.requests()
      try await git(
        "-c", "remote.origin.url=\(fixture.url)", "-c", setting, "push", "--porcelain",
        "--force-with-lease=refs/heads/main:\(expected)", "origin", "\(commit):refs/heads/main", in: path)
      #expect(try await fixture.requests().count == requests)
      expected = commit
      let blob = ObjectID.blobID(of: Array(new.utf8)).description
      try FileManager.default.removeItem(atPath: "\(path)/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
    }
  }

  @Test func blobsByIdAreRefusedWithoutNoopNegotiation() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A", "b": "B"])
    let path = try await copy(fixture)
    let ids = Array("\(ObjectID.blobID(of: [65]))\n\(ObjectID.blobID(of: [66]))\n".utf8)
    let settings = ["remote.origin.url=\(fixture.url)", "remote.origin.promisor=true"]
    let refused = try await git(
      "-c", settings[0], "-c", settings[1], "fetch", "--quiet", "--no-tags", "--filter=blob:none", "--stdin",
      "origin",
      in: path, input: ids, mayFail: true)
    #expect(refused.contains("did not send all necessary objects"))
    _ = try await fixture.requests()
    try await git(
      "-c", settings[0], "-c", settings[1], "-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet",
      "--no-tags",
      "--filter=blob:none", "--stdin", "origin", in: path, input: ids)
    #expect(try await fixture.requests() == ["GET", "POST"])
  }

  @Test func aPlainPushBringsBackWhatWasRemovedAndTheLeaseDoesNot() async throws {
    let fixture = try await Fixture()
    let first = try await fixture.commit(["a": "A"])
    let removed = try await fixture.commit(["secret": "S"])
    let path = "\(fixture.workDirectory)/whole.git"
    try await git("clone", "--quiet", "--bare", fixture.url, path)
    try await git("update-ref", "refs/heads/main", first.description, in: fixture.path)
    let leased = try await git(
      "push", "--porcelain", "--force-with-lease=refs/heads/main:\(removed)", fixture.url,
      "\(removed):refs/heads/main",
      in: path, mayFail: true)
    #expect(leased.contains("[rejected] (stale info)"))
    try await git("push", "--porcelain", fixture.url, "\(removed):refs/heads/main", in: path)
    #expect(try await fixture.tip() == removed)
  }

  @Test func anEmptyLeaseIsForABranchThatIsNotThere() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["a": "A"])
    let path = try await copy(fixture)
    let there = try await git(
      "push", "--porcelain", "--force-with-lease=refs/heads/x:", fixture.url, "\(tip):refs/heads/x", in: path)
    #expect(there.contains("*\t\(tip):refs/heads/x\t[new branch]"))
    let commit = try await git("commit-tree", "-m", "x", "\(tip)^{tree}", in: path).trimmed
    let refused = try await git(
      "push", "--porcelain", "--force-with-lease=refs/heads/x:", fixture.url, "\(commit):refs/heads/x",
      in: path,
      mayFail: true)
    #expect(refused.contains("!\t\(commit):refs/heads/x\t[rejected] (stale info)"))
  }

  @Test func fastImportLosesAFileWhereDeletesComeBetweenWrites() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A", "b": "B"])
    func files(_ commands: [String]) async throws -> [String] {
      let stream =
        "commit refs/heads/x\ncommitter A <a@b> 1 +0000\ndata 1\nx\nfrom refs/heads/main^0\n"
        + commands.map { $0.hasPrefix("D") ? "\($0)\n" : "M 100644 inline \($0.dropFirst(2))\ndata 1\nx\n" }
        .joined()
      try await git("fast-import", "--quiet", "--force", in: fixture.path, input: Array(stream.utf8))
      return try await fixture.files(of: "x")
    }
    #expect(try await files(["D a", "M b", "D b", "M a"]) == ["a"])
    #expect(try await files(["D a", "D b", "M b", "M a"]) == ["a", "b"])
  }

  @Test func fastImportThatAnnouncedDoneMakesNothingOfABrokenOffStream() async throws {
    let fixture = try await Fixture()
    let stream =
      "commit refs/heads/main\ncommitter A <a@b> 1 +0000\ndata 1\nx\nM 100644 inline a\ndata 1\nA\n"
    let broken = try await git(
      "fast-import", "--quiet", in: fixture.path, input: Array("feature done\n\(stream)".utf8), mayFail: true)
    #expect(!broken.contains("exited(0)"))
    #expect(try await fixture.tip() == nil)
    try await git("fast-import", "--quiet", in: fixture.path, input: Array(stream.utf8))
    #expect(try await fixture.tip() != nil)
  }

  @Test func aRangeWithoutACommitIsAnErrorOfShallowInformation() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A"], at: 1_000_000_000)
    try await git("init", "--quiet", "--bare", "\(fixture.workDirectory)/h")
    let answer = try await git(
      "fetch", "--shallow-since=@1700000000", fixture.url, "refs/heads/main",
      in: "\(fixture.workDirectory)/h",
      mayFail: true)
    #expect(answer.contains("fatal: error processing shallow info"))
  }

  @Test func aCommitOfWhichOnlyTheHistoryWasFetchedHasNoTree() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["a": "A"])
    let path = try await copy(fixture, filter: "tree:0")
    let answer = try await git(
      "cat-file", "--batch-check", in: path, input: Array("\(tip)\n\(tip)^{tree}\n".utf8))
    #expect(answer.lines.map { $0.parts(between: " ")[1] } == ["commit", "missing"])
  }
}
