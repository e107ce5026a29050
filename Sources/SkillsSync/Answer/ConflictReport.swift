import Git
import Postgres
import SkillsCore

/// A conflict that waits for a person, or was settled.
public struct ConflictReport: Encodable, Sendable {
  /// What it is known by.
  public var id: Int
  /// The skill's id.
  public var skillId: String
  /// The file's path in the repository.
  public var path: String?
  /// Why it is one, as a constant text.
  public var reason: String
  /// When it was found, ISO 8601.
  public var detectedAt: String
  /// When it was settled, ISO 8601, and by whom: a person, `policy`, or `sync` where both sides came to agree; nil while it
  /// waits.
  public var resolvedAt, resolvedBy: String?

  init(_ row: Postgres.Row) throws {
    id = try row.integer("id")
    skillId = try row.text("skill_id")
    path = try row.optionalText("path")
    reason = try row.text("decision")
    detectedAt = try row.text("detected_at")
    resolvedAt = try row.optionalText("resolved_at")
    resolvedBy = try row.optionalText("resolved_by")
  }

  /// One line for a terminal.
  public var text: String {
    terminalLine(
      "\(id)  \(detectedAt)  \(skillId)  \(path ?? "")  \(reason)"
        + (resolvedBy.map { "  settled by \($0)" } ?? ""))
  }
}

/// A conflict with its texts.
public struct ConflictTexts: Encodable, Sendable {
  /// Which it is.
  public var conflict: ConflictReport
  /// What both sides had agreed on; nil if they never did.
  public var base: String?
  /// The row, as a skill file.
  public var row: String?
  /// The file.
  public var file: String?
  /// When and by whom each was written, as far as is known; times in ISO 8601.
  public var rowAt, rowBy, fileAt, fileBy: String?
}

private let listed =
  """
  id, skill_id, path, decision, \(isoTime("detected_at")) AS detected_at, \(isoTime("resolved_at")) AS resolved_at,
  resolved_by
  """

extension Session {
  /// The conflicts that wait for a person, oldest first; or those that were settled, and are still kept.
  ///
  /// Changes nothing.
  public func conflicts(areSettled: Bool = false, deadline: Deadline) async throws -> [ConflictReport] {
    try await withRun(deadline, progress: Progress(isShown: false), isReadOnly: true) { run in
      try run.connection.query(
        Statement(
          "read conflicts",
          """
          SELECT \(listed) FROM skill_sync.conflict
          WHERE repository_id = $1 AND (resolved_at IS NOT NULL) = $2::boolean ORDER BY id
          """, [.integer(run.state.id), .boolean(areSettled)])
      ).map { try ConflictReport($0) }
    }
  }

  /// A recorded conflict with its texts, also one that is settled.
  ///
  /// Changes nothing.
  ///
  /// - Throws: a `SyncError` of type `ConflictNotFound`.
  public func conflict(_ id: Int, deadline: Deadline) async throws -> ConflictTexts {
    try await withRun(deadline, progress: Progress(isShown: false), isReadOnly: true) { run in
      let rows = try run.connection.query(
        Statement(
          "read a conflict",
          """
          SELECT \(listed), base_text, row_text, file_text, \(isoTime("row_at")) AS row_at, row_by,
            \(isoTime("file_at")) AS file_at, file_by
          FROM skill_sync.conflict WHERE repository_id = $1 AND id = $2
          """, [.integer(run.state.id), .integer(id)]))
      guard let row = rows.first else { throw SyncError.conflictNotFound(id) }
      return ConflictTexts(
        conflict: try ConflictReport(row), base: try row.optionalText("base_text"),
        row: try row.optionalText("row_text"), file: try row.optionalText("file_text"),
        rowAt: try row.optionalText("row_at"), rowBy: try row.optionalText("row_by"),
        fileAt: try row.optionalText("file_at"), fileBy: try row.optionalText("file_by"))
    }
  }

  /// A conflict for a terminal: who changed what since both sides agreed, as differences.
  public func shown(_ texts: ConflictTexts, deadline: Deadline) async throws -> String {
    let difference = TextDifference(
      workDirectory: settings.workDirectory, git: try git, remainingTime: { deadline.remaining })
    var parts = [texts.conflict.text]
    parts.append("row   written " + written(texts.rowAt) + (texts.rowBy.map { ", owned by \($0)" } ?? ""))
    parts.append("file  written " + written(texts.fileAt) + (texts.fileBy.map { " by \($0)" } ?? ""))
    if let time = texts.conflict.resolvedAt {
      parts.append("settled at \(time) by \(texts.conflict.resolvedBy ?? "nobody that is known")")
    }
    let (row, file) = (texts.row ?? "", texts.file ?? "")
    if let base = texts.base {
      parts.append(try await difference.lines(from: base, to: row, names: ("agreed", "row")))
      parts.append(try await difference.lines(from: base, to: file, names: ("agreed", "file")))
    } else {
      parts.append(try await difference.lines(from: row, to: file, names: ("row", "file")))
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func written(_ time: String?) -> String { "at \(time ?? "an unknown time")" }
}
