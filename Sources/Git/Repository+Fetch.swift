extension Repository {
  /// Asks the server for the branch's tip and fetches it with its trees, and with what files of at most
  /// 1 MB changed in it; nil if the branch doesn't exist.
  ///
  /// None after `open` cloned, else 3 requests; 5 if the server sends a changed file as the difference
  /// from an old one that isn't here.
  ///
  /// - Throws: ``GitError``.
  public func fetchTip() async throws -> ObjectID? {
    try await healing {
      if tipIsFresh {
        tipIsFresh = false
      } else {
        tip = try await fetchBranch(filter: "blob:limit=1m", into: path)
      }
      return tip
    }
  }

  /// Whether the copy has a commit and the tree of its files.
  ///
  /// No request.
  public func hasCommit(_ commit: ObjectID) async throws -> Bool {
    try await healing { try await objectTypes(["\(commit)^{tree}"]) == ["tree"] }
  }

  /// Fetches a commit with its trees, without its history: a recorded tip that the copy hasn't.
  ///
  /// - Throws: ``GitError`` with the code `missingObject` if the server doesn't have it (any more).
  public func fetchCommit(_ commit: ObjectID) async throws {
    try await healing {
      if commit == tip, tipIsFresh { return }
      let result = try await fetch(["--depth=1", "--filter=blob:none", "origin", "\(commit)"], into: path)
      try check(result, "fetch")
    }
  }

  /// Fetches those of `blobs` that the copy hasn't: 2 requests in all, none if it has them.
  ///
  /// - Throws: ``GitError`` with the code `missingObject` if the server doesn't have one.
  public func fetchMissing(blobs: [ObjectID]) async throws {
    try await healing {
      let types = try await objectTypes(blobs.map(\.description))
      let missing = zip(blobs, types).filter { $0.1 == nil }.map(\.0)
      guard !missing.isEmpty else { return }
      // Without `noop` git claims to have the tip and all in it, and complains about what comes.
      let result = try await fetch(
        ["--filter=blob:none", "--stdin", "origin"], into: path,
        configuration: [("fetch.negotiationAlgorithm", "noop")],
        input: Array(missing.map { "\($0)\n" }.joined().utf8))
      try check(result, "fetch")
    }
  }

  /// Fetches the branch into the repository at `path` and returns its tip there.
  func fetchBranch(filter: String, into path: String) async throws -> ObjectID? {
    let reference = remote.reference
    let result = try await fetch(
      ["--depth=1", "--filter=\(filter)", "origin", "+\(reference):\(reference)"], into: path)
    if result.errorText.lines.contains("fatal: couldn't find remote ref \(reference)") {
      Folder(path: path).removeFile(reference)
      return nil
    }
    try check(result, "fetch")
    guard let content = Folder(path: path).read(reference),
      let id = ObjectID(String(decoding: content, as: UTF8.self).trimmed)
    else { throw GitError(.corruptCache, command: "fetch", "\(reference) was fetched and isn't there") }
    return id
  }

  /// `git fetch` of nothing but what `arguments` name.
  func fetch(
    _ arguments: [String], into path: String, configuration: [(key: String, value: String)] = [],
    input: [UInt8] = []
  ) async throws -> GitProcess.Result {
    let always = ["--quiet", "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no"]
    var command = GitCommand("fetch", always + arguments, repository: path, remote: remote)
    command.isPartialFetch = true
    command.configuration = configuration
    return try await process.run(command, input: input)
  }
}
