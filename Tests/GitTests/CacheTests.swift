import Foundation
import Testing

@testable import Git

@Suite(.needsServer) struct CacheTests {
  static let text = (0..<3_000).map { "line \($0)\n" }.joined()

  /// Each a way in which a killed process, a full disk or a bad disk leaves a copy.
  enum Damage: String, CaseIterable {
    case truncatedPack, garbagePack, missingPack, missingIndex, emptyObjects, noHead, garbageReference
    case onlyAFolder, aFile
  }

  private func inflict(_ damage: Damage, on path: String, work: String) throws {
    let files = FileManager.default
    let packs = "\(path)/objects/pack"
    func each(_ suffix: String, _ body: (String) throws -> Void) throws {
      for name in try files.contentsOfDirectory(atPath: packs) where name.hasSuffix(suffix) {
        try body("\(packs)/\(name)")
      }
    }
    func overwrite(_ file: String, _ data: Data) throws {
      try files.removeItem(atPath: file)
      try data.write(to: URL(fileURLWithPath: file))
    }
    switch damage {
    case .truncatedPack:
      try each(".pack") { try overwrite($0, try Data(contentsOf: URL(fileURLWithPath: $0)).prefix(60)) }
    case .garbagePack:
      try each(".pack") { file in
        var data = try Data(contentsOf: URL(fileURLWithPath: file))
        for position in 14..<data.count - 20 { data[position] = UInt8.random(in: 0...255) }
        try overwrite(file, data)
      }
    case .missingPack: try each(".pack") { try files.removeItem(atPath: $0) }
    case .missingIndex: try each(".idx") { try overwrite($0, Data("garbage".utf8)) }
    case .emptyObjects: try each("") { try files.removeItem(atPath: $0) }
    case .noHead: try files.removeItem(atPath: "\(path)/HEAD")
    case .garbageReference: try overwrite("\(path)/refs/heads/main", Data("garbage\n".utf8))
    case .onlyAFolder:
      try files.removeItem(atPath: path)
      try files.createDirectory(atPath: path, withIntermediateDirectories: false)
    case .aFile:
      try files.removeItem(atPath: path)
      try Data("x".utf8).write(to: URL(fileURLWithPath: path))
    }
  }

