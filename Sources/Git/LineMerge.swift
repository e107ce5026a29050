/// Merges texts line by line, as git does (https://git-scm.com/docs/git-merge-file).
public struct LineMerge: Sendable {
  /// The side that wins where both changed the same lines.
  public enum Side: String, Sendable {
    /// The first text.
    case ours
    /// The second.
    case theirs
  }

  /// A merged text.
  public struct Result: Sendable, Equatable {
    /// The text.
    public let text: String
    /// Whether both sides changed the same lines, so that one of them lost.
    public let overlaps: Bool
  }

  private let process: GitProcess

  /// Merges in temporary files in `workDirectory`.
  public init(
    workDirectory: String, git: GitInstallation, remainingTime: @escaping @Sendable () -> Duration
  ) {
    process = GitProcess(installation: git, workDirectory: workDirectory, remainingTime: remainingTime)
  }

  /// `base` with the changes of both; where they overlap, those of the favoured side.
  ///
  /// - Throws: ``GitError``.
  public func mergeLines(
    base: String, ours: String, theirs: String, favor: Side
  ) async throws -> Result {
    // git takes a text with a zero byte for a binary file and doesn't merge it.
    guard ![base, ours, theirs].contains(where: { $0.utf8.contains(0) }) else {
      return Result(text: favor == .ours ? ours : theirs, overlaps: true)
    }
    let workDirectory = Folder(path: process.workDirectory)
    try workDirectory.make()
    let folder = try workDirectory.makeTemporary("merge-")
    defer { folder.remove() }
    for (name, text) in [("base", base), ("ours", ours), ("theirs", theirs)] {
      try folder.write(name, Array(text.utf8))
    }
    let limit = base.utf8.count + 2 * (ours.utf8.count + theirs.utf8.count) + 100_000
    let plain = try await merge(in: folder, [], limit)
    if plain.status == 0 {
      return Result(text: String(decoding: plain.output, as: UTF8.self), overlaps: false)
    }
    let favoured = try await merge(in: folder, ["--\(favor.rawValue)"], limit)
    return Result(text: String(decoding: favoured.output, as: UTF8.self), overlaps: true)
  }

  private func merge(
    in folder: Folder, _ options: [String], _ limit: Int
  ) async throws -> GitProcess.Result {
    let files = ["ours", "base", "theirs"].map { "\(folder.path)/\($0)" }
    let command = GitCommand("merge-file", ["--stdout", "--quiet"] + options + files)
    let result = try await process.run(command, limit: limit)
    // The status is the number of overlaps, up to 127.
    guard result.status <= 127 else {
      throw GitError(Diagnosis(result.errorText).code, command: command.name, result.errorText.trimmed)
    }
    return result
  }
}
