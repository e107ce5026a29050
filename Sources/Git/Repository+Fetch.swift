extension Repository {
  /// Asks the server for the branch's tip and fetches it with its trees; nil if the branch doesn't exist.
  ///
  /// 3 requests. Where the copy had a tip, what files of at most 1 MB changed since come along; then it is 5
  /// if the server sends one as the difference from an old one that isn't here. Where they fill the disk, a new copy
  /// takes the old one's place, without them.
  ///
  /// - Parameter commit: another that is to be here too, with its trees, in the same requests; it isn't asked for where it was
  ///   the copy's tip, and left out where the server refuses it, in 3 requests more, or the disk is full.
  /// - Throws: ``GitError``.
  public func fetchTip(with commit: ObjectID? = nil) async throws -> ObjectID? {
    try await healing {
      do {
        let commit = commit == tip ? nil : commit
        tip = try await fetchBranch(filter: tip == nil ? "blob:none" : "blob:limit=1m", with: commit)
      } catch let error as GitError where error.code == .diskFull && tip != nil {
        try await rebuild()
        tip = try await fetchBranch(filter: "blob:none")
      }
      return tip
    }
  }

  /// Whether the copy has a commit and the tree of its files.
  ///
  /// No request, and once the copy is known to be sound no process for the tip.
  public func hasCommit(_ commit: ObjectID) async throws -> Bool {
    try await healing {
      if commit == tip { return true }
      return try await objectTypes(["\(commit)^{tree}"]) == ["tree"]
    }
  }

  /// Fetches a commit with its trees, without its history: a recorded tip that the copy hasn't.
  ///
  /// 2 requests.
  ///
  /// - Throws: ``GitError`` with the code `missingObject` if the server doesn't have it (any more).
  public func fetchCommit(_ commit: ObjectID) async throws {
    try await healing {
      let result = try await fetch(["--depth=1", "--filter=blob:none", "origin", "\(commit)"], into: path)
      try check(result, "fetch")
    }
  }

  /// For so many at once: with more, git compares each with all others.
  private static let mostAtOnce = 20_000

  /// Fetches those of `blobs` that the copy hasn't: 2 requests for 20,000, none if it has them.
  ///
  /// - Throws: ``GitError`` with the code `missingObject` if the server doesn't have one.
  func fetchMissing(blobs: [ObjectID]) async throws {
    try await healing {
      let types = try await objectTypes(blobs.map(\.description))
      let missing = zip(blobs, types).filter { $0.1 == nil }.map(\.0)
      for start in stride(from: 0, to: missing.count, by: Self.mostAtOnce) {
        // Without `noop` git claims to have the tip and all in it, and complains about what comes.
        let result = try await fetch(
          ["--filter=blob:none", "--stdin", "origin"], into: path,
          configuration: [("fetch.negotiationAlgorithm", "noop")],
          input: Array(missing[start...].prefix(Self.mostAtOnce).map { "\($0)\n" }.joined().utf8))
        try check(result, "fetch")
      }
    }
  }

  private func fetchBranch(filter: String, with commit: ObjectID? = nil) async throws -> ObjectID? {
    let reference = remote.reference
    let wanted = ["+\(reference):\(reference)"] + (commit.map { ["\($0)"] } ?? [])
    let result = try await fetch(["--depth=1", "--filter=\(filter)", "origin"] + wanted, into: path)
    if result.errorText.lines.contains("fatal: couldn't find remote ref \(reference)") {
      Folder(path: path).removeFile(reference)
      return nil
    }
    if result.status != 0 {
      let error = failure(result, "fetch")
      // Whatever words the server has for it.
      if commit != nil, error.mayBeCuredByStartingOver { return try await fetchBranch(filter: filter) }
      // Of a branch nothing can be missing on the server, but the old files may be, of which it believes
      // that they are here. A new copy doesn't need them.
      guard error.code == .missingObject else { throw error }
      throw GitError(.corruptCache, command: "fetch", error.message)
    }
    guard
      let id = Folder(path: path).read(reference).flatMap({
        ObjectID(String(decoding: $0, as: UTF8.self).trimmed)
      })
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
