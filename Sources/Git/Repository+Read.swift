extension Repository {
  /// The files of `commit` below `directory` (empty: all), in git's order; none if there is no such
  /// directory.
  ///
  /// No request.
  ///
  /// - Throws: ``GitError`` with the code `missingObject` if neither the copy nor the server has the commit.
  public func tree(of commit: ObjectID, directory: String) async throws -> [TreeEntry] {
    if directory.isEmpty { return try await list(commit, ["-r"]) }
    try validatePath(directory)
    return try await list(commit, ["-r"], ["\(directory)/"])
  }

  /// What `commit` has at `paths`, in git's order; nothing for a path where it has nothing.
  ///
  /// No request, and less work than a whole listing.
  ///
  /// - Throws: ``GitError`` as ``tree(of:directory:)``.
  public func entries(of commit: ObjectID, paths: [String]) async throws -> [TreeEntry] {
    for path in paths { try validatePath(path) }
    return try await list(commit, [], paths)
  }

  private func list(
    _ commit: ObjectID, _ options: [String], _ paths: [String] = []
  ) async throws -> [TreeEntry] {
    do {
      return try await listing(commit, options, paths)
    } catch let error as GitError where error.isPerhapsDamage || error.code == .missingObject {
      // A lost pack shows as a missing object.
      try await rebuild()
      try await fetchCommit(commit)
      return try await listing(commit, options, paths)
    }
  }

  private func listing(
    _ commit: ObjectID, _ options: [String], _ paths: [String]
  ) async throws -> [TreeEntry] {
    let command = command("ls-tree", options + ["-z", "--full-tree", "\(commit)", "--"] + paths)
    var listing = TreeListing()
    let result = try await process.run(command) { try listing.append($0) }
    try check(result, command.name)
    return listing.entries
  }

  /// Reads `blobs` in the order given and calls `body` with the position, the id and the content of each.
  ///
  /// No request: fetch first what may be missing. One content is in memory at a time.
  ///
  /// - Throws: ``GitError`` with the code `missingObject`, or what `body` throws.
  public func readBlobs(
    _ blobs: [ObjectID], body: (Int, ObjectID, [UInt8]) async throws -> Void
  ) async throws {
    var position = 0
    do {
      try await stream(blobs, &position, body)
    } catch let error as GitError where error.isPerhapsDamage {
      try await rebuild()
      try await fetchMissing(blobs: Array(blobs[position...]))
      try await stream(blobs, &position, body)
    }
  }

  /// Reads from `position` on, which follows.
  private func stream(
    _ blobs: [ObjectID], _ position: inout Int, _ body: (Int, ObjectID, [UInt8]) async throws -> Void
  ) async throws {
    guard position < blobs.count else { return }
    let command = command("cat-file", ["--batch", "--buffer"])
    var contents = BlobStream()
    let input = Array(blobs[position...].map { "\($0)\n" }.joined().utf8)
    var unreadable: GitError?
    let result = try await process.run(command, input: input) { piece in
      guard unreadable == nil else { return }
      contents.append(piece)
      while true {
        let content: [UInt8]
        do {
          guard let next = try contents.next() else { return }
          content = next
        } catch let error as GitError {
          // Whether the object is missing or damaged, git's standard error tells.
          unreadable = error
          return
        }
        // git doesn't look: an index that points elsewhere gives another file's content.
        guard ObjectID.blobID(of: content) == blobs[position] else {
          unreadable = GitError(
            .corruptCache, command: command.name, "\(blobs[position]) has another content")
          return
        }
        let index = position
        position += 1
        try await body(index, blobs[index], content)
      }
    }
    let error = failure(result, command.name)
    if error.code == .corruptCache { throw error }
    if let unreadable { throw unreadable }
    try check(result, command.name)
    guard position == blobs.count else {
      throw GitError(.corruptCache, command: command.name, "it ended before the last object")
    }
  }

  /// What a commit says of itself.
  ///
  /// No request.
  ///
  /// - Throws: ``GitError`` with the code `missingObject` if the copy hasn't the commit.
  public func header(of commit: ObjectID) async throws -> CommitHeader {
    let command = command("log", ["-1", "--no-color", "--format=%ct%x00%an%x00%ae%x00%s", "\(commit)"])
    let result = try await process.run(command)
    try check(result, command.name)
    let fields = String(decoding: result.output, as: UTF8.self).trimmed.parts(between: "\0")
    guard fields.count == 4, let seconds = Int(fields[0]) else {
      throw GitError(.other, command: command.name, "the commit \(commit) can't be read")
    }
    return CommitHeader(
      committedAt: seconds, authorName: fields[1], authorEmail: fields[2], subject: fields[3])
  }
}

/// What a commit says of itself.
public struct CommitHeader: Hashable, Sendable {
  /// When it was committed, in seconds since 1970: the committer's clock, which may be wrong.
  public let committedAt: Int
  /// The author's name.
  public let authorName: String
  /// The author's e-mail address.
  public let authorEmail: String
  /// The first line of the message.
  public let subject: String
}