  /// A copy that was damaged since it was used.
  private func opened(with damage: Damage) async throws -> (Fixture, tip: ObjectID, Repository) {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["skills/a.md": Self.text, "skills/b.md": "B"])
    let first = try await fixture.open()
    _ = try await first.fetchTip()
    let path = first.path
    first.close()
    try inflict(damage, on: path, work: fixture.workDirectory)
    let repository = try await fixture.open()
    return (fixture, tip, repository)
  }

  @Test(arguments: Damage.allCases)
  func aDamagedCopyIsReplacedWhenItIsOpened(damage: Damage) async throws {
    let (fixture, tip, repository) = try await opened(with: damage)
    try await work(with: repository, fixture, tip)
  }

  @Test(arguments: Damage.allCases)
  func aCopyThatIsDamagedWhileInUseIsReplaced(damage: Damage) async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["skills/a.md": Self.text, "skills/b.md": "B"])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    try inflict(damage, on: repository.path, work: fixture.workDirectory)
    try await work(with: repository, fixture, tip)
  }

  /// A save asks nothing of the copy before it makes its commit.
  @Test(arguments: Damage.allCases)
  func aCommitInADamagedCopyIsAnErrorOrRight(damage: Damage) async throws {
    let (fixture, tip, repository) = try await opened(with: damage)
    let error = await gitError {
      let commit = try await repository.commit(request(tip)) {
        try await $0.write(Array("BB".utf8), to: "skills/b.md", replacing: file("skills/b.md", "B"))
      }
      #expect(try await repository.push(commit, expecting: tip) == .accepted)
    }
    if let error {
      #expect([.corruptCache, .missingObject, .other].contains(error.code), "\(error)")
      try await work(with: repository, fixture, tip)
    }
    #expect(try await fixture.files() == ["skills/a.md", "skills/b.md"])
    #expect(try await fixture.content("skills/a.md") == Self.text)
    #expect(try await fixture.content("skills/b.md") == "BB")
  }

  private func work(with repository: Repository, _ fixture: Fixture, _ tip: ObjectID) async throws {
    #expect(
      try await repository.tree(of: tip, directory: "skills").map(\.path) == ["skills/a.md", "skills/b.md"])
    #expect(try await repository.fetchTip() == tip)
    let blobs = try await repository.tree(of: tip, directory: "skills").map(\.object)
    try await repository.fetchMissing(blobs: blobs)
    #expect(try await repository.contents(blobs) == [Self.text, "B"])
    let commit = try await repository.commit(["skills/b.md": "BB"], onto: tip)
    #expect(try await repository.push(commit, expecting: tip) == .accepted)
    #expect(try await fixture.content("skills/b.md") == "BB")
  }

  @Test func blobsThatCannotBeReadAreFetchedAgainAndReadOnFromThere() async throws {
    let fixture = try await Fixture()
    let texts = (0..<50).map { "\($0) " + Self.text }
    let tip = try await fixture.commit(
      Dictionary(uniqueKeysWithValues: texts.enumerated().map { ("\($0.offset)", $0.element) }))
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let blobs = texts.map { ObjectID.blobID(of: Array($0.utf8)) }
    try await repository.fetchMissing(blobs: blobs)
    try inflict(.garbagePack, on: repository.path, work: fixture.workDirectory)
    var indices: [Int] = []
    try await repository.readBlobs(blobs) { index, _, bytes in
      indices.append(index)
      #expect(String(decoding: bytes, as: UTF8.self) == texts[index])
    }
    #expect(indices == Array(0..<50))
    #expect(try await repository.tree(of: tip, directory: "").count == 50)
  }

  @Test func aDamagedCopyBeforeAPushIsReplacedAndTheWorkStartsOver() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["skills/a.md": "A"])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let commit = try await repository.commit(["skills/a.md": "ours"], onto: tip)
    let object =
      "\(repository.path)/objects/\(commit.description.prefix(2))/\(commit.description.dropFirst(2))"
    try FileManager.default.removeItem(atPath: object)
    try Data("garbage".utf8).write(to: URL(fileURLWithPath: object))
    let error = await gitError { _ = try await repository.push(commit, expecting: tip) }
    #expect(error?.code == .corruptCache)
    #expect(try await fixture.tip() == tip)
    #expect(try await repository.fetchTip() == tip)
    let again = try await repository.commit(["skills/a.md": "ours"], onto: tip)
    #expect(try await repository.push(again, expecting: tip) == .accepted)
  }

  @Test func anOldFileThatNobodyHasAnyMoreDoesNotStopFetching() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A"])
    let git = try await fakeGit(
      """
      case "$*" in fetch*blob:limit*)
        echo 'fatal: could not fetch 8c7e5a667f1b771847fe88c01c3de34413a1b220 from promisor remote' >&2
        echo 'fatal: index-pack failed' >&2
        exit 128;; esac
      """, in: fixture.workDirectory)
    let repository = try await Repository.open(
      fixture.remote(), workDirectory: fixture.workDirectory, git: git, remainingTime: { .seconds(60) })
    _ = try await repository.fetchTip()
    let next = try await fixture.commit(["a": "B"])
    #expect(try await repository.fetchTip() == next)
  }

  @Test func whatAKilledPredecessorLeftIsRemoved() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A"])
    let first = try await fixture.open()
    _ = try await first.fetchTip()
    let path = first.path
    first.close()
    let left = [
      "HEAD.lock", "shallow.lock", "config.lock", "refs/heads/main.lock", "objects/pack/tmp_pack_x",
      "objects/pack/.tmp-1",
      "objects/tmp_objdir-incoming-1/pack/x", "tmp_history-x/HEAD", "fast_import_crash_12",
      "objects/aa/tmp_obj_x",
    ]
    // Branches may be called so.
    let kept = ["refs/heads/tmp_x", "refs/heads/fast_import_crash_1"]
    for name in left + kept {
      let folder = "\(path)/\(name)".parts(between: "/").dropLast().joined(separator: "/")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data("\(try await fixture.tip()?.description ?? "")\n".utf8).write(
        to: URL(fileURLWithPath: "\(path)/\(name)"))
    }
    let repository = try await fixture.open()
    #expect(left.filter { FileManager.default.fileExists(atPath: "\(path)/\($0)") } == [])
    #expect(kept.filter { FileManager.default.fileExists(atPath: "\(path)/\($0)") } == kept)
    let next = try await fixture.commit(["b": "B"])
    #expect(try await repository.fetchTip() == next)
  }

  /// For who may turn out not to need it.
  @Test func whatIsTakenAheadIsOnlyWhatIsThere() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["a": "A"])
    func reopen() throws -> Repository? {
      Repository.reopen(
        try fixture.remote(), workDirectory: fixture.workDirectory, git: try installation(),
        remainingTime: { .seconds(30) })
    }
    #expect(try reopen() == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.workDirectory).isEmpty)
    let first = try await fixture.open()
    _ = try await first.fetchTip()
    #expect(try reopen() == nil)
    first.close()
    let names = try FileManager.default.contentsOfDirectory(atPath: fixture.workDirectory)
    let second = try #require(try reopen())
    #expect(second.tip == tip && second.path == first.path)
    second.close()
    let large = "\(first.path)/objects/large"
    #expect(FileManager.default.createFile(atPath: large, contents: nil))
    try #require(FileHandle(forWritingAtPath: large)).truncate(atOffset: UInt64(CacheFolder.sizeLimit))
    #expect(try reopen() == nil)
    #expect(FileManager.default.fileExists(atPath: large))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: fixture.workDirectory).sorted() == names.sorted())
    // Nobody has it.
    #expect(try await fixture.open().path == first.path)
  }

  @Test func aCopyThatOutgrewItsLimitIsBegunAnew() async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["a": "A"])
    let first = try await fixture.open()
    _ = try await first.fetchTip()
    let path = first.path
    first.close()
    // A sparse file: as large, without the disk.
    let large = try FileHandle(
      forWritingTo: { () -> URL in
        let url = URL(fileURLWithPath: "\(path)/objects/pack/pack-large.pack")
        try Data().write(to: url)
        return url
      }())
    try large.truncate(atOffset: UInt64(CacheFolder.sizeLimit))
    try large.close()
    let repository = try await fixture.open()
    #expect(repository.tip == nil)
    #expect(try await repository.fetchTip() == fixture.tip())
    #expect(!FileManager.default.fileExists(atPath: "\(path)/objects/pack/pack-large.pack"))
  }

  @Test func whileACopyIsInUseAnotherIsPrivateAndGoneWhenClosed() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["a": "A"])
    let first = try await fixture.open()
    let second = try await fixture.open()
    #expect(first.path != second.path)
    for repository in [first, second] { #expect(try await repository.fetchTip() == tip) }
    let path = second.path
    #expect(FileManager.default.fileExists(atPath: path))
    // A third one, while both are in use, leaves them alone.
    try await fixture.open().close()
    #expect(FileManager.default.fileExists(atPath: path))
    second.close()
    #expect(!FileManager.default.fileExists(atPath: path))
    first.close()
    #expect(try await fixture.open().path == first.path)
    let names = try FileManager.default.contentsOfDirectory(atPath: fixture.workDirectory)
    #expect(names.filter { $0.hasPrefix("private-") } == [])
  }

  @Test func aPrivateCopyWhoseOwnerWasKilledIsRemoved() async throws {
    let fixture = try await Fixture()
    let folder = Folder(path: fixture.workDirectory)
    try folder.write("private-abc.lock", [])
    try folder.child("private-abc.git").make()
    try await fixture.open().close()
    #expect(!folder.child("private-abc.git").exists)
    #expect(!folder.child("private-abc.lock").exists)
  }

  @Test func eachRemoteAndBranchHasACopyOfItsOwn() async throws {
    let fixture = try await Fixture()
    let one = try await fixture.open()
    let branch = try await fixture.open(fixture.remote("other"))
    let other = try await fixture.open(Remote(fixture.privateURL, branch: "main"))
    #expect(Set([one.path, branch.path, other.path]).count == 3)
  }

  @Test func aLockIsTakenOnceUntilItIsReleased() async throws {
    let fixture = try await Fixture()
    let path = "\(fixture.workDirectory)/x.lock"
    let lock = try #require(try FileLock.take(path))
    #expect(try FileLock.take(path) == nil)
    lock.release()
    let again = try FileLock.take(path)
    #expect(again != nil)
    again?.release()
  }
}
