import Testing

@testable import Postgres

@Suite struct CopyTests {
  private static let query = SimpleQuery(
    "stage rows",
    "begin; create temp table t (n int, a text, b text) on commit drop; copy t (n, a, b) from stdin")

  private struct Stop: Error {}

  private func copy(_ rows: [[String?]], to connection: Connection) throws {
    var rest = rows.makeIterator()
    try connection.copy(Self.query) { rest.next().map { CopyRow($0).bytes } }
  }

  @Test func hostileRowsComeBackAsTheyWere() throws {
    let values: [String?] = [
      nil, "", "\\N", "\\.", "\\", "\\\\", "a\\b", "\t", "\n", "\r", "\r\n", "a\tb\nc", "NULL",
      "\u{8}\u{B}\u{C}",
      "é🦊", "\"", "'", ",", "{}", "\\t", "x\\", " ",
    ]
    let rows = values.enumerated().map {
      [String($0.offset), $0.element, values[values.count - 1 - $0.offset]]
    }
    let connection = try TestServer.connect()
    try copy(rows, to: connection)
    #expect(connection.roundTrips == 2)
    let stored = try connection.query(Statement("read", "select a, b from t order by n"))
    #expect(try stored.map { try $0.optionalText("a") } == values)
    #expect(try stored.map { try $0.optionalText("b") } == values.reversed())
    _ = try connection.query(Statement("commit", "commit"))
  }

  @Test func aLineIsWhatTheManualSays() {
    #expect(CopyRow(["a", nil, "", "\\N\t\n\r"]).bytes == Array("a\t\\N\t\t\\\\N\\t\\n\\r\n".utf8))
  }

  @Test func manyRowsAndHugeOnesStayTwoRoundTrips() throws {
    let connection = try TestServer.connect()
    var n = 0
    let huge = String(repeating: "ab\tc", count: 1_000_000)
    try connection.copy(Self.query) {
      n += 1
      return n <= 50_000 ? CopyRow([String(n), "row \(n)", n == 7 ? huge : nil]).bytes : nil
    }
    #expect(connection.roundTrips == 2)
    let row = try connection.query(
      Statement("check", "select count(*) as n, sum(n) as sum, max(length(b)) as longest from t"))[0]
    #expect(try row.integer("n") == 50_000)
    #expect(try row.integer("sum") == 1_250_025_000)
    #expect(try row.integer("longest") == 4_000_000)
  }

  @Test func noRowsAreFine() throws {
    let connection = try TestServer.connect()
    try copy([], to: connection)
    #expect(try connection.query(Statement("count", "select count(*) as n from t"))[0].integer("n") == 0)
  }

  @Test func aRefusedRowUndoesAll() throws {
    let connection = try TestServer.connect()
    let error = expect(.invalidTextRepresentation) {
      try copy([["1", "a", "b"], ["not a secret", "a", "b"]], to: connection)
    }
    #expect(error?.statement == "stage rows")
    #expect(error?.description.contains("not a secret") == false)
    #expect(!connection.isInTransaction)
    expect(.badCopyFileFormat) { try copy([["1", "a"]], to: connection) }
    expect(.characterNotInRepertoire) { try copy([["1", "a", "\0"]], to: connection) }
    try copy([["1", "a", "b"]], to: connection)
  }

  @Test func rowsThatThrowCopyNothing() throws {
    let connection = try TestServer.connect()
    try connection.execute(SimpleQuery("create", "create temp table kept (a text)"))
    var n = 0
    #expect(throws: Stop.self) {
      try connection.copy(SimpleQuery("copy", "copy kept from stdin")) {
        n += 1
        if n > 1000 { throw Stop() }
        return CopyRow(["x"]).bytes
      }
    }
    #expect(try connection.query(Statement("count", "select count(*) as n from kept"))[0].integer("n") == 0)
    #expect(throws: Stop.self) { try connection.copy(Self.query) { throw Stop() } }
    #expect(!connection.isInTransaction)
  }

  @Test func anErrorBeforeTheCopyIsThrownWithoutAskingForRows() throws {
    let connection = try TestServer.connect()
    var asked = false
    for sql in [
      "begin; create temp table pg_temp.x (a nothing); copy x from stdin", "copy nowhere from stdin",
    ] {
      #expect(throws: PostgresError.self) {
        try connection.copy(SimpleQuery("copy", sql)) {
          asked = true
          return nil
        }
      }
      #expect(!connection.isInTransaction)
    }
    expect(.functionSequence) { try connection.copy(SimpleQuery("copy", "begin; select 1")) { nil } }
    #expect(!asked)
    #expect(!connection.isInTransaction)
    #expect(try connection.query(Statement("one", "select 1 as n"))[0].integer("n") == 1)
  }
}
