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
    do {
      let result = try await process.run(command) { input in
        let stream = CommitStream(input)
        try await stream.start()
        try await body(stream)
        let isLarge = stream.writes.count + request.deletedPaths.count > Self.fewFiles
        let tree = isLarge ? try await tree(of: request, stream) : nil
        try await stream.finish(request, tree: tree)
      }
      return try id(in: result, command.name)
    } catch let error as GitError where error.isPerhapsDamage {
      try await rebuild()
      throw error
    }
  }

  /// For each file fast-import goes through all others of its folder: with more than these, an index is faster.
  private static let fewFiles = 2_000

  /// Lists the files of a commit to be made, by way of an index (https://git-scm.com/docs/git-update-index#_using_index_info).
  private func tree(of request: CommitRequest, _ stream: CommitStream) async throws -> ObjectID {
    let folder = try Folder(path: path).makeTemporary("tmp_index-")
    defer { folder.remove() }
    func run(
      _ name: String, _ arguments: [String], feed: (GitInput) async throws -> Void = { _ in }
    ) async throws -> GitProcess.Result {
      var command = command(name, arguments)
      command.indexFile = "\(folder.path)/index"
      let result = try await process.run(command, feed: feed)
      try check(result, name)
      // update-index leaves out a path that it doesn't like, says so, and succeeds.
      guard result.errorText.isEmpty else { throw failure(result, name) }
      return result
    }
    if let parent = request.parent { _ = try await run("read-tree", ["\(parent)"]) }
    _ = try await run("update-index", ["-z", "--replace", "--index-info"]) { input in
      for path in request.deletedPaths {
        try await input.write("0 \(String(repeating: "0", count: 40))\t\(path)\0")
      }
      // In order: else each would move those that come after it.
      let writes = stream.writes
      for index in writes.indices.sorted(by: { writes[$0].path < writes[$1].path }) {
        let write = writes[index]
        try await input.write("\(write.mode) \(write.blob)\t\(write.path)\0")
      }
    }
    // The files are still fast-import's, or the server's.
    return try id(in: try await run("write-tree", ["--missing-ok"]), "write-tree")
  }

  private func id(in result: GitProcess.Result, _ command: String) throws -> ObjectID {
    try check(result, command)
    guard let id = ObjectID(String(decoding: result.output, as: UTF8.self).trimmed) else {
      throw GitError(.other, command: command, "it named no object")
    }
    return id
  }
}
