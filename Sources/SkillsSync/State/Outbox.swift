import Postgres

/// The changes that wait to be exported, as they were read: exactly these are cleared in the end.
struct Outbox {
  /// Skills with an entry, those that wait longest first.
  private(set) var skillIDs: [String] = []
  /// Skill id → its entries.
  private var entries: [String: [String]] = [:]
  /// Entries without a skill: TRUNCATE, which asks for a look at everything.
  private(set) var truncations: [String] = []

  var isEmpty: Bool { skillIDs.isEmpty && truncations.isEmpty }

  static func read(skillTable: String) -> Statement {
    Statement(
      "read the outbox",
      "SELECT id::text, skill_id FROM skill_sync.outbox WHERE skill_table = $1 ORDER BY id",
      [.text(skillTable)])
  }

  init(_ rows: [Row]) throws {
    for row in rows {
      let id = try row.text("id")
      guard let skill = try row.optionalText("skill_id") else {
        truncations.append(id)
        continue
      }
      if entries[skill] == nil { skillIDs.append(skill) }
      entries[skill, default: []].append(id)
    }
  }

  /// The entries of these skills.
  func entries(of skills: some Sequence<String>) -> [String] { skills.flatMap { entries[$0] ?? [] } }
}
