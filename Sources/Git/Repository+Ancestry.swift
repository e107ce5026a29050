extension Repository {
  /// Whether `commit` is in the history of `tip`.
  ///
  /// `since` is a time, in seconds since 1970, before which it can't have been committed.
  ///
  /// Fetches commits only, and into a folder of its own: a history without trees would look like commits
  /// that are here. 2 requests, 2 more before it says no.
  ///
  /// - Throws: ``GitError`` with the code `missingObject` if the server doesn't have `tip`.
  public func isAncestor(_ commit: ObjectID, of tip: ObjectID, since: Int) async throws -> Bool {
    if commit == tip { return true }
    let folder = try Folder(path: path).makeTemporary("tmp_history-")
    defer { folder.remove() }
    let create = GitCommand("init", ["--quiet", "--bare", "--template=", folder.path])
    try check(try await process.run(create), create.name)
    if try await fetchHistory(of: tip, "--shallow-since=@\(max(0, since))", into: folder),
      try await isAncestor(commit, of: tip, in: folder)
    {
      return true
    }
    // By its commits' dates the server ends the history where one is too old: a clock that is wrong
    // on somebody's machine hides what is below. Counting doesn't care.
    guard try await fetchHistory(of: tip, "--depth=1000", into: folder) else { return false }
    return try await isAncestor(commit, of: tip, in: folder)
  }

  /// Whether there was any.
  private func fetchHistory(of tip: ObjectID, _ range: String, into folder: Folder) async throws -> Bool {
    let result = try await fetch(["--filter=tree:0", range, "origin", "\(tip)"], into: folder.path)
    // The server's answer to a range without a commit.
    if result.errorText.contains("fatal: error processing shallow info") { return false }
    try check(result, "fetch")
    return true
  }

  private func isAncestor(_ commit: ObjectID, of tip: ObjectID, in folder: Folder) async throws -> Bool {
    let command = GitCommand(
      "merge-base", ["--is-ancestor", "\(commit)", "\(tip)"], repository: folder.path)
    let result = try await process.run(command)
    switch result.status {
    case 0: return true
    case 1: return false
    default:
      // It isn't among the commits fetched.
      guard result.errorText.contains("Not a valid commit name \(commit)") else {
        throw failure(result, command.name)
      }
      return false
    }
  }
}
