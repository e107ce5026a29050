extension Repository {
  /// What differs between two commits' files below `directory`, a renamed one as one that is gone and one that is new;
  /// nil where they are tens of thousands, or the copy lacks one of the commits or is damaged.
  ///
  /// No request.
  ///
  /// - Throws: ``GitError``.
  public func changes(from: ObjectID, to: ObjectID, directory: String) async throws -> [TreeChange]? {
    try validatePath(directory)
    let arguments = [
      "--raw", "-r", "-z", "--no-renames", from.description, to.description, "--", "\(directory)/",
    ]
    let command = command("diff-tree", arguments)
    do {
      let result = try await process.run(command, limit: 4 << 20)
      try check(result, command.name)
      return try TreeChange.list(result.output)
    } catch let error as GitError where error.mayBeCuredByStartingOver {
      return nil
    }
  }

  /// The difference between two commits' files as `git diff` shows it to people, without colours; `from` nil: everything is
  /// new.
  ///
  /// No request: the contents must be in the copy.
  ///
  /// - Throws: ``GitError``.
  public func diff(from: ObjectID?, to: ObjectID) async throws -> String {
    try await ensureIntact()
    // The id that git gives the empty tree, which every repository has.
    let start = from?.description ?? "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    let command = command(
      "diff-tree", ["-p", "-r", "-M", "--no-color", "--no-ext-diff", start, to.description])
    let result = try await process.run(command, limit: 256 << 20)
    try check(result, command.name)
    return String(decoding: result.output, as: UTF8.self)
  }
}
