/// Shows the difference of texts as `git diff` does (https://git-scm.com/docs/git-diff), without a repository.
public struct TextDifference: Sendable {
  /// A part of the old text that the new one has otherwise.
  public struct Edit: Hashable, Sendable {
    /// The old text's lines, counted from 0; empty where lines came in before `lowerBound`.
    public var range: Range<Int>
    /// What the new text has there, without line ends.
    public var lines: [String] = []
  }

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
    let output = try await compare([(old, new)], context: 3)
    let hunks = output.lines.drop { !$0.hasPrefix("@@") }
    return hunks.isEmpty ? "" : (["--- \(names.old)", "+++ \(names.new)"] + hunks).joined(separator: "\n")
  }

  /// Where the texts of each pair differ, in the order of the lines.
  ///
  /// One process, whatever the number of pairs.
  ///
  /// - Throws: ``GitError``.
  public func edits(of pairs: [(old: String, new: String)]) async throws -> [[Edit]] {
    var edits = [[Edit]](repeating: [], count: pairs.count)
    if pairs.isEmpty { return edits }
    var pair: Int?
    for line in try await compare(pairs, context: 0).parts(between: "\n") {
      // Nothing of the texts themselves begins like this, only with + or -.
      if line.hasPrefix("diff ") {
        pair = Int(
          line.unicodeScalars.reversed().drop { $0 == "\"" }.prefix { $0 != "/" }.reversed().map(String.init)
            .joined())
      } else if line.hasPrefix("@@"), let pair, edits.indices.contains(pair), let range = removed(by: line) {
        edits[pair].append(Edit(range: range))
      } else if line.hasPrefix("+"), let pair, edits.indices.contains(pair), !edits[pair].isEmpty {
        edits[pair][edits[pair].count - 1].lines.append(String(line.unicodeScalars.dropFirst()))
      }
    }
    return edits
  }

  /// Compares each `old` with its `new`, which are files of the same number.
  private func compare(_ pairs: [(old: String, new: String)], context: Int) async throws -> String {
    let workDirectory = Folder(path: process.workDirectory)
    try workDirectory.make()
    let folder = try workDirectory.makeTemporary("difference-")
    defer { folder.remove() }
    let (old, new) = (folder.child("old"), folder.child("new"))
    try old.make()
    try new.make()
    for (index, pair) in pairs.enumerated() {
      try old.write("\(index)", Array(pair.old.utf8))
      try new.write("\(index)", Array(pair.new.utf8))
    }
    let command = GitCommand(
      "diff",
      [
        "--no-index", "--no-color", "--no-ext-diff", "--no-renames", "--text", "--unified=\(context)",
        old.path, new.path,
      ])
    let size = pairs.reduce(0) { $0 + $1.old.utf8.count + $1.new.utf8.count }
    let result = try await process.run(command, limit: 2 * size + (1 << 20))
    // 1: they differ.
    guard result.status <= 1 else {
      throw GitError(Diagnosis(result.errorText).code, command: command.name, result.errorText.trimmed)
    }
    return String(decoding: result.output, as: UTF8.self)
  }
}

/// The old text's lines that `@@ -START[,COUNT] +…` removes; of none, START is the line before.
private func removed(by header: String) -> Range<Int>? {
  guard let part = header.parts(between: " ").dropFirst().first, part.hasPrefix("-") else { return nil }
  let numbers = String(part.dropFirst()).parts(between: ",").map { Int($0) }
  guard let start = numbers[0] else { return nil }
  let count = numbers.count > 1 ? numbers[1] ?? 1 : 1
  let first = count == 0 ? start : start - 1
  return first..<first + count
}
