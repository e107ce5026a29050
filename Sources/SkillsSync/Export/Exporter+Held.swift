import Postgres
import SkillsCore

extension Exporter {
  /// The files among those of `skillIDs` that would be deleted in such a number that nobody may have meant it.
  ///
  /// - Parameter recorded: what was held before; without a trigger, that isn't in the outbox.
  func heldDeletions(among skillIDs: [String], recorded: HeldDeletions?) throws -> HeldDeletions? {
    guard recorded != nil || skillIDs.count > DeletionGuard.alwaysAllowed else { return nil }
    let table = run.table
    let results = try run.connection.pipeline([
      Statement(
        "find deleted rows",
        """
        SELECT DISTINCT k.skill_id FROM unnest($2::text[]) k (skill_id)
        JOIN skill_sync.base b ON b.repository_id = $1 AND b.skill_id = k.skill_id AND b.state = 'present'
        LEFT JOIN \(table.quotedName) s ON \(table.id("s")) = k.skill_id WHERE s.id IS NULL
        """, [.integer(run.state.id), .textArray(skillIDs + (recorded?.skillIDs ?? []))]),
      Statement(
        "count skills",
        "SELECT count(*) AS count FROM skill_sync.base WHERE repository_id = $1 AND state = 'present'",
        [.integer(run.state.id)]),
    ])
    return DeletionGuard.held(
      .export, deletions: try results[0].map { try $0.text("skill_id") },
      of: try results[1][0].integer("count"), recorded: recorded, confirmation: run.confirmation)
  }

  /// Records what is held, where that is another set than before; the outbox keeps its entries.
  func hold(_ held: HeldDeletions?, recorded: HeldDeletions?, into report: inout ExportReport) throws {
    run.held[.export] = held
    report.held = held.map(HeldReport.init)
    guard recorded != held else { return }
    let generation = Generation(run.state)
    let results = try run.transact(
      [Statement("begin", "BEGIN"), generation.advance]
        + (held ?? HeldDeletions(.export, skillIDs: [])).record(generation) + [Statement("commit", "COMMIT")])
    guard !results[1].isEmpty else { throw Overtaken() }
    run.advanced(to: generation)
    if let held {
      run.log.warning(
        "deletions are held until a person confirms them",
        metadata: [
          "direction": "\(held.way.rawValue)", "skills": "\(held.skillIDs.count)", "digest": "\(held.digest)",
        ])
    }
  }
}
