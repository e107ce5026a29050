/// Takes the files that a commit writes, one after the other, and hands them to `git fast-import`
/// (https://git-scm.com/docs/git-fast-import).
public final class CommitStream {
  private let input: GitInput
  /// The files written, in order.
  private(set) var writes: [(path: String, blob: ObjectID, mode: String)] = []

  init(_ input: GitInput) {
    self.input = input
  }

  /// Writes a file: a new one, or a new content of one.
  ///
  /// The content isn't kept in memory.
  ///
  /// - Throws: ``GitError`` with the code `invalidPath`; then there is no commit.
  public func write(_ content: [UInt8], to path: String, isExecutable: Bool = false) async throws {
    try validatePath(path)
    let kind = isExecutable ? TreeEntry.Kind.executable : .file
    writes.append((path, .blobID(of: content), kind.rawValue))
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

  /// Makes the commit of what was written and prints its id.
  ///
  /// - Parameter tree: the commit's files, where they are listed already.
  func finish(_ request: CommitRequest, tree: ObjectID? = nil) async throws {
    let message = request.message.utf8.filter { $0 != 0 }
    try await input.write("commit \(CommitStream.reference)\nmark :1\n")
    try await input.write("author \(request.author.header)\ncommitter \(request.committer.header)\n")
    try await input.write("data \(message.count)\n")
    try await input.write(message)
    try await input.write("\n")
    if let parent = request.parent { try await input.write("from \(parent)\n") }
    if let tree {
      try await input.write("M 040000 \(tree) \"\"\n")
    } else {
      // First, or `D a; M b; D b; M a` leaves one file of two.
      for path in request.deletedPaths { try await input.write("D \(quoted(path))\n") }
      for write in writes {
        try await input.write("M \(write.mode) \(write.blob) \(quoted(write.path))\n")
      }
    }
    try await input.write("\nget-mark :1\ndone\n")
  }

  /// fast-import needs one to write to; nothing else looks at it.
  private static let reference = "refs/sync/commit"
}

/// In quotes always; of what has a meaning there, a valid path has only the quote.
private func quoted(_ path: String) -> String {
  "\"" + path.parts(between: "\"").joined(separator: "\\\"") + "\""
}
