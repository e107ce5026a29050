import Postgres
import SkillsCore

/// What is recorded of a repository and its table, for `status`.
public struct StatusReport: Encodable, Sendable {
  /// The recorded tip; nil before the first sync.
  public var tip: String?
  /// When a run last saw that the branch's tip is imported, ISO 8601; nil before the first.
  public var tipSeenAt: String?
  /// Changes that wait to be exported.
  public var outbox: Int
  /// When the oldest of them was made, ISO 8601.
  public var oldestChange: String?
  /// Skills with a base: what both sides agreed on.
  public var skills: Int
  /// Conflicts that wait for a person.
  public var conflicts: Int
  /// Deletions that wait for a confirmation.
  public var held: [HeldReport]
  /// Whether a person stopped both functions.
  public var paused: Bool
  /// A push that a rule of the repository refused, where none was accepted since.
  public var refusal: Refusal?
  /// Rows and files that are set aside, with the reason.
  public var failed: [Failed]
  /// Skill id → path, of the held ones; for a terminal.
  var heldPaths: [String: String] = [:]

  private enum CodingKeys: String, CodingKey {
    case tip, tipSeenAt, outbox, oldestChange, skills, conflicts, held, paused, refusal, failed
  }

  /// A push that a rule of the repository refused.
  public struct Refusal: Encodable, Sendable {
    /// The rule, as `protected-branch`.
    public var reason: String
    /// The server's words, and what a person can do.
    public var message: String
    /// When it was refused, ISO 8601.
    public var refusedAt: String
    /// Before this, ISO 8601, no push is tried but by hand.
    public var probeAt: String
  }

  /// A row or file that is set aside.
  public struct Failed: Encodable, Sendable {
    /// The skill's id.
    public var skillId: String?
    /// The file's path in the repository.
    public var path: String?
    /// The reason, and what a person can do.
    public var error: String
    /// What a person runs.
    public var command: String
  }

  /// For a terminal of 80 columns.
  public var text: String {
    var lines = [
      "recorded tip      \(tip ?? "none: nothing was synced with this repository and branch")",
      "branch seen       \(tipSeenAt ?? "never")",
      "skills            \(skills)",
      "waiting changes   \(outbox)" + (oldestChange.map { " (the oldest of \($0))" } ?? ""),
      "open conflicts    \(conflicts)" + (conflicts > 0 ? ": `skills-to-git conflicts` lists them" : ""),
      "set aside         \(failed.count)"
        + (failed.isEmpty ? "" : ": put these right, then skills-to-git drift --repair"),
    ]
    lines += firstLines(
      failed.map { terminalText("  \($0.path ?? $0.skillId ?? ""): \($0.error)", mostLines: 8) },
      of: "set aside")
    if paused { lines.append("paused            `skills-to-git resume` lets both functions go on") }
    for set in held {
      lines += [
        "held deletions    \(set.what); to let them go:", "                  \(set.command)",
      ]
      lines += firstLines(
        set.skillIds.map { terminalText("  \(heldPaths[$0] ?? "no file"), skill \($0)") }, of: "held")
    }
    if let refusal {
      lines += [
        "last push         refused at \(refusal.refusedAt)",
        "                  tried again after \(refusal.probeAt)",
        terminalText("  \(refusal.message)"),
        "                  put right, then: skills-to-git export",
      ]
    }
    return lines.joined(separator: "\n")
  }
}

extension Session {
  /// What is recorded.
  ///
  /// Changes nothing.
  public func status(deadline: Deadline) async throws -> StatusReport {
    try await withRun(deadline, progress: Progress(isShown: false), isReadOnly: true) { run in
      let (id, table): (Parameter, Parameter) = (.integer(run.state.id), .text(run.table.key))
      let results = try run.connection.pipeline([
        Statement(
          "count the outbox",
          "SELECT count(*) AS count, \(isoTime("min(changed_at)")) AS oldest FROM skill_sync.outbox WHERE skill_table = $1",
          [table]),
        Statement(
          "count skills",
          "SELECT count(*) AS count FROM skill_sync.base WHERE repository_id = $1 AND state = 'present'", [id]
        ),
        Statement(
          "count conflicts",
          "SELECT count(*) AS count FROM skill_sync.conflict WHERE repository_id = $1 AND resolved_at IS NULL",
          [id]),
        Statement(
          "read what was set aside",
          "SELECT skill_id, path, reason, message FROM skill_sync.failed WHERE repository_id = $1 ORDER BY side, subject",
          [id]),
        HeldDeletions.read(repositoryID: run.state.id),
        Statement(
          "find the files of what is held",
          """
          SELECT skill_id, path FROM skill_sync.base JOIN skill_sync.held USING (repository_id, skill_id)
          WHERE repository_id = $1
          """, [id]),
      ])
      var report = StatusReport(
        tip: run.state.tip, tipSeenAt: run.state.tipSeenAt, outbox: try results[0][0].integer("count"),
        oldestChange: try results[0][0].optionalText("oldest"),
        skills: try results[1][0].integer("count"), conflicts: try results[2][0].integer("count"),
        held: try HeldDeletions.sets(results[4]).map(HeldReport.init), paused: run.state.isPaused,
        refusal: run.state.refusal.map {
          StatusReport.Refusal(
            reason: $0.rule.rawValue, message: $0.message, refusedAt: $0.refusedAt, probeAt: $0.probeAt)
        },
        failed: try results[3].map { row in
          StatusReport.Failed(
            skillId: try row.optionalText("skill_id"), path: try row.optionalText("path"),
            error: "\(try row.text("reason")): \(try row.text("message"))",
            command: Failure.command(reason: try row.text("reason"), path: try row.optionalText("path")))
        })
      for row in results[5] { report.heldPaths[try row.text("skill_id")] = try row.text("path") }
      return report
    }
  }
}
