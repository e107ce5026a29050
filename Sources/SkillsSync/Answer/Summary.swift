extension ExportReport {
  /// For a person: what was pushed, and what needs attention.
  public var summary: String {
    var lines = [
      commits.isEmpty
        ? "nothing to push"
        : "pushed \(commits.joined(separator: ", ")): "
          + counted([
            ("created", created.count), ("updated", updated.count), ("renamed", renamed.count),
            ("deleted", deleted.count),
          ])
    ]
    if isPaused { lines = [pausedNotice] }
    if isOtherWay { lines = ["SYNC_DIRECTION is import: nothing is pushed"] }
    if let held { lines.append(held.text) }
    lines += firstLines(failed.map { terminalLine("failed: skill \($0.skillId): \($0.error)") }, of: "failed")
    lines += firstLines(conflicts.map { terminalLine("conflict: skill \($0)") }, of: "in conflict")
    if pending > 0 {
      lines.append(pending == 1 ? "1 change waits in the outbox" : "\(pending) changes wait in the outbox")
    }
    return lines.joined(separator: "\n")
  }
}

extension ImportReport {
  /// For a person: what was written, and what needs attention.
  public var summary: String {
    let written = counted([
      ("created", created.count), ("updated", updated.count), ("renamed", renamed.count),
      ("archived", archived.count),
      ("deleted", deleted.count),
    ])
    var lines = [written.isEmpty ? "nothing to write" : written]
    if isPaused { lines = [pausedNotice] }
    if isOtherWay { lines = ["SYNC_DIRECTION is export: nothing is written"] }
    if let held { lines.append(held.text) }
    lines += firstLines(failed.map { terminalLine("failed: \($0.path): \($0.error)") }, of: "failed")
    lines += firstLines(
      conflicts.map { terminalLine("conflict: \($0.path) (skill \($0.skillId))") }, of: "in conflict")
    lines.append("recorded tip: \(tip ?? "none")")
    return lines.joined(separator: "\n")
  }
}

/// As many as a terminal shows well, and how many more there are.
func firstLines(_ lines: [String], of what: String) -> [String] {
  let most = 20
  guard lines.count > most else { return lines }
  return lines.prefix(most) + ["… and \(lines.count - most) more \(what): --json lists them"]
}

private let pausedNotice = "paused: nothing was done; `skills-to-git resume` lets both functions go on"

private func counted(_ counts: [(String, Int)]) -> String {
  counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
}
