/// What GitHub shows beside a commit that was imported: whether all that it says is in the table.
///
/// https://docs.github.com/rest/commits/statuses#create-a-commit-status
public struct CommitStatus: Equatable, Sendable {
  /// GitHub's words for how it went; of its others, `error` and `pending`, none would be true here.
  public enum State: String, Sendable {
    case success
    /// Something of the commit waits for a person.
    case failure
  }

  /// How it went.
  public var state: State
  /// One line of at most 140 UTF-16 code units.
  public var text: String

  /// A status that is known.
  public init(state: State, text: String) {
    self.state = state
    self.text = text
  }

  /// What is to be said of an import.
  ///
  /// - Parameters:
  ///   - changed: what happened to skills, as `updated`, and to how many; in the order in which it is told.
  ///   - setAside: the files that the commit brought and that were set aside, and why.
  ///   - setAsideBefore: how many others are still set aside.
  ///   - held: how many deletions wait for a confirmation.
  public init(
    changed: [(what: String, count: Int)], setAside: [(path: String, message: String)],
    setAsideBefore: Int = 0,
    held: Int
  ) {
    if let first = setAside.min(by: { $0.path < $1.path }) {
      let more = setAside.count > 1 ? " (and \(setAside.count - 1) more)" : ""
      let text = line("\(shortenedPath(first.path)): \(first.message)")
      self.init(state: .failure, text: shortened(text, to: longest - more.utf16.count) + more)
    } else if held > 0 {
      self.init(
        state: .failure,
        text:
          "\(held) \(held == 1 ? "deletion waits" : "deletions wait") for somebody to confirm: skills-to-git status"
      )
    } else {
      let before =
        setAsideBefore == 0
        ? "" : "; \(setAsideBefore) older \(setAsideBefore == 1 ? "file is" : "files are") still set aside"
      self.init(state: .success, text: Self.success(changed.filter { $0.count > 0 }) + before)
    }
  }

  private static func success(_ changed: [(what: String, count: Int)]) -> String {
    guard let first = changed.first else { return "no skill changed" }
    let start = "\(first.count) \(first.count == 1 ? "skill" : "skills") \(first.what)"
    return ([start] + changed.dropFirst().map { "\($0.count) \($0.what)" }).joined(separator: ", ")
  }
}

/// What was to be said last, and of which commit.
public struct RecordedCommitStatus: Equatable, Sendable {
  /// The commit's id.
  public var commit: String
  /// What is to be said of it.
  public var status: CommitStatus
  /// Whether GitHub has it.
  public var isSet: Bool

  /// A status as it is recorded.
  public init(commit: String, status: CommitStatus, isSet: Bool) {
    self.commit = commit
    self.status = status
    self.isSet = isSet
  }

  /// What GitHub is to be told after an import; nil for nothing.
  ///
  /// An import that changes nothing of what waits says nothing new of the same commit, however much else it did: its counts
  /// are those of an hourly look.
  ///
  /// - Parameters:
  ///   - imported: the commit that became the recorded tip by this import; nil if it was before.
  ///   - status: what is to be said of the import.
  ///   - last: what was to be said last.
  public static func next(
    imported: String?, status: CommitStatus, last: RecordedCommitStatus?
  ) -> RecordedCommitStatus? {
    if let imported, imported != last?.commit {
      return RecordedCommitStatus(commit: imported, status: status, isSet: false)
    }
    guard let last else { return nil }
    let isNews =
      status.state != last.status.state || status.state == .failure && status.text != last.status.text
    if isNews { return RecordedCommitStatus(commit: last.commit, status: status, isSet: false) }
    return last.isSet ? nil : last
  }
}

/// As much as GitHub takes: characters of a kind that it doesn't name, of which UTF-16's code units are the most.
private let longest = 140

/// The end of a path tells more than its beginning.
private func shortenedPath(_ path: String) -> String {
  guard path.utf16.count > longest / 2 else { return path }
  return "…" + String(shortened(String(path.reversed()), to: longest / 2).dropLast().reversed())
}

/// As much of `text` as fits, with whole characters and a sign that there is more.
private func shortened(_ text: String, to most: Int) -> String {
  guard text.utf16.count > most else { return text }
  var length = 1
  let beginning = text.prefix {
    length += $0.utf16.count
    return length <= most
  }
  return beginning + "…"
}

/// The text without control characters and line breaks.
private func line(_ text: String) -> String {
  text.split { $0.isWhitespace || $0.unicodeScalars.contains { $0.properties.generalCategory == .control } }
    .joined(separator: " ")
}
