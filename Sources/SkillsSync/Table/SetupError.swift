/// The database isn't as the sync needs it: a person must change it or the settings.
public struct SetupError: Error, CustomStringConvertible {
  /// In words for a person.
  public let description: String

  static func noSkillTable(_ name: String) -> SetupError {
    SetupError(
      description:
        "there is no table \"\(name)\" in the database: set SKILLS_TABLE to the application's skill table "
        + "(mixed case counts), or DATABASE_URL to its database and schema")
  }

  static func columnsMissing(_ columns: [String], table: String) -> SetupError {
    SetupError(
      description: "table \(table) has no column \(columns.joined(separator: ", ")): "
        + "a skill table needs id, title and content")
  }

  static func columnsRequired(_ columns: [String], table: String) -> SetupError {
    SetupError(
      description:
        "table \(table) requires a value in \(columns.joined(separator: ", ")), which a skill file doesn't "
        + "have: give the column a default")
  }

  static func rowsMayBeHidden(table: String) -> SetupError {
    SetupError(
      description:
        "table \(table) has row-level security, and a row that a policy hides would be taken for deleted: give the sync's "
        + "role BYPASSRLS, or CREATE POLICY … ON \(table) FOR ALL TO that role USING (true), and no restrictive policy"
    )
  }

  static let noSchema = SetupError(
    description: "the sync's own tables aren't in the database: run `skills-to-git migrate` once")

  static func oldSchema(_ found: Int, _ wanted: Int) -> SetupError {
    SetupError(
      description: found < wanted
        ? "the sync's own tables are of version \(found), this program needs \(wanted): run `skills-to-git migrate`"
        : "the sync's own tables are of version \(found), newer than this program's \(wanted): deploy the newer program"
    )
  }

  static let archiveImpossible = SetupError(
    description:
      "GIT_DELETE_POLICY is archive, but the skill table has neither a column isActive nor a column status: "
      + "set GIT_DELETE_POLICY=delete")
}
