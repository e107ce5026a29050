/// What a commit changes of its parent's files.
struct CommitFiles {
  /// The paths of those that go, also where another comes.
  let deleted: [String]
  /// Those that come, in order.
  let written: [(path: String, blob: ObjectID, kind: TreeEntry.Kind)]

  /// The changes of a commit, if its parent has what they are made to.
  ///
  /// - Parameter found: what the parent has at the path of each file replaced, then of each deleted.
  /// - Throws: ``GitError`` with the code `unexpectedFile`.
  init(_ request: CommitRequest, _ writes: [CommitStream.Write], found: [TreeEntry?]) throws(GitError) {
    var kinds: [TreeEntry.Kind] = []
    for (file, entry) in zip(CommitFiles.expected(request, writes), found) {
      guard let entry, entry.object == file.blob, [.file, .executable].contains(entry.kind) else {
        throw GitError(
          .unexpectedFile, command: "fast-import",
          "\(file.path.printable) isn't the file \(file.blob) in the commit to build on")
      }
      kinds.append(entry.kind)
    }
    var kindsOfReplaced = kinds.makeIterator()
    written = writes.map { write in
      (write.path, write.blob, (write.old == nil ? nil : kindsOfReplaced.next()) ?? .file)
    }
    let moved = writes.compactMap { write in
      write.old.flatMap { Array($0.path.utf8) == Array(write.path.utf8) ? nil : $0.path }
    }
    deleted = request.deleted.map(\.path) + moved
  }

  /// The files that the parent must have.
  static func expected(_ request: CommitRequest, _ writes: [CommitStream.Write]) -> [ParentFile] {
    writes.compactMap(\.old) + request.deleted
  }
}
