/// A local copy of one branch of a remote repository: enough of it to list files, to read the wanted ones,
/// and to push commits.
///
/// Never a work tree, never the history.
///
/// Used by one task at a time. A damaged copy is cloned again by itself, once an operation.
public final class Repository {
  /// The branch's tip as it was last fetched or pushed; nil while the branch doesn't exist.
  ///
  /// Right after `open` it is what the copy's file says; whether the copy has it shows once something is asked of it.
  public internal(set) var tip: ObjectID?
  /// The branch, with the token in use.
  public private(set) var remote: Remote

  let process: GitProcess
  private let cache: CacheFolder
  /// Whether git was seen to take the folder for a repository that has the tip.
  var isKnownIntact = false
  /// The contents read last, where they are few: an import reads what changed twice, to pair it and to decide about it.
  var lastContents: [ObjectID: [UInt8]] = [:]

  /// The folder of the copy.
  var path: String { cache.folder.path }

  /// Takes the copy of `remote` in `workDirectory`, or begins one if there is none.
  ///
  /// Asks the server nothing: what ``fetchTip()`` answers is never older than the call. A damaged copy is found by what is
  /// first asked of it. While another process has the copy, a private one is begun, which `close` removes. `remainingTime`
  /// is asked before each command, which is ended when it is over.
  ///
  /// - Throws: ``GitError``.
  public static func open(
    _ remote: Remote, workDirectory: String, git: GitInstallation,
    remainingTime: @escaping @Sendable () -> Duration
  ) async throws -> Repository {
    if let repository = reopen(
      remote, workDirectory: workDirectory, git: git, remainingTime: remainingTime)
    {
      return repository
    }
    let folder = Folder(path: workDirectory)
    try folder.make()
    let repository = Repository(
      remote, GitProcess(installation: git, workDirectory: workDirectory, remainingTime: remainingTime),
      try CacheFolder.take(for: remote, in: folder) ?? .takePrivate(in: folder))
    try await repository.rebuild()
    return repository
  }

  /// Takes the copy of `remote` in `workDirectory`, if there is one that nobody has and that is within its limits.
  ///
  /// Starts no process, and makes and removes nothing, but for what a killed one left. For who may turn out not to need it;
  /// `remainingTime` as for `open`.
  public static func reopen(
    _ remote: Remote, workDirectory: String, git: GitInstallation,
    remainingTime: @escaping @Sendable () -> Duration
  ) -> Repository? {
    let folder = Folder(path: workDirectory)
    guard CacheFolder.exists(for: remote, in: folder),
      let cache = try? CacheFolder.take(for: remote, in: folder)
    else { return nil }
    let repository = Repository(
      remote, GitProcess(installation: git, workDirectory: workDirectory, remainingTime: remainingTime), cache
    )
    return cache.removeLeftovers() && repository.readTip() ? repository : nil
  }

  private init(_ remote: Remote, _ process: GitProcess, _ cache: CacheFolder) {
    self.remote = remote
    self.process = process
    self.cache = cache
  }

  deinit {
    close()
  }

  /// How long git fetched, or asked for the branch's tip, since the repository was opened.
  public var fetchTime: Duration { process.times["fetch"] + process.times["ls-remote"] }

  /// How long git pushed since the repository was opened.
  public var pushTime: Duration { process.times["push"] }

  /// The size of the copy's files, in bytes; what was added since it was opened isn't counted, unless it is a new one.
  public var size: Int { cache.size }

  /// Gives up the lock, and removes a private copy.
  ///
  /// Nothing may be asked of the repository afterwards.
  public func close() {
    cache.close()
  }

  /// Goes on with another token: the one at hand expired or was replaced.
  public func replaceToken(_ token: Secret?) {
    remote.token = token
  }

  /// Throws the copy away and begins an empty one.
  ///
  /// No request.
  func rebuild() async throws {
    cache.empty()
    tip = nil
    // By us: git would let everybody read it.
    try cache.folder.make()
    let command = GitCommand("init", ["--quiet", "--bare", "--template=", path])
    try check(try await process.run(command), command.name)
    isKnownIntact = true
  }

  /// - Returns: false if the branch's file is no reference.
  private func readTip() -> Bool {
    guard let content = cache.folder.read(remote.reference) else { return true }
    tip = ObjectID(String(decoding: content, as: UTF8.self).trimmed)
    return tip != nil
  }

  /// Begins an empty copy where git doesn't take the folder for a repository that has the tip.
  ///
  /// Asked once, before whatever may take a damaged copy amiss: a fetch into one may never end.
  func ensureIntact() async throws {
    if isKnownIntact { return }
    do {
      // Without a tip any question will do: git answers it only in a repository.
      let types = try await objectTypes([tip.map { "\($0)^{tree}" } ?? "HEAD"])
      isKnownIntact = tip == nil || types == ["tree"]
    } catch let error as GitError where error.code != .timeout {}
    if !isKnownIntact { try await rebuild() }
  }
}

extension Repository {
  func command(_ name: String, _ arguments: [String]) -> GitCommand {
    GitCommand(name, arguments, repository: path)
  }

  /// Throws what git's standard error tells, if `result` is a failure.
  func check(_ result: GitProcess.Result, _ command: String) throws {
    guard result.status != 0 else { return }
    throw failure(result, command)
  }

  func failure(_ result: GitProcess.Result, _ command: String) -> GitError {
    let words = result.errorText.trimmed
    return GitError(
      Diagnosis(result.errorText).code, command: command,
      words.isEmpty ? "it ended with status \(result.status)" : words)
  }

  /// Does `operation` once more with an empty copy, if this one may be damaged.
  func healing<Value>(_ operation: () async throws -> Value) async throws -> Value {
    try await ensureIntact()
    do {
      return try await operation()
    } catch let error as GitError where error.isPerhapsDamage {
      try await rebuild()
      return try await operation()
    }
  }

  /// The type of each object in the copy, nil for one that isn't there.
  ///
  /// No request.
  ///
  /// - Throws: ``GitError`` with the code `corruptCache` if git can't read one.
  func objectTypes(_ names: [String]) async throws -> [String?] {
    guard !names.isEmpty else { return [] }
    let command = command("cat-file", ["--batch-check=%(objecttype)", "--buffer"])
    let input = Array((names.joined(separator: "\n") + "\n").utf8)
    let result = try await process.run(command, input: input, limit: 100 * names.count + 1_000)
    try check(result, command.name)
    // An unreadable object is reported as missing, with status 0.
    let error = failure(result, command.name)
    if error.code == .corruptCache { throw error }
    return String(decoding: result.output, as: UTF8.self).lines.map { $0.hasSuffix(" missing") ? nil : $0 }
  }
}
