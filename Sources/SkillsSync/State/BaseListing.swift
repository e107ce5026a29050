import Postgres
import SkillsCore

/// What is recorded of a repository, without the texts.
struct BaseListing {
  var known: [String: KnownSkill] = [:]
  /// path → blob of the files that were set aside when last looked at.
  var setAside: [String: String] = [:]
  /// Whether a file was set aside, or what follows from it for its row: also one that is gone.
  var hasFailures = false
  /// Those of them that were set aside as copies of another file.
  var duplicates: [String: String] = [:]
  /// Skill id → what the repository refused of it.
  var refused: [String: RefusedText] = [:]
  /// Ids of the skills with a conflict that waits for a person.
  var openConflicts: Set<String> = []
  /// The rows whose deletion waits for a confirmation.
  var held: HeldDeletions?

  /// What `init` reads.
  ///
  /// - Parameter paths: of the skills those with these paths alone; nil for all.
  static func statements(repositoryID: Int, paths: [String]? = nil) -> [Statement] {
    let parameters: [Parameter] = [.integer(repositoryID)]
    let ofThese = paths == nil ? "" : " AND path = ANY ($2::text[])"
    return [
      Statement(
        "read the base",
        "SELECT skill_id, path, blob, title, state FROM skill_sync.base WHERE repository_id = $1" + ofThese,
        parameters + (paths.map { [.textArray($0)] } ?? [])),
      Statement(
        "read what was set aside",
        """
        SELECT side, subject, path, blob, reason, message FROM skill_sync.failed
        WHERE repository_id = $1 AND (side = 'file' OR reason = '\(Failure.Reason.refusedByRepository.rawValue)')
        """, parameters),
      Statement(
        "read the open conflicts",
        "SELECT DISTINCT skill_id FROM skill_sync.conflict WHERE repository_id = $1 AND resolved_at IS NULL",
        parameters),
      HeldDeletions.read(repositoryID: repositoryID),
    ]
  }

  init(_ results: some Collection<[Postgres.Row]>) throws {
    for (index, rows) in results.enumerated() {
      for row in rows {
        switch index {
        case 0:
          known[try row.text("skill_id")] = KnownSkill(
            path: try row.text("path"), blob: try row.text("blob"), title: try row.text("title"),
            state: Base.State(rawValue: try row.text("state")) ?? .present)
        case 1 where try row.text("side") == Failure.Side.row.rawValue:
          refused[try row.text("subject")] = RefusedText(
            blob: try row.optionalText("blob"), message: try row.text("message"))
        case 1:
          hasFailures = true
          // Without one it is about a file that is gone, and there is nothing to look at again.
          guard let path = try row.optionalText("path"), let blob = try row.optionalText("blob") else {
            continue
          }
          setAside[path] = blob
          if try row.text("reason") == Failure.Reason.duplicateID.rawValue { duplicates[path] = blob }
        case 2: openConflicts.insert(try row.text("skill_id"))
        default: break
        }
      }
      if index == 3 { held = try HeldDeletions.sets(rows).first { $0.way == .import } }
    }
  }
}

/// What the repository refused of a skill, by a rule that names it or was found to mean it.
struct RefusedText {
  /// The blob that was refused; nil for a deletion.
  var blob: String?
  var message: String
}

/// The recorded base of one skill, with its texts.
struct StoredBase {
  var base: Base
  /// The file's bytes then.
  var text: String
  /// The bytes before the last import wrote the row; nil if none did since the last export.
  var previousText: String?
  var digest: String?
}

extension StoredBase {
  /// SQL: the select list that `init` reads, of base `b`.
  static let selectList =
    "b.path AS base_path, b.blob AS base_blob, b.text AS base_text, b.previous_text, b.digest AS base_digest, b.state AS base_state"

  /// nil if the outer join found no base, or its text can't be read any more.
  init?(_ row: Postgres.Row, fields: SyncedFields) throws {
    guard let text = try row.optionalText("base_text") else { return nil }
    guard let values = valuesOfSkillFile(text, fields: fields) else { return nil }
    previousText = try row.optionalText("previous_text")
    let previous = previousText.flatMap { valuesOfSkillFile($0, fields: fields) }
    base = Base(
      path: try row.text("base_path"), blob: try row.text("base_blob"), values: values,
      previousValues: previous,
      state: Base.State(rawValue: try row.text("base_state")) ?? .present)
    self.text = text
    digest = try row.optionalText("base_digest")
  }
}
