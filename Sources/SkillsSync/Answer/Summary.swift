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
    if let held { lines.append(held.text) }
    lines += failed.prefix(20).map { "failed: skill \($0.skillId): \($0.error)" }
    lines += conflicts.prefix(20).map { "conflict: skill \($0)" }
    if pending > 0 { lines.append("\(pending) changes wait in the outbox") }
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
    if let held { lines.append(held.text) }
    lines += failed.prefix(20).map { "failed: \($0.path): \($0.error)" }
    lines += conflicts.prefix(20).map { "conflict: \($0.path) (skill \($0.skillId))" }
    lines.append("recorded tip: \(tip ?? "none")")
    return lines.joined(separator: "\n")
  }
}

private let pausedNotice = "paused: nothing was done; `skills-to-git resume` lets both functions go on"

private func counted(_ counts: [(String, Int)]) -> String {
  counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
}
