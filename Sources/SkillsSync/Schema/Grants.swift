import Postgres

/// The least rights for each role, as SQL for a person to read and run.
public enum Grants {
  /// - Parameter role: the role that the two functions connect as.
  public static func statements(for role: String, table: SkillTable) -> String {
    let sync = quotedIdentifier(role)
    var lines = [
      "-- The role that both functions connect as:",
      "GRANT USAGE ON SCHEMA skill_sync, \(quotedIdentifier(table.schema)) TO \(sync);",
      "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA skill_sync TO \(sync);",
      "REVOKE INSERT, UPDATE, DELETE ON skill_sync.version FROM \(sync);",
      "GRANT SELECT, INSERT, UPDATE, DELETE ON \(table.quotedName) TO \(sync);",
    ]
    if table.hasUsers { lines.append("GRANT SELECT, INSERT ON \(table.usersName) TO \(sync);") }
    if table.hasSyncLog { lines.append("GRANT SELECT, INSERT ON \(table.syncLogName) TO \(sync);") }
    lines += [
      "-- Only if that was taken from PUBLIC: GRANT TEMPORARY ON DATABASE … TO \(sync);",
      "-- The application's role needs nothing: the trigger runs with its owner's rights.",
      "-- The role that runs `skills-to-git migrate` must own \(table.quotedName)",
      "-- (or be a member of the role that does) and be allowed to create a schema:",
      "--   GRANT CREATE ON DATABASE … TO …;",
    ]
    return lines.joined(separator: "\n")
  }
}

extension Migration {
  /// The least rights for the role that the functions connect as, as SQL for a person to read and run.
  public func grants(for role: String) -> String { Grants.statements(for: role, table: table) }
}
