extension Repository {
  /// Makes a commit in the copy and returns its id.
  ///
  /// No request, no work tree; the branch stays.
  ///
  /// `body` writes the files, in any order. The parent must be in the copy (``hasCommit(_:)``); deleting a
  /// path that it hasn't does nothing. Nothing is made if `body` throws.
  ///
  /// - Throws: ``GitError``: `invalidPath`; `missingObject` without the parent; `corruptCache` or `other`,
  ///   after which there is a new copy and the work starts over. Or what `body` throws.
  public func commit(
    _ request: CommitRequest, body: (CommitStream) async throws -> Void
  ) async throws -> ObjectID {
    for path in request.deletedPaths { try validatePath(path) }
    try await ensureIntact()
    if let parent = request.parent {
      // fast-import would speak of an invalid branch, and leave a crash report.
      guard try await hasCommit(parent) else {
        throw GitError(.missingObject, command: "fast-import", "the parent \(parent) isn't in the copy")
      }
    }
    var command = command("fast-import", ["--quiet", "--force"])
    // A few small objects that are pushed at once: compressing them takes longer than sending.
    command.configuration = [("core.compression", "0")]
    let result = try await process.run(command) { input in
      let stream = CommitStream(input)
      try await stream.start()
      try await body(stream)
      try await stream.finish(request)
    }
    if result.status != 0 {
      let error = failure(result, command.name)
      if error.isPerhapsDamage { try await rebuild() }
      throw error
    }
    guard let id = ObjectID(String(decoding: result.output, as: UTF8.self).trimmed) else {
      throw GitError(.other, command: command.name, "it named no commit")
    }
    return id
  }
}
