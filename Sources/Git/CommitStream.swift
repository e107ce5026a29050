/// Takes the files that a commit writes, one after the other, and hands them to `git fast-import`
/// (https://git-scm.com/docs/git-fast-import).
public final class CommitStream {
  /// A file that the commit has.
  struct Write {
    let path: String
    let blob: ObjectID
    /// The file of the parent that it takes the place of.
    let old: ParentFile?
  }

  private let input: GitInput
  private let answers: GitAnswers
  /// The files written, in order.
  private(set) var writes: [Write] = []

  init(_ input: GitInput, _ answers: GitAnswers) {
    self.input = input
    self.answers = answers
  }

  /// Writes a file: a new one, or the new content of one.
  ///
  /// The content isn't kept in memory.
  ///
  /// - Parameter old: the file of the parent that it takes the place of. If that has another path, it is deleted; whether it
  ///   may be executed stays as it is.
  /// - Throws: ``GitError`` with the code `invalidPath`; then there is no commit.
  public func write(_ content: [UInt8], to path: String, replacing old: ParentFile? = nil) async throws {
    try validatePath(path)
    if let old { try validatePath(old.path) }
    writes.append(Write(path: path, blob: .blobID(of: content), old: old))
    try await writeObject(content)
  }

  /// Puts an object into the copy that the commit doesn't hold: the old content of a file it changes, for a
  /// difference to be shown.
  public func writeObject(_ content: [UInt8]) async throws {
    try await input.write("blob\ndata \(content.count)\n")
    try await input.write(content)
    try await input.write("\n")
  }

  func start() async throws {
    // With it, an input that breaks off makes no commit.
    try await input.write("feature done\n")
  }

  /// Begins the commit, which has its parent's files so far.
  func begin(_ request: CommitRequest) async throws {
    let message = request.message.utf8.filter { $0 != 0 }
    try await input.write("commit \(CommitStream.reference)\nmark :1\n")
    try await input.write("author \(request.author.header)\ncommitter \(request.committer.header)\n")
    try await input.write("data \(message.count)\n")
    try await input.write(message)
    try await input.write("\n")
    if let parent = request.parent { try await input.write("from \(parent)\n") }
  }

  /// What the commit has so far at each of `paths`.
  func entries(at paths: [String]) async throws -> [TreeEntry?] {
    var entries: [TreeEntry?] = []
    while entries.count < paths.count {
      // No more than a pipe holds the answers of, in which any byte may be four: else both sides would wait for the other.
      var room = 32_768
      let asked = paths[entries.count...].prefix { path in
        defer { room -= 64 + 4 * path.utf8.count }
        return room > 0
      }
      for path in asked { try await input.write("ls \(quoted(path))\n") }
      try await input.flush()
      for path in asked { entries.append(TreeEntry(answer: try await answers.next(), of: path)) }
    }
    return entries
  }

  /// Makes the commit's files those of a tree.
  func take(_ tree: ObjectID) async throws {
    try await input.write("M 040000 \(tree) \"\"\n")
  }

  /// Changes the commit's files, one by one.
  func change(_ files: CommitFiles) async throws {
    // First, or `D a; M b; D b; M a` leaves one file of two.
    for path in files.deleted { try await input.write("D \(quoted(path))\n") }
    for file in files.written {
      try await input.write("M \(file.kind.rawValue) \(file.blob) \(quoted(file.path))\n")
    }
  }

  /// Ends the commit, and reads its id.
  func end() async throws -> String {
    try await input.write("\nget-mark :1\ndone\n")
    try await input.flush()
    return try await answers.next()
  }

  /// fast-import needs one to write to; nothing else looks at it.
  private static let reference = "refs/sync/commit"
}

/// In quotes always; of what has a meaning there, a valid path has only the quote.
private func quoted(_ path: String) -> String {
  "\"" + path.parts(between: "\"").joined(separator: "\\\"") + "\""
}
