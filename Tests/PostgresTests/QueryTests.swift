import Testing

@testable import Postgres

@Suite struct QueryTests {
  @Test func everyKindOfParameterArrivesAsItIs() throws {
    let connection = try TestServer.connect()
    let row = try connection.query(
      Statement(
        "echo",
        """
        select $1::text as text, $2::bigint as number, $3::boolean as yes, $4::boolean as no, $5::text as absent,
          $6::jsonb as json, $7::text[] as list, $8::int as small
        """,
        [
          "it's $1", .integer(.min), true, false, nil, .json(#"{"b": [1, "\"x\""], "a": null}"#), ["a", nil],
          7,
        ]))[0]
    #expect(try row.text("text") == "it's $1")
    #expect(try row.integer("number") == .min)
    #expect(try row.boolean("yes"))
    #expect(try !row.boolean("no"))
    #expect(try row.optionalText("absent") == nil)
    #expect(try row.optionalInteger("absent") == nil)
    #expect(try row.optionalBoolean("absent") == nil)
    #expect(try row.text("json") == #"{"a": null, "b": [1, "\"x\""]}"#)
    #expect(try row.textArray("list") == ["a", nil])
    #expect(try row.integer("small") == 7)
    #expect(connection.roundTrips == 1)
  }

  @Test(arguments: [
    "'; drop table users; --", "\\'; select 1", "$1", "%s%n", "\"", "\u{1}\u{7F}", "\r\n\t", "👩‍👩‍👧‍👦é\u{301}",
    "\u{FEFF}x", "\u{FFFF}",
    "\\N", "\\.", "{}", "NULL", "",
  ])
  func hostileTextIsOnlyText(_ text: String) throws {
    let row = try TestServer.connect().query(
      Statement("echo", "select $1::text as t, octet_length($1::text) as n", [.text(text)]))[0]
    #expect(try Array(row.text("t").utf8) == Array(text.utf8))
    #expect(try row.integer("n") == text.utf8.count)
  }

  @Test func tenMegabytesGoBothWays() throws {
    let text = String(repeating: "0123456789abcdé", count: 640_000)
    let row = try TestServer.connect().query(Statement("echo", "select $1::text as t", [.text(text)]))[0]
    #expect(try row.text("t") == text)
    #expect(text.utf8.count > 10_000_000)
  }

  @Test func aNULIsRefusedBeforeAnythingIsSent() throws {
    let connection = try TestServer.connect()
    let statements = [
      Statement("write", "select $1, $2", ["fine", "secret\0"]),
      Statement("write", "select $1::text[]", [.textArray(["fine", "secret\0"])]),
      Statement("write", "select 1 -- secret\0"),
    ]
    for statement in statements {
      let error = try #require(throws: PostgresError.self) { try connection.query(statement) }
      #expect(error.code == .characterNotInRepertoire)
      #expect(error.isDataError)
      #expect(!error.description.contains("secret"))
    }
    #expect(connection.roundTrips == 0)
    expect(.characterNotInRepertoire) {
      try connection.pipeline([Statement("fine", "select 1"), statements[0]])
    }
    #expect(connection.roundTrips == 0)
  }

  @Test func moreParametersThanTheProtocolHasAreRefused() throws {
    let connection = try TestServer.connect()
    let many = Statement("many", "select 1", Array(repeating: nil, count: 65_536))
    expect(.generalError) { try connection.query(many) }
    #expect(try connection.query(Statement("one", "select 1 as n"))[0].integer("n") == 1)
  }

  @Test func aMissingColumnAndAWrongTypeNameTheColumn() throws {
    let row = try TestServer.connect().query(
      Statement("read skill", "select 'secret' as title, 1.5 as number, null as absent"))[0]
    let missing = try #require(throws: PostgresError.self) { try row.text("tilte") }
    #expect(
      missing.description
        == "read skill: no column “tilte” in the result (it has title, number, absent) [07009]")
    #expect(missing.column == "tilte")
    for read in [
      { _ = try row.integer("title") }, { _ = try row.boolean("title") }, { _ = try row.textArray("title") },
      { _ = try row.integer("number") }, { _ = try row.text("absent") }, { _ = try row.integer("absent") },
      { _ = try row.boolean("absent") }, { _ = try row.textArray("absent") },
    ] as [() throws -> Void] {
      let error = try #require(throws: PostgresError.self) { try read() }
      #expect(error.code == .wrongColumnType)
      #expect(error.column.map(["title", "number", "absent"].contains) == true)
      #expect(!error.description.contains("secret"))
    }
  }

  @Test func quotedIdentifiersNameExactlyWhatTheySay() throws {
    let connection = try TestServer.connect()
    for name in ["Skill", "say \"hi\"", "a.b", "; drop table x; --", "é 🦊", "select"] {
      let table = quotedIdentifier(name)
      try connection.execute(SimpleQuery("create", "create temp table \(table) (\(table) int)"))
      let row = try connection.query(Statement("read", "select count(\(table)) as n from \(table)"))[0]
      #expect(try row.integer("n") == 0)
    }
    #expect(quotedIdentifier("a\"b") == "\"a\"\"b\"")
  }

  @Test func aStatementWithoutRowsReturnsNone() throws {
    let connection = try TestServer.connect()
    #expect(try connection.query(Statement("empty", "")).isEmpty)
    #expect(try connection.query(Statement("create", "create temp table t (a int)")).isEmpty)
    #expect(try connection.query(Statement("select", "select * from t")).isEmpty)
  }

  @Test func aScriptRunsAllItsStatementsOrNone() throws {
    let connection = try TestServer.connect()
    try connection.execute(
      SimpleQuery(
        "install", "create temp table t (a int); insert into t values (1); insert into t values (2)"))
    expect(.undefinedTable) {
      try connection.execute(SimpleQuery("break", "insert into t values (3); select * from nowhere"))
    }
    expect(.undefinedTable) {
      try connection.execute(
        SimpleQuery("break", "begin; insert into t values (4); select * from nowhere; commit"))
    }
    #expect(!connection.isInTransaction)
    #expect(try connection.query(Statement("count", "select count(*) as n from t"))[0].integer("n") == 2)
  }

  @Test func rowsOfACopyCantBeReadByAQuery() throws {
    let connection = try TestServer.connect()
    #expect(throws: PostgresError.self) {
      try connection.execute(SimpleQuery("copy in", "copy pg_class from stdin"))
    }
    #expect(throws: PostgresError.self) {
      try connection.query(Statement("copy in", "copy pg_class from stdin"))
    }
    #expect(try connection.query(Statement("one", "select 1 as n"))[0].integer("n") == 1)
    expect(.functionSequence) {
      try connection.query(Statement("copy out", "copy pg_class to stdout"))
    }
    #expect(!connection.isOpen)
    expect(.connectionDoesNotExist) { try connection.query(Statement("one", "select 1")) }
  }

  @Test func aRefusedCommitIsAnError() throws {
    let connection = try TestServer.connect()
    _ = try connection.query(Statement("begin", "begin"))
    expect(.undefinedTable) { try connection.query(Statement("break", "select * from nowhere")) }
    #expect(connection.isInTransaction)
    expect(.inFailedTransaction) { try connection.query(Statement("go on", "select 1")) }
    expect(.transactionRollback) { try connection.query(Statement("commit", "COMMIT")) }
    #expect(!connection.isInTransaction)
  }
}
