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

  private func list(
    _ commit: ObjectID, _ options: [String], _ paths: [String] = []
  ) async throws -> [TreeEntry] {
    // The tip's listing tells by itself whether the copy has it.
    if commit != tip { try await ensureIntact() }
    do {
      let entries = try await listing(commit, options, paths)
      isKnownIntact = true
      return entries
    } catch let error as GitError where error.isPerhapsDamage || error.code == .missingObject {
      // A lost pack shows as a missing object.
      try await rebuild()
      try await fetchCommit(commit)
      return try await listing(commit, options, paths)
    }
  }

  /// As git lists it, of a copy that has it.
  func listing(
    _ commit: ObjectID, _ options: [String], _ paths: [String] = []
  ) async throws -> [TreeEntry] {
    let command = command("ls-tree", options + ["-z", "--full-tree", "\(commit)", "--"] + paths)
    var listing = TreeListing()
    let result = try await process.run(command) { try listing.append($0) }
    try check(result, command.name)
    return listing.entries
  }

  /// Reads `blobs` in the order given and calls `body` with the position, the id and the content of each.
  ///
  /// What the copy hasn't is fetched, in 2 requests. Few small contents are kept for another call; of others one is in
  /// memory at a time.
  ///
  /// - Throws: ``GitError`` with the code `missingObject` if the server doesn't have one, or what `body` throws.
  public func readBlobs(
    _ blobs: [ObjectID], body: (Int, ObjectID, [UInt8]) async throws -> Void
  ) async throws {
    var position = 0
    while position < blobs.count, let content = lastContents[blobs[position]] {
      try await body(position, blobs[position], content)
      position += 1
    }
    guard position < blobs.count else { return }
    lastContents = [:]
    do {
      try await ensureIntact()
      // Of many it is asked first; of a few, reading them tells as well.
      if blobs.count - position > Self.fewBlobs { try await fetchMissing(blobs: Array(blobs[position...])) }
      do {
        try await stream(blobs, &position, body)
      } catch let error as GitError where error.mayBeCuredByStartingOver {
        if error.isPerhapsDamage { try await rebuild() }
        try await fetchMissing(blobs: Array(blobs[position...]))
        try await stream(blobs, &position, body)
      }
    } catch let error as Abandoned {
      throw error.reason
    }
  }

  private static let fewBlobs = 1_000

  /// What a reader threw: no failure of git's, whatever its type.
  private struct Abandoned: Error {
    let reason: any Error
  }

  /// No more bytes than these are kept.
  private static let mostKept = 1 << 20

  /// Reads from `position` on, which follows.
  private func stream(
    _ blobs: [ObjectID], _ position: inout Int, _ body: (Int, ObjectID, [UInt8]) async throws -> Void
  ) async throws {
    guard position < blobs.count else { return }
    var kept = lastContents.values.reduce(0) { $0 + $1.count }
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
        kept += content.count
        if kept <= Self.mostKept { lastContents[blobs[position]] = content }
        do {
          try await body(position, blobs[position], content)
        } catch { throw Abandoned(reason: error) }
        position += 1
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

  /// What a commit says of itself, and what a former one does, where the copy has that.
  ///
  /// No request.
  ///
  /// - Throws: ``GitError`` with the code `missingObject` if the copy hasn't the commit.
  public func headers(
    of commit: ObjectID, former: ObjectID? = nil
  ) async throws -> (of: CommitHeader, former: CommitHeader?) {
    try await ensureIntact()
    let commits = [commit] + (former.map { [$0] } ?? [])
    let command = command(
      "log",
      ["--no-walk=unsorted", "--ignore-missing", "--no-color", "-z", "--format=%H%n%ct%n%an%n%ae%n%s"]
        + commits.map(\.description))
    let result = try await process.run(command)
    try check(result, command.name)
    var headers: [ObjectID: CommitHeader] = [:]
    for record in String(decoding: result.output, as: UTF8.self).parts(between: "\0") where !record.isEmpty {
      let fields = record.parts(between: "\n")
      guard fields.count == 5, let commit = ObjectID(fields[0]), let seconds = Int(fields[1]) else {
        throw GitError(.other, command: command.name, "a commit can't be read")
      }
      headers[commit] = CommitHeader(
        committedAt: seconds, authorName: fields[2], authorEmail: fields[3], subject: fields[4])
    }
    guard let header = headers[commit] else {
      throw GitError(.missingObject, command: command.name, "the commit \(commit) isn't in the copy")
    }
    return (header, former.flatMap { headers[$0] })
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
