import Testing

@testable import Postgres

@Suite struct ErrorTests {
  @Test func aViolationHasAllTheServersFieldsAndShowsNoValues() throws {
    let connection = try TestServer.connect()
    try connection.execute(
      SimpleQuery(
        "create",
        "create temp table skill (id text, title text constraint title_key unique, n int check (n > 0))"))
    let insert = "insert into skill values ($1, $2, $3)"
    _ = try connection.query(Statement("write", insert, ["1", "secret", 1]))
    let unique = try #require(
      expect(.uniqueViolation) { try connection.query(Statement("write", insert, ["2", "secret", 1])) })
    #expect(unique.severity == "ERROR")
    #expect(unique.table == "skill")
    #expect(unique.schema?.hasPrefix("pg_temp") == true)
    #expect(unique.constraint == "title_key")
    #expect(unique.detail == "Key (title)=(secret) already exists.")
    #expect(unique.isUniqueViolation && unique.isDataError && !unique.isTransient)
    #expect(
      unique.description
        == "write: duplicate key value violates unique constraint \"title_key\" [23505, table skill]")
    let check = expect(.checkViolation) {
      try connection.query(Statement("write", insert, ["secret", "x", -1]))
    }
    #expect(check?.detail?.contains("secret") == true)
    #expect(check.map { "\($0)\(String(reflecting: $0))" }?.contains("secret") == false)
  }

  @Test(arguments: [
    ("select $1::int", "secret"), ("select $1::date", "secret"), ("select $1::jsonb", "{\"a\": secret"),
    ("select $1::text[]", "{secret"), ("select $1::int", "\"secret\" or 'more' secret"),
    ("select $1::boolean", "secret"),
    ("select $1::smallint", "99999secret"), ("select to_timestamp($1, 'YYYY')", "secret"),
    ("select '1'::pg_temp.mood = $1", "secret"), ("select $1::uuid", "secret«secret"),
  ])
  func anUnreadableValueIsNotShown(_ sql: String, _ value: String) throws {
    let connection = try TestServer.connect()
    try connection.execute(SimpleQuery("type", "create type pg_temp.mood as enum ('1')"))
    let error = try #require(throws: PostgresError.self) {
      try connection.query(Statement("read", sql, [.text(value)]))
    }
    #expect(error.isDataError)
    #expect(!error.description.contains("secret"))
    #expect(!String(reflecting: error).contains("secret"))
  }

  @Test func commonErrorsSayWhatToDo() throws {
    let connection = try TestServer.connect()
    let table = expect(.undefinedTable) {
      try connection.query(Statement("read outbox", "select * from nowhere"))
    }
    #expect(
      table?.description == """
        read outbox: relation "nowhere" does not exist [42P01]; \
        check the URL's schema parameter, and that the migrations ran on this database
        """)
    let role = "reader_\(try TestServer.backend(of: connection))"
    try connection.execute(SimpleQuery("role", "create role \(role); create temp table private (a int)"))
    defer { try? connection.execute(SimpleQuery("role", "reset role; drop role \(role)")) }
    let denied = expect(.insufficientPrivilege) {
      try connection.pipeline([
        Statement("begin", "begin"), Statement("as", "set local role \(role)"),
        Statement("read", "select * from private"),
      ])
    }
    #expect(denied?.description.contains("grant the role what it needs") == true)
    let column = expect(.undefinedColumn) {
      try connection.query(Statement("read", "select relnam from pg_class"))
    }
    #expect(column?.description.contains("Perhaps you meant to reference the column") == true)
  }

  @Test func codesMatchInACatch() throws {
    let connection = try TestServer.connect()
    do {
      _ = try connection.query(Statement("break", "selec"))
      Issue.record("no error")
    } catch SQLState.undefinedTable {
      Issue.record("another error")
    } catch SQLState.syntaxError {
    }
  }

  @Test(arguments: [
    ("40001", true), ("40P01", true), ("53300", true), ("57P01", true), ("57P03", true), ("55P03", true),
    ("57014", true), ("08006", true), ("HYT00", true), ("HYT01", true), ("23505", false), ("22P02", false),
    ("42P01", false), ("28P01", false), ("XX000", false),
  ])
  func onlyWhatMayPassIsTransient(_ code: String, _ transient: Bool) {
    #expect(PostgresError(code: SQLState(rawValue: code), message: "").isTransient == transient)
  }

  @Test func whatLibpqSaysWhileConnectingGetsACode() {
    let refused = PostgresError(
      connecting: """
        connection to server at "db" (10.0.0.1), port 5432 failed: FATAL:  28P01: password authentication failed \
        for user "me"
        LOCATION:  auth_failed, auth.c:338

        """)
    #expect(refused.code == .invalidPassword)
    #expect(refused.isAuthentication)
    #expect(
      refused.message
        == "connection to server at \"db\" (10.0.0.1), port 5432 failed: password authentication failed for user \"me\""
    )
    let plain = PostgresError(
      connecting:
        "connection to server failed: FATAL:  28000: no pg_hba.conf entry for host \"::1\", no encryption\n")
    #expect(plain.suggestion?.contains("sslmode") == true)
    #expect(PostgresError(connecting: "x failed: fe_sendauth: no password supplied\n").isAuthentication)
    #expect(PostgresError(connecting: "something").code == .unableToConnect)
  }
}
