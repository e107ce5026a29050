import Postgres
import SkillsCore

extension HeldDeletions {
  /// Reads what is held: one row for each skill, with its `direction`.
  static func read(repositoryID: Int) -> Statement {
    Statement(
      "read what is held",
      "SELECT direction, skill_id FROM skill_sync.held WHERE repository_id = $1 ORDER BY direction, skill_id",
      [.integer(repositoryID)])
  }

  /// The sets that `read` found, by way; none where nothing is held.
  static func sets(_ rows: [Postgres.Row]) throws -> [HeldDeletions] {
    try SyncWay.allCases.compactMap { way in
      let skillIDs = try rows.filter { try $0.text("direction") == way.rawValue }.map {
        try $0.text("skill_id")
      }
      return skillIDs.isEmpty ? nil : HeldDeletions(way, skillIDs: skillIDs)
    }
  }

  /// Records the set in place of the one before, if the generation holds.
  func record(_ generation: Generation) -> [Statement] {
    [
      generation.statement(
        "forget what was held",
        "DELETE FROM skill_sync.held WHERE repository_id = $1 AND direction = $3 AND \(Generation.holds)",
        [.text(way.rawValue)]),
      generation.statement(
        "record what is held",
        """
        INSERT INTO skill_sync.held (repository_id, direction, skill_id)
        SELECT $1, $3, h FROM unnest($4::text[]) h WHERE \(Generation.holds)
        """, [.text(way.rawValue), .textArray(skillIDs)]),
    ]
  }

  /// What a person runs to let it through.
  var command: String {
    (way == .export ? "skills-to-git export" : "git-to-skills import") + " --confirm \(digest)"
  }
}

/// Deletions that wait for a confirmation, in an answer.
public struct HeldReport: Encodable, Sendable, Equatable {
  /// `import`: rows that would go; `export`: files that would go.
  public var direction: String
  /// How many skills would go.
  public var count: Int
  /// Which; the first 1,000.
  public var skillIds: [String]
  /// What is to be confirmed.
  public var digest: String
  /// What a person runs to let them through.
  public var command: String

  init(_ held: HeldDeletions) {
    direction = held.way.rawValue
    count = held.skillIDs.count
    skillIds = Array(held.skillIDs.prefix(1_000))
    digest = held.digest
    command = held.command
  }

  /// What would happen, in words.
  var what: String {
    direction == SyncWay.export.rawValue
      ? "\(count) \(count == 1 ? "file" : "files") would be deleted"
      : "\(count) \(count == 1 ? "row" : "rows") would be archived or deleted"
  }

  /// One line for a terminal.
  public var text: String {
    "held: \(what), which nobody may have meant. `skills-to-git status` lists them. To let it through: \(command)"
  }
}

extension SyncError {
  /// A confirmation of another set than the one that is held.
  static func notConfirmed(_ held: HeldDeletions) -> SyncError {
    SyncError(
      type: "NotConfirmed",
      description: "the deletions that are held are others by now, \(held.skillIDs.count) of them: look at "
        + "`skills-to-git status` and run `\(held.command)`")
  }
}
