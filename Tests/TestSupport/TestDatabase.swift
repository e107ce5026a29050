import Foundation
import Postgres
import Synchronization

/// The forms in which the application's tables come.
package enum ApplicationSchema: String, CaseIterable, Sendable {
  /// The first: titles may repeat, nobody needs to own a skill.
  case first
  /// The later: titles are unique, each skill has an owner, and there are tiers.
  case later
  /// No tables at all: the test makes its own.
  case none
}

/// A database of its own for one test, with the application's tables and ours; dropped afterwards.
///
/// Three roles connect to it: `postgres`, which migrates; `test_app`, which may touch the application's tables and nothing else;
/// and `test_sync`, which has the grants that `migrate --print-grants` prints and no others.
package final class TestDatabase {
  /// Its name.
  package let name: String
  /// A superuser's connection, for looking at things.
  package let connection: Connection

  /// A new database.
  ///
  /// - Parameter isMigrated: whether our own tables and the trigger are installed.
  package init(_ schema: ApplicationSchema, isMigrated: Bool) throws {
    let name = "test_\(randomName())"
    self.name = name
    let isMigrated = isMigrated && schema != .none
    let template = try Templates.name(of: schema, isMigrated: isMigrated)
    try administrate { administrator in
      try administrator.execute(SimpleQuery("create", "CREATE DATABASE \(name) TEMPLATE \(template)"))
    }
    connection = try TestSupport.connect(to: name, as: "postgres")
  }

  deinit {
    connection.close()
    let name = name
    try? administrate { administrator in
      try administrator.execute(SimpleQuery("drop", "DROP DATABASE IF EXISTS \(name) WITH (FORCE)"))
    }
  }

  /// Its URL for a role.
  package func url(as role: String) throws -> String { try databaseURL(name, role) }

  /// Another connection, as one of the roles.
  package func connect(as role: String) throws -> Connection { try TestSupport.connect(to: name, as: role) }

  /// Everything in it, table by table, in an order that doesn't depend on when a row was written.
  package func dump() throws -> String {
    let tables = try connection.query(
      Statement(
        "list the tables",
        """
        SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname IN ('public', 'skill_sync') ORDER BY 1
        """)
    ).map { try $0.text("name") }
    return try tables.map { table in
      let rows = try connection.query(
        Statement(
          "dump", "SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') AS rows FROM \(table) t")
      )
      return "\(table)\n\(try rows[0].text("rows"))"
    }.joined(separator: "\n\n")
  }
}

/// Databases that tests' own are copied from: made once, by whoever needs one first.
private enum Templates {
  private static let made = Mutex<Set<String>>([])

  static func name(of schema: ApplicationSchema, isMigrated: Bool) throws -> String {
    let name = "template_\(schema.rawValue)\(isMigrated ? "_migrated" : "")"
    try made.withLock { made in
      if made.isEmpty { try makeRoles() }
      if !made.contains(name) {
        try make(name, schema, isMigrated: isMigrated)
        made.insert(name)
      }
    }
    return name
  }

  private static func makeRoles() throws {
    try administrate { administrator in
      for role in ["test_app", "test_sync"] {
        let found = try administrator.query(
          Statement("find", "SELECT FROM pg_roles WHERE rolname = $1", [.text(role)]))
        if found.isEmpty { try administrator.execute(SimpleQuery("role", "CREATE ROLE \(role) LOGIN")) }
      }
    }
  }

  private static func make(_ name: String, _ schema: ApplicationSchema, isMigrated: Bool) throws {
    try administrate { administrator in
      try administrator.execute(SimpleQuery("drop", "DROP DATABASE IF EXISTS \(name) WITH (FORCE)"))
      try administrator.execute(SimpleQuery("create", "CREATE DATABASE \(name)"))
    }
    let connection = try connect(to: name, as: "postgres")
    defer { connection.close() }
    guard schema != .none else { return }
    for file in ["upstream-schema"] + (schema == .later ? ["upstream-schema-later"] : []) + ["users"] {
      let path = Servers.projectFolder("Tests/Fixtures/\(file).sql")
      try connection.execute(SimpleQuery(file, String(contentsOfFile: path, encoding: .utf8)))
    }
    try connection.execute(
      SimpleQuery(
        "grants",
        #"GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON "Skill", "User", "SkillSyncLog" TO test_app"#))
    guard isMigrated else { return }
    let environment = ["DATABASE_URL": try databaseURL(name, "postgres"), "PATH": "/usr/bin:/bin"]
    for arguments in [["migrate"], ["migrate", "--print-grants", "test_sync"]] {
      let finished = try Program(
        ["\(Servers.executables)/skills-to-git"] + arguments, environment: environment
      )
      .wait()
      guard finished.status == 0 else { throw TestSupportError("\(arguments): \(finished.output)") }
      if arguments.count > 1 { try connection.execute(SimpleQuery("grants", finished.output)) }
    }
  }
}

private func administrate(_ work: (Connection) throws -> Void) throws {
  let connection = try connect(to: "postgres", as: "postgres")
  defer { connection.close() }
  try work(connection)
}

private func connect(to name: String, as role: String) throws -> Connection {
  try Connection(
    DatabaseURL(databaseURL(name, role)), applicationName: "tests", remainingTime: { .seconds(120) })
}

private func databaseURL(_ name: String, _ role: String) throws -> String {
  guard var components = URLComponents(string: try Servers.database) else {
    throw TestSupportError("TEST_DATABASE_URL is no URL")
  }
  components.user = role
  components.path = "/\(name)"
  return components.string ?? ""
}

/// Twelve letters and digits that no other test has.
package func randomName() -> String {
  String((0..<12).map { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement() ?? "a" })
}
