extension Repository {
  /// Makes a commit in the copy and returns its id.
  ///
  /// No request, no work tree; the branch stays.
  ///
  /// `body` writes the files, in any order. The parent must be in the copy (``hasCommit(_:)``). Nothing is made if `body`
  /// throws.
  ///
  /// - Parameter known: gets the id as soon as it is known, while git still writes; what it throws is thrown in the end.
  /// - Throws: ``GitError``: `invalidPath`; `missingObject` without the parent; `unexpectedFile` where it hasn't a file that
  ///   is replaced or deleted; `corruptCache` or `other`, after which there is a new copy and the work starts over. Or what
  ///   `body` throws.
  public func commit(
    _ request: CommitRequest, body: (CommitStream) async throws -> Void,
    known: (ObjectID) async throws -> Void = { _ in }
  ) async throws -> ObjectID {
    for file in request.deleted { try validatePath(file.path) }
    // What is wrong with the tip shows once it is read.
    if request.parent == nil || request.parent != tip {
      try await ensureIntact()
      // fast-import would speak of an invalid branch, and leave a crash report.
      if let parent = request.parent, try await !hasCommit(parent) {
        throw GitError(.missingObject, command: "fast-import", "the parent \(parent) isn't in the copy")
      }
    }
    var command = command("fast-import", ["--quiet", "--force"])
    // A few small objects that are pushed at once: compressing them takes longer than sending.
    command.configuration = [("core.compression", "0")]
    var answer = ""
    var refusal: (any Error)?
    do {
      let result = try await process.run(command) { input, answers in
        let stream = CommitStream(input, answers)
        try await stream.start()
        try await body(stream)
        try await change(stream, request)
        answer = try await stream.end()
        guard let id = ObjectID(answer) else { return }
        do { try await known(id) } catch { refusal = error }
      }
      if let refusal { throw refusal }
      let id = try id(in: result, answer, command.name)
      isKnownIntact = isKnownIntact || request.parent == tip
      return id
    } catch let error as GitError where error.isPerhapsDamage {
      try await rebuild()
      throw error
    }
  }

  /// For each file fast-import goes through all others of its folder: with more than these, an index is faster.
  private static let fewFiles = 2_000

  private func change(_ stream: CommitStream, _ request: CommitRequest) async throws {
    let expected = CommitFiles.expected(request, stream.writes).map(\.path)
    if stream.writes.count + request.deleted.count <= Self.fewFiles {
      try await stream.begin(request)
      let found = try await stream.entries(at: expected)
      try await stream.change(CommitFiles(request, stream.writes, found: found))
    } else {
      // By their bytes: a repository may have a name with its accents written in two ways.
      var entries: [[UInt8]: TreeEntry] = [:]
      if let parent = request.parent, !expected.isEmpty {
        for entry in try await listing(parent, ["-r"]) { entries[Array(entry.path.utf8)] = entry }
      }
      let files = try CommitFiles(request, stream.writes, found: expected.map { entries[Array($0.utf8)] })
      let tree = try await tree(of: files, onto: request.parent)
      try await stream.begin(request)
      try await stream.take(tree)
    }
  }

  /// Lists the files of a commit to be made, by way of an index (https://git-scm.com/docs/git-update-index#_using_index_info).
  private func tree(of files: CommitFiles, onto parent: ObjectID?) async throws -> ObjectID {
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
    if let parent { _ = try await run("read-tree", ["\(parent)"]) }
    _ = try await run("update-index", ["-z", "--replace", "--index-info"]) { input in
      for path in files.deleted {
        try await input.write("0 \(String(repeating: "0", count: 40))\t\(path)\0")
      }
      // In order: else each would move those that come after it.
      let written = files.written
      for index in written.indices.sorted(by: { written[$0].path < written[$1].path }) {
        let file = written[index]
        try await input.write("\(file.kind.rawValue) \(file.blob)\t\(file.path)\0")
      }
    }
    // The files are still fast-import's, or the server's.
    let result = try await run("write-tree", ["--missing-ok"])
    return try id(in: result, String(decoding: result.output, as: UTF8.self).trimmed, "write-tree")
  }

  private func id(in result: GitProcess.Result, _ answer: String, _ command: String) throws -> ObjectID {
    try check(result, command)
    guard let id = ObjectID(answer) else {
      throw GitError(.other, command: command, "it named no object")
    }
    return id
  }
}
