import Postgres
import SkillsCore

/// The files of an intent on their way into `skill_sync.intent_path`: a few as parameters of a statement, many by COPY, so
/// that memory holds one text at a time.
struct IntentLines {
  private let plan: ExportPlan
  /// Whether they go as parameters.
  let areFew: Bool

  init(_ plan: ExportPlan) {
    self.plan = plan
    areFew = plan.items.count <= 200 && plan.items.reduce(0) { $0 + $1.text.count } <= 512 << 10
  }

  private static let columns =
    "skill_id, operation, reason, records_conflict, path, blob, title, text, digest, state"

  private func line(_ item: ExportPlan.Item) throws -> [String?] {
    [
      item.skillID, item.kind.rawValue, item.reason.rawValue, item.recordsConflict ? "t" : "f", item.path,
      item.blob, item.title, String(decoding: try plan.texts.read(item.text), as: UTF8.self), item.digest,
      (item.kind == .delete ? Base.State.tombstone : .present).rawValue,
    ]
  }

  /// Begins a transaction and copies them into a temporary table.
  func copy(_ connection: Connection) throws {
    let prelude = """
      BEGIN;
      \(Trigger.silence);
      CREATE TEMPORARY TABLE skill_sync_intent (LIKE skill_sync.intent_path) ON COMMIT DROP;
      ALTER TABLE skill_sync_intent ALTER COLUMN intent_id DROP NOT NULL;
      COPY skill_sync_intent (\(Self.columns)) FROM STDIN
      """
    var items = plan.items.makeIterator()
    try connection.copy(SimpleQuery("copy the intent", prelude)) {
      try items.next().map { CopyRow(try line($0)).bytes }
    }
  }

  /// Adds them to the intent, if the generation holds.
  func insertion(into intentID: String, _ generation: Generation) throws -> Statement {
    var source = "skill_sync_intent"
    var parameters: [Parameter] = [.text(intentID)]
    if areFew {
      let lines = try plan.items.map(line)
      let columns = Self.columns.split(separator: ", ").indices
      parameters += columns.map { column in .textArray(lines.map { $0[column] }) }
      let arrays = columns.map { "$\($0 + 4)::text[]" }.joined(separator: ", ")
      source = "unnest(\(arrays)) skill_sync_intent (\(Self.columns))"
    }
    let values = Self.columns.replacing("records_conflict", with: "records_conflict::boolean")
    return generation.statement(
      "record the intent's files",
      """
      INSERT INTO skill_sync.intent_path (intent_id, \(Self.columns))
      SELECT $3::uuid, \(values) FROM \(source) WHERE \(Generation.holds)
      """, parameters)
  }
}
