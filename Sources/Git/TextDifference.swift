/// Shows the difference of two texts as `git diff` does (https://git-scm.com/docs/git-diff), without a repository.
public struct TextDifference: Sendable {
  private let process: GitProcess

  /// Compares in temporary files in `workDirectory`.
  public init(
    workDirectory: String, git: GitInstallation, remainingTime: @escaping @Sendable () -> Duration
  ) {
    process = GitProcess(installation: git, workDirectory: workDirectory, remainingTime: remainingTime)
  }

  /// The difference as lines for people, without colours; empty if there is none.
  ///
  /// - Parameter names: what the texts are called in it; file names.
  /// - Throws: ``GitError``.
  public func lines(
    from old: String, to new: String, names: (old: String, new: String)
  ) async throws -> String {
    let workDirectory = Folder(path: process.workDirectory)
    try workDirectory.make()
    let folder = try workDirectory.makeTemporary("difference-")
    defer { folder.remove() }
    try folder.write("old", Array(old.utf8))
    try folder.write("new", Array(new.utf8))
    let command = GitCommand(
      "diff",
      ["--no-index", "--no-color", "--no-ext-diff", "--text", "\(folder.path)/old", "\(folder.path)/new"])
    let result = try await process.run(command, limit: old.utf8.count + new.utf8.count + (1 << 20))
    // 1: they differ.
    guard result.status <= 1 else {
      throw GitError(Diagnosis(result.errorText).code, command: command.name, result.errorText.trimmed)
    }
    let hunks = String(decoding: result.output, as: UTF8.self).lines.drop { !$0.hasPrefix("@@") }
    return hunks.isEmpty ? "" : (["--- \(names.old)", "+++ \(names.new)"] + hunks).joined(separator: "\n")
  }
}
