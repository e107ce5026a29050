import Cryptography
import Postgres

/// A row or a file that can't be synced as it is.
///
/// It is left alone on both sides until it changes.
struct Failure: Equatable {
  enum Side: String { case row, file }

  /// Constant texts, shared by logs, records and answers.
  enum Reason: String {
    case unreadable = "unreadable file"
    case notASkill = "not a skill"
    case duplicateID = "duplicate id"
    case titleTaken = "title taken"
    case refusedByDatabase = "refused by the database"
    case notAFile = "not a file"
    case unwritable = "unwritable row"
    case noFreePath = "no free path"
    case refusedByRepository = "refused by the repository"

    /// What is wrong with a file, and keeps its row from being written to it.
    static let ofFiles: [Reason] = [.unreadable, .notASkill, .duplicateID, .notAFile]
  }

  var side: Side
  var skillID: String?
  var path: String?
  var blob: String?
  var reason: Reason
  var message: String

  /// What a person runs: to see what is wrong with a file before it is pushed again, or once the cause is put right.
  ///
  /// - Parameter reason: as it is recorded, perhaps by a newer program.
  static func command(reason: String, path: String?) -> String {
    switch Reason(rawValue: reason) {
    case .unreadable, .notASkill, .notAFile, .duplicateID:
      path.map { "git-to-skills check \(shellWord($0))" } ?? "git-to-skills import"
    case .titleTaken, .refusedByDatabase: "git-to-skills import"
    case .unwritable, .noFreePath, .refusedByRepository: "skills-to-git export"
    case nil: "skills-to-git drift --repair"
    }
  }

  /// What the record is kept under: a file's path (of one too long for PostgreSQL's index, its SHA-256), a row's id.
  var subject: String {
    let subject = (side == .file ? path : skillID) ?? ""
    return side == .file && subject.utf8.count > 1_000 ? hexadecimal(sha256(Array(subject.utf8))) : subject
  }

  /// Records `failures`, if the generation holds; one of those with the same subject, as names that aren't UTF-8 may be shown
  /// as one.
  static func insertion(_ failures: [Failure], generation: Generation) -> Statement {
    func column(_ value: (Failure) -> String?) -> Parameter { .textArray(failures.map(value)) }
    return generation.statement(
      "record failures",
      """
      INSERT INTO skill_sync.failed (repository_id, side, subject, skill_id, path, blob, reason, message)
      SELECT DISTINCT ON (f.side, f.subject) $1, f.*
      FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
        f (side, subject, skill_id, path, blob, reason, message)
      WHERE \(Generation.holds)
      ON CONFLICT (repository_id, side, subject) DO UPDATE SET skill_id = excluded.skill_id, path = excluded.path,
        blob = excluded.blob, reason = excluded.reason, message = excluded.message, failed_at = excluded.failed_at
      """,
      [
        column { $0.side.rawValue }, column { $0.subject }, column { $0.skillID }, column { $0.path },
        column { $0.blob },
        column { $0.reason.rawValue }, column { $0.message },
      ])
  }
}

extension Failure {
  /// The application's badge for rows that are set aside, themselves or by their file.
  static func badges(_ skillIDs: [String?], generation: Generation, table: SkillTable) -> [Statement] {
    guard table.has("syncStatus") else { return [] }
    return [
      generation.statement(
        "show what failed",
        """
        UPDATE \(table.quotedName) s SET "syncStatus" = 'failed'
        WHERE s.id IN (SELECT f.id FROM \(table.quotedName) f WHERE \(table.id("f")) = ANY ($3::text[])
            FOR NO KEY UPDATE SKIP LOCKED)
          AND s."syncStatus"::text IS DISTINCT FROM 'failed' AND \(Generation.holds)
        """, [.textArray(skillIDs)])
    ]
  }
}

/// `text` as one word of a shell's command line
/// (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02).
func shellWord(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "-")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
  if isPlain, !text.isEmpty { return text }
  return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
