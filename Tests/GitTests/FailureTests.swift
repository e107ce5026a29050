import Foundation
import TestSupport
import Testing

@testable import Git

/// Each code from git's real answers.
@Suite(.needsServer) struct FailureTests {
  @Test func noTokenAndAWrongTokenAreAuthenticationErrors() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["a": "A"])
    for token in [nil, Secret("wrong-token")] {
      let repository = try await fixture.open(Remote(fixture.privateURL, branch: "main", token: token))
      #expect(await gitError { _ = try await repository.fetchTip() }?.code == .authentication)
      let commit = try await repository.commit(["a": "A"], onto: nil)
      #expect(
        await gitError { _ = try await repository.push(commit, expecting: nil) }?.code == .authentication)
      // A new token is enough to go on.
      repository.replaceToken(Secret(GitServer.token))
      #expect(try await repository.fetchTip() == tip)
      repository.close()
    }
  }

  @Test func aTokenIsSentAtOnceSoThatNothingIsAskedTwice() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["a": "A"])
    let repository = try await fixture.open(
      Remote(fixture.privateURL, branch: "main", token: Secret(GitServer.token)))
    #expect(try await repository.fetchTip() == tip)
    #expect(try await fixture.requests().count == 3)
    let commit = try await repository.commit(["a": "B"], onto: tip)
    #expect(try await repository.push(commit, expecting: tip) == .accepted)
    #expect(try await fixture.requests().count == 2)
  }

  @Test func aTokenThatMayOnlyReadIsAnAuthenticationError() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["a": "A"])
    try await git("config", "http.receivepack", "false", in: fixture.path)
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let commit = try await repository.commit(["a": "B"], onto: tip)
    #expect(await gitError { _ = try await repository.push(commit, expecting: tip) }?.code == .authentication)
  }

  @Test func aRepositoryThatIsNotThereIsNotFound() async throws {
    let fixture = try await Fixture()
    let missing = try await fixture.open(Remote(fixture.url + "x", branch: "main"))
    #expect(await gitError { _ = try await missing.fetchTip() }?.code == .repositoryNotFound)
    let commit = try await missing.commit(["a": "A"], onto: nil)
    #expect(
      await gitError { _ = try await missing.push(commit, expecting: nil) }?.code == .repositoryNotFound)
    let local = try await fixture.open(Remote("/nowhere/x.git", branch: "main", allowLocal: true))
    #expect(await gitError { _ = try await local.fetchTip() }?.code == .repositoryNotFound)
  }

  @Test func aServerThatIsNotThereIsANetworkErrorBeforeAnythingIsSent() async throws {
    let fixture = try await Fixture()
    for url in ["http://127.0.0.1:1/a.git", "https://nowhere.invalid/a.git"] {
      let repository = try await fixture.open(Remote(url, branch: "main"))
      #expect(await gitError { _ = try await repository.fetchTip() }?.code == .network)
      let commit = try await repository.commit(["a": "A"], onto: nil)
      #expect(await gitError { _ = try await repository.push(commit, expecting: nil) }?.code == .network)
    }
  }

  @Test func aServerThatBreaksOffAFetchIsANetworkError() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A"])
    let server = try BrokenServer(.afterReferences)
    let repository = try await fixture.open(Remote(server.url, branch: "main"))
    #expect(await gitError { _ = try await repository.fetchTip() }?.code == .network)
  }

  @Test func aServerThatBreaksOffAfterAPushWasSentLeavesItUnknown() async throws {
    let fixture = try await Fixture()
    let server = try BrokenServer(.afterReferences)
    let repository = try await fixture.open(Remote(server.url, branch: "main"))
    let commit = try await repository.commit(["a": "A"], onto: nil)
    guard case .unknown(let error) = try await repository.push(commit, expecting: nil) else {
      Issue.record("the push is not unknown")
      return
    }
    #expect(error.code == .network)
  }

  @Test(arguments: [(500, false), (503, false), (502, false), (403, true), (401, true), (413, true)])
  func anAnswerThatRefusesAPushIsTakenForOneAndAFailureIsUnknown(status: Int, refused: Bool) async throws {
    let fixture = try await Fixture()
    let server = try BrokenServer(.status(status))
    let repository = try await fixture.open(Remote(server.url, branch: "main", token: Secret("t0ken")))
    let commit = try await repository.commit(["a": "A"], onto: nil)
    do {
      let outcome = try await repository.push(commit, expecting: nil)
      guard case .unknown = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(!refused)
    } catch let error as GitError {
      #expect(refused)
      #expect(error.code == (status == 413 ? .network : .authentication))
    }
  }

  @Test func whatAHookSaysIsNotTheServersAnswer() async throws {
    let fixture = try await Fixture()
    let server = try BrokenServer(.remark("Permission to push here ends in May\n"))
    let repository = try await fixture.open(Remote(server.url, branch: "main"))
    let commit = try await repository.commit(["a": "A"], onto: nil)
    guard case .unknown(let error) = try await repository.push(commit, expecting: nil) else {
      Issue.record("the push is not unknown")
      return
    }
    #expect("\(error)".contains("ends in May"))
  }

  @Test func aRedirectIsNotFollowedWithTheToken() async throws {
    let fixture = try await Fixture()
    // The other server would take the token: only then would following be of any use to it.
    for target in [fixture.url, fixture.privateURL] {
      for fault in [BrokenServer.Fault.redirect(target), .redirectAfterReferences(target)] {
        let server = try BrokenServer(fault)
        let repository = try await fixture.open(
          Remote(server.url, branch: "main", token: Secret(GitServer.token)))
        #expect(await gitError { _ = try await repository.fetchTip() }?.code == .repositoryNotFound)
        #expect(await gitError { _ = try await repository.remoteTip() }?.code == .repositoryNotFound)
        let commit = try await repository.commit(["a": "A"], onto: nil)
        #expect(
          await gitError { _ = try await repository.push(commit, expecting: nil) }?.code
            == .repositoryNotFound)
      }
    }
    #expect(try await fixture.requests() == [])
    #expect(try await fixture.tip() == nil)
  }

  @Test func aPushThatTakesTooLongIsUnknownAndMayHaveLanded() async throws {
    let fixture = try await Fixture()
    try fixture.hook("pre-receive", "sleep 5")
    let left = TimeLeft(.seconds(30))
    let repository = try await fixture.open(remainingTime: { left.value })
    let commit = try await repository.commit(["a": "A"], onto: nil)
    left.set(.seconds(2))
    guard case .unknown(let error) = try await repository.push(commit, expecting: nil) else {
      Issue.record("the push is not unknown")
      return
    }
    #expect(error.code == .timeout)
    for _ in 0..<100 where try await fixture.tip() == nil { try await Task.sleep(for: .milliseconds(50)) }
    #expect(try await fixture.tip() == commit)
  }

  @Test func aServerThatNeverAnswersEndsWithTheTimeAndLeavesNoProcess() async throws {
    let fixture = try await Fixture()
    let server = try BrokenServer(.silence)
    let left = TimeLeft(.seconds(30))
    let repository = try await fixture.open(
      Remote(server.url, branch: "main"), remainingTime: { left.value })
    let commit = try await repository.commit(["a": "A"], onto: nil)
    left.set(.milliseconds(700))
    #expect(await gitError { _ = try await repository.fetchTip() }?.code == .timeout)
    #expect(await gitError { _ = try await repository.remoteTip() }?.code == .timeout)
    // It may have been sent.
    guard case .unknown(let error) = try await repository.push(commit, expecting: nil) else {
      Issue.record("the push is not unknown")
      return
    }
    #expect(error.code == .timeout)
    // What was killed takes a moment to go.
    #expect(
      try eventually(within: .seconds(5)) { try processes(with: "HOME=\(fixture.workDirectory)") == [] })
  }

  @Test func aServerThatFallsSilentIsANetworkErrorThoughThereIsTime() async throws {
    let fixture = try await Fixture()
    let server = try BrokenServer(.silence)
    let repository = try await fixture.open(Remote(server.url, branch: "main"))
    // As with a minute, only sooner.
    let result = try await repository.fetch(
      ["origin", "refs/heads/main"], into: repository.path, configuration: [("http.lowSpeedTime", "1")])
    #expect(result.status != 0)
    #expect(repository.failure(result, "fetch").code == .network, "\(result.errorText)")
    #expect(result.errorText.contains("Operation too slow"), "\(result.errorText)")
  }

  @Test func withoutTimeNothingIsStarted() async throws {
    let fixture = try await Fixture()
    let left = TimeLeft(.seconds(30))
    let repository = try await fixture.open(remainingTime: { left.value })
    let commit = try await repository.commit(["a": "A"], onto: nil)
    left.set(.zero)
    #expect(await gitError { _ = try await repository.push(commit, expecting: nil) }?.code == .timeout)
    #expect(await gitError { _ = try await repository.fetchTip() }?.code == .timeout)
    #expect(try await fixture.requests() == [])
    left.set(.seconds(30))
    #expect(try await repository.push(commit, expecting: nil) == .accepted)
  }

  /// A file system of its own, so small that it fills.
  private static func mountSmallDisk(at path: String) -> Bool {
    mkdir(path, 0o700) == 0 && mount("none", path, "tmpfs", 0, "size=160k") == 0
  }

  private static let canMount: Bool = {
    let path = FileManager.default.temporaryDirectory.path + "/disk-" + UUID().uuidString
    defer { rmdir(path) }
    return mountSmallDisk(at: path) && umount2(path, Int32(MNT_DETACH)) == 0
  }()

  private static func smallDisk(of fixture: Fixture) throws -> String {
    let disk = "\(fixture.workDirectory)/disk"
    try #require(mountSmallDisk(at: disk))
    return disk
  }

  /// A copy with the branch's present tip.
  private func repository(of fixture: Fixture, on disk: String) async throws -> Repository {
    let repository = try await Repository.open(
      fixture.remote(), workDirectory: disk, git: installation(), remainingTime: { .seconds(30) })
    _ = try await repository.fetchTip()
    return repository
  }

  @Test(.enabled(if: canMount, "only root may mount a small file system")) func aFullDiskIsSaid()
    async throws
  {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(
      ["a": String((0..<200_000).map { _ in Character(Unicode.Scalar(UInt8.random(in: 33...126))) })])
    let disk = try Self.smallDisk(of: fixture)
    defer { umount2(disk, Int32(MNT_DETACH)) }
    let repository = try await repository(of: fixture, on: disk)
    let blobs = try await repository.tree(of: tip, directory: "").map(\.object)
    #expect(await gitError { try await repository.fetchMissing(blobs: blobs) }?.code == .diskFull)
    let commit = await gitError {
      _ = try await repository.commit(request(tip)) {
        try await $0.write([UInt8](repeating: 65, count: 400_000), to: "b")
      }
    }
    #expect(commit?.code == .diskFull)
  }

  /// Pictures that somebody pushed beside the skills, say: nobody needs them.
  @Test(.enabled(if: canMount, "only root may mount a small file system"))
  func filesThatFillTheDiskAreLeftOut() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["skills/a.md": "A"])
    let disk = try Self.smallDisk(of: fixture)
    defer { umount2(disk, Int32(MNT_DETACH)) }
    let repository = try await repository(of: fixture, on: disk)
    var files = ["skills/a.md": "AA"]
    for number in 0..<30 {
      files["pictures/\(number)"] = String(
        (0..<20_000).map { _ in Character(Unicode.Scalar(UInt8.random(in: 33...126))) })
    }
    let tip = try await fixture.commit(files)
    #expect(try await repository.fetchTip() == tip)
    #expect(try await repository.contents([.blobID(of: Array("AA".utf8))]) == ["AA"])
  }

  @Test func aMachineWithoutGitIsSaid() {
    #expect { _ = try GitInstallation.find(in: ["PATH": "/nowhere:relative"]) } throws: {
      ($0 as? GitError)?.code == .notInstalled
    }
  }

  @Test func underLambdaTheFunctionsOwnGitGoesBeforeThatOfTheMachine() throws {
    let root = "\(FileManager.default.temporaryDirectory.path)/task-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    try FileManager.default.createDirectory(atPath: "\(root)/bin", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: "\(root)/bin/git", withDestinationPath: "/bin/true")
    let environment = ["PATH": "/usr/bin:/bin", "LAMBDA_TASK_ROOT": root]
    #expect(try GitInstallation.find(in: environment).executable == "\(root)/bin/git")
    #expect(try GitInstallation.find(in: ["PATH": "/usr/bin:/bin"]).executable != "\(root)/bin/git")
    #expect {
      _ = try GitInstallation.find(in: ["PATH": "/nowhere", "LAMBDA_TASK_ROOT": "/proc/nothing"])
    } throws: {
      "\($0)".contains("in /opt/bin:/proc/nothing/bin:/nowhere") && "\($0)".contains("git-layer.zip")
    }
  }

  @Test func aWorkDirectoryThatCannotBeMadeIsSaid() async throws {
    let error = await gitError {
      _ = try await Repository.open(
        Remote("a/b", branch: "main"), workDirectory: "/proc/nowhere", git: installation(),
        remainingTime: { .seconds(1) })
    }
    #expect(error?.code == .other)
    #expect(error?.message.contains("/proc/nowhere") == true)
  }
}
