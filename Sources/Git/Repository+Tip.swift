extension Repository {
  /// Asks the server where the branch is, and fetches nothing; nil if it doesn't exist.
  ///
  /// 2 requests.
  ///
  /// - Throws: ``GitError``.
  public func remoteTip() async throws -> ObjectID? {
    try await ensureIntact()
    var command = command("ls-remote", ["--quiet", "--refs", "origin", remote.reference])
    command.remote = remote
    let result = try await process.run(command)
    try check(result, command.name)
    for line in String(decoding: result.output, as: UTF8.self).lines {
      let fields = line.parts(between: "\t")
      // A pattern matches the end of a name too: `refs/heads/x/refs/heads/main`.
      if fields.count == 2, fields[1] == remote.reference { return ObjectID(fields[0]) }
    }
    return nil
  }
}
