/// What a commit changes of its parent's files.
struct CommitFiles {
  /// The paths of those that go, also where another comes.
  let deleted: [String]
  /// Those that come, in order.
  let written: [(path: String, blob: ObjectID, kind: TreeEntry.Kind)]

  /// The files that the parent must have: each that is replaced, then each deleted.
  static func expected(_ request: CommitRequest, _ writes: [CommitStream.Write]) -> [ParentFile] {
    writes.compactMap(\.old) + request.deleted
  }

  /// The changes of a commit, if its parent has what they are made to.
  ///
  /// - Parameter found: what the parent has at the path of each file that is expected.
  /// - Throws: ``GitError`` with the code `unexpectedFile`.
  init(_ request: CommitRequest, _ writes: [CommitStream.Write], found: [TreeEntry?]) throws {
    var rest = found[...]
    func kind(of file: ParentFile) throws -> TreeEntry.Kind {
      guard let entry = rest.popFirst() ?? nil, entry.object == file.blob,
        [.file, .executable].contains(entry.kind)
      else {
        throw GitError(
          .unexpectedFile, "\(file.path.printable) isn't the file \(file.blob) in the commit to build on")
      }
      return entry.kind
    }
    written = try writes.map { ($0.path, $0.blob, try $0.old.map(kind) ?? .file) }
    for file in request.deleted { _ = try kind(of: file) }
    let moved = writes.compactMap { write in
      write.old.flatMap { Array($0.path.utf8) == Array(write.path.utf8) ? nil : $0.path }
    }
    deleted = request.deleted.map(\.path) + moved
  }
}
