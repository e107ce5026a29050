import Postgres

/// Installs, upgrades and removes the sync's own tables and its trigger.
///
/// Each call is one transaction and may be repeated at each deploy. Locks on the application's table are asked for with a
/// short `lock_timeout`, so that its saves never queue behind us.
public struct Migration {
  let connection: Connection
  let table: SkillTable

  /// The version of the schema that this program works with.
  static let version = schemaVersions.count

  /// Brings the schema to this program's version and the trigger to the table's present columns.
  /// - Returns: what was done, one line each; empty if all was as it should be.
  public func install(withTrigger: Bool) throws -> [String] {
    var done: [String] = []
    try inTransaction {
      try connection.execute(
        SimpleQuery(
          "make the schema",
          """
          CREATE SCHEMA IF NOT EXISTS skill_sync;
          CREATE TABLE IF NOT EXISTS skill_sync.version (
            version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT clock_timestamp());
          LOCK TABLE skill_sync.version IN EXCLUSIVE MODE;
          """))
      let found = try Migration.check(connection.query(Migration.readVersion), isInstalling: true)
      for version in found..<max(found, Migration.version) {
        try connection.execute(SimpleQuery("migration \(version + 1)", schemaVersions[version]))
        _ = try connection.query(
          Statement(
            "record the version", "INSERT INTO skill_sync.version (version) VALUES ($1)",
            [.integer(version + 1)]))
        done.append("tables: version \(version + 1) installed")
      }
      if found < Migration.version {
        _ = try connection.query(
          Statement(
            "record the oldest program",
            "UPDATE skill_sync.version SET oldest_program = $1 WHERE version = $2",
            [.integer(oldestProgram), .integer(Migration.version)]))
      }
      // Nothing is done to a trigger that is as it should be: that would lock the application's table.
      let wanted = withTrigger ? Trigger.signature(on: table) : nil
      guard try installedSignature() != wanted else { return }
      let (statements, word) =
        withTrigger
        ? (Trigger.installation(on: table), "installed") : (Trigger.removal(from: table), "removed")
      try connection.execute(SimpleQuery("change the trigger", statements))
      done.append("trigger on \(table.key): \(word)")
    }
    return done
  }

  /// Removes all that `install` made: the triggers on every table, and the schema with the recorded state.
  public func uninstall() throws {
    try inTransaction {
      try connection.execute(SimpleQuery("remove the trigger", Trigger.removal(from: table)))
      try connection.execute(SimpleQuery("remove the schema", "DROP SCHEMA IF EXISTS skill_sync CASCADE"))
    }
  }

  /// What `check` reads; also where the column isn't there yet.
  static let readVersion = Statement(
    "read the version",
    """
    SELECT version, (to_jsonb(v) ->> 'oldest_program')::integer AS oldest_program FROM skill_sync.version v
    ORDER BY version DESC LIMIT 1
    """, [])

  /// The installed version: 0 if there is none.
  ///
  /// - Parameter isInstalling: whether an older one will do.
  /// - Throws: a `SetupError` if this program can't work with it.
  @discardableResult
  static func check(_ rows: [Row], isInstalling: Bool = false) throws -> Int {
    let found = try rows.first?.integer("version") ?? 0
    if found > version, let oldest = try rows[0].optionalInteger("oldest_program"), oldest <= version {
      return found
    }
    if found > version || found < version && !isInstalling { throw SetupError.oldSchema(found, version) }
    return found
  }

  /// What the installed trigger was made from; nil if there is none.
  private func installedSignature() throws -> String? {
    try connection.query(
      Statement(
        "read the trigger",
        """
        SELECT coalesce(obj_description(t.oid, 'pg_trigger'), '') AS signature FROM pg_trigger t
        WHERE t.tgrelid = to_regclass($1) AND t.tgname = $2
        """, [.text(table.quotedName), .text(Trigger.main)])
    ).first?.text("signature")
  }

  /// Asks for its locks for a moment only, again and again: saves queue behind whoever waits for one.
  private func inTransaction(_ body: () throws -> Void) throws {
    for _ in 0..<8 {
      do {
        return try tryTransaction(body)
      } catch let error as PostgresError where error.code == .lockNotAvailable {
        try? connection.execute(SimpleQuery("wait", "SELECT pg_sleep(0.3)"))
      }
    }
    try tryTransaction(body)
  }

  private func tryTransaction(_ body: () throws -> Void) throws {
    try connection.execute(SimpleQuery("begin", "BEGIN; SET LOCAL lock_timeout = '200ms'"))
    do {
      try body()
      try connection.execute(SimpleQuery("commit", "COMMIT"))
    } catch {
      try? connection.rollback()
      throw error
    }
  }
}
