import Postgres
import SkillsCore

/// What an import does about one skill: one row of the temporary table that the transaction works from.
struct RowChange {
  enum Effect: String {
    case keep, insert, update, archive, delete
  }

  var skillID: String
  var effect: Effect
  /// The digest of the row that was reconciled; nil if there was none.
  ///
  /// Should it be another by then, nothing is done.
  var expectedDigest: String?
  /// What an insert or update writes; nil for what stays as it is.
  var title: String?
  var content: String?
  var categories: [String]?
  var tier: String?
  var active: Bool?
  var summary: String?
  var owners: [Owner] = []
  var ownersColumn: String?
  var sourcesColumn: String?
  /// Whether the owner relation is to be found among `owners`, because the present one is not.
  var findsOwner = false
  var createdAt: String?
  var reason: Decision.Reason
  var base: Decision.BaseEffect
  var file: (path: String, blob: String, text: String)?
  /// The file's title and the base's text before, where the row is written.
  var previousText: String?
  /// Whether the row and the base say the same afterwards.
  var agrees: Bool
  /// Whether the row must be looked at by an export, as base doesn't say what it says.
  var enqueues: Bool
  var record: Decision.Record
  var baseText: String?
  var rowText: String?
  var fileTitle: String?
  /// Milliseconds since the epoch.
  var rowAt: Int64?
  /// The row's owner: the table doesn't say who saved it.
  var rowBy: String?
  var fileAt: Int64?
  var fileBy: String?
  /// Who settled the conflict that waited; nil if nobody did.
  var settledBy: String?
}

extension RowChange {
  static let tableName = "skill_sync_change"

  /// The temporary table's columns, in the order of `values`.
  private static let columns: [(name: String, type: String)] = [
    ("skill_id", "text NOT NULL"), ("effect", "text NOT NULL"), ("expected_digest", "text"),
    ("title", "text"),
    ("content", "text"), ("categories", "text[]"), ("tier", "text"), ("owners", "text"), ("sources", "text"),
    ("active", "boolean"), ("summary", "text"), ("finds_owner", "boolean"), ("owner_ids", "text[]"),
    ("owner_emails", "text[]"),
    ("created_at", "timestamptz"), ("reason", "text NOT NULL"), ("base", "text NOT NULL"), ("path", "text"),
    ("blob", "text"), ("file_text", "text"), ("file_title", "text"), ("previous_text", "text"),
    ("agrees", "boolean NOT NULL"), ("enqueues", "boolean NOT NULL"), ("record", "text NOT NULL"),
    ("base_text", "text"), ("row_text", "text"), ("row_at", "timestamptz"), ("row_by", "text"),
    ("file_at", "timestamptz"), ("file_by", "text"), ("settled_by", "text"), ("outcome", "text NOT NULL"),
  ]

  /// The statements that open the transaction and make the table; they take no parameter.
  private static var opening: [(name: String, sql: String)] {
    let definitions = columns.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
    return [
      ("begin", "BEGIN"), ("be silent", Trigger.silence),
      (
        "make a table of changes",
        """
        CREATE TEMPORARY TABLE \(tableName) (
          \(definitions), locked boolean NOT NULL DEFAULT false, stale boolean NOT NULL DEFAULT false
        ) ON COMMIT DROP
        """
      ),
    ]
  }

  private static let names = columns.map(\.name).joined(separator: ", ")

  /// What opens the transaction, with the start of a copy into the table.
  static var copyPrelude: String {
    (opening.map(\.sql) + ["COPY \(tableName) (\(names)) FROM STDIN"]).joined(separator: ";\n")
  }

  /// What opens the transaction with these rows in the table.
  static func opening(with rows: [[String?]]) -> [Statement] {
    let arrays = columns.indices.map { "$\($0 + 1)::text[]" }.joined(separator: ", ")
    let values = columns.map { "\($0.name)::\($0.type.prefix { $0 != " " })" }.joined(separator: ", ")
    return opening.map { Statement($0.name, $0.sql) } + [
      Statement(
        "list the changes",
        "INSERT INTO \(tableName) (\(names)) SELECT \(values) FROM unnest(\(arrays)) v (\(names))",
        columns.indices.map { column in .textArray(rows.map { $0[column] }) })
    ]
  }

  /// The row's values, as text.
  ///
  /// - Parameter outcome: what will be said of the skill.
  func values(_ outcome: ImportPlan.Outcome.Kind) -> [String?] {
    func time(_ milliseconds: Int64?) -> String? { milliseconds.map(isoTime(milliseconds:)) }
    return [
      skillID, effect.rawValue, expectedDigest, title, content,
      categories.map { textArrayLiteral($0) }, tier, ownersColumn, sourcesColumn,
      active.map { $0 ? "t" : "f" }, summary, findsOwner ? "t" : "f",
      textArrayLiteral(owners.map(\.userID)),
      textArrayLiteral(owners.map { $0.email?.lowercased() }),
      createdAt, reason.rawValue, name(of: base), file?.path, file?.blob, file?.text, fileTitle, previousText,
      agrees ? "t" : "f", enqueues ? "t" : "f", name(of: record), baseText, rowText, time(rowAt),
      rowBy, time(fileAt), fileBy, settledBy, outcome.rawValue,
    ]
  }

  private func name(of base: Decision.BaseEffect) -> String {
    switch base {
    case .keep: "keep"
    case .asFound: "present"
    case .tombstone: "tombstone"
    }
  }

  private func name(of record: Decision.Record) -> String {
    switch record {
    case .none: "none"
    case .settled: "settled"
    case .open: "open"
    }
  }
}
