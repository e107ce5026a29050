import Testing

@testable import Postgres

@Suite struct PipelineTests {
  private func table(_ connection: Connection) throws {
    try connection.execute(SimpleQuery("create", "create temp table t (a int primary key)"))
  }

  private func insert(_ number: Int) -> Statement {
    Statement("insert \(number)", "insert into t values ($1) returning a", [.integer(number)])
  }

  private func count(_ connection: Connection) throws -> Int {
    try connection.query(Statement("count", "select count(*) as n from t"))[0].integer("n")
  }

  @Test func statementsAnswerInOrderInOneRoundTrip() throws {
    let connection = try TestServer.connect()
    let results = try connection.pipeline([
      Statement("one", "select $1::int as a", [1]), Statement("none", "select 1 where false"),
      Statement("many", "select generate_series(1, 3) as a"), Statement("empty", ""),
    ])
    #expect(results.map(\.count) == [1, 0, 3, 0])
    #expect(try results[0][0].integer("a") == 1)
    #expect(try results[2].map { try $0.integer("a") } == [1, 2, 3])
    #expect(connection.roundTrips == 1)
    #expect(try connection.pipeline([]).isEmpty)
    #expect(connection.roundTrips == 1)
  }

  @Test func aFailureNamesTheFirstStatementThatFailedAndUndoesAll() throws {
    let connection = try TestServer.connect()
    try table(connection)
    let error = expect(.uniqueViolation) {
      try connection.pipeline([insert(1), insert(2), insert(1), Statement("later", "select * from nowhere")])
    }
    #expect(error?.statement == "insert 1")
    #expect(try count(connection) == 0)
    #expect(try connection.pipeline([insert(1), insert(2)]).count == 2)
    #expect(try count(connection) == 2)
  }

  @Test func whatFollowsIsOnItsOwnAndItsFailureUndoesNothing() throws {
    let connection = try TestServer.connect()
    try table(connection)
    let begin = Statement("begin", "BEGIN")
    let commit = Statement("commit", "COMMIT")
    let nowhere = Statement("nowhere", "select * from nowhere")
    let trips = connection.roundTrips
    let both = try connection.pipeline([begin, insert(1), commit], following: [insert(2), insert(3)])
    #expect(connection.roundTrips == trips + 1)
    #expect(both.results.map(\.count) == [0, 1, 0] && both.following?.map(\.count) == [1, 1])
    let first = try connection.pipeline([begin, insert(4), commit], following: [insert(5), nowhere])
    #expect(try first.results[1][0].integer("a") == 4 && first.following == nil)
    #expect(try count(connection) == 4)
    let error = expect(.uniqueViolation) {
      try connection.pipeline([begin, insert(6), insert(1), commit], following: [insert(7)])
    }
    #expect(error?.statement == "insert 1")
    #expect(try count(connection) == 4)
    let lost = try connection.pipeline(
      [begin, insert(8), commit],
      following: [Statement("end", "select pg_terminate_backend(pg_backend_pid())")])
    #expect(lost.results.count == 3 && lost.following == nil && !connection.isOpen)
  }

  @Test func aFailureInItsTransactionLeavesNoneOpen() throws {
    let connection = try TestServer.connect()
    try table(connection)
    let (begin, commit) = (Statement("begin", "begin"), Statement("commit", "commit"))
    expect(.uniqueViolation) { try connection.pipeline([begin, insert(1), insert(1), commit]) }
    #expect(!connection.isInTransaction)
    #expect(try count(connection) == 0)
    _ = try connection.pipeline([begin, insert(1), commit])
    #expect(try count(connection) == 1)
  }

  @Test func aTransactionOpenedBeforeIsLeftToItsOwner() throws {
    let connection = try TestServer.connect()
    try table(connection)
    _ = try connection.pipeline([Statement("begin", "begin"), insert(1), Statement("save", "savepoint s")])
    expect(.uniqueViolation) { try connection.pipeline([insert(2), insert(1)]) }
    #expect(connection.isInTransaction)
    _ = try connection.pipeline([
      Statement("back", "rollback to s"), insert(3), Statement("commit", "commit"),
    ])
    #expect(try count(connection) == 2)
    _ = try connection.query(Statement("begin", "begin"))
    expect(.uniqueViolation) { try connection.query(insert(1)) }
    try connection.rollback()
    #expect(!connection.isInTransaction)
    let roundTrips = connection.roundTrips
    try connection.rollback()
    #expect(connection.roundTrips == roundTrips)
  }

  @Test func aConstraintThatFailsAtTheCommitIsThrown() throws {
    let connection = try TestServer.connect()
    try connection.execute(
      SimpleQuery("create", "create temp table t (a int unique deferrable initially deferred)"))
    let error = expect(.uniqueViolation) { try connection.pipeline([insert(1), insert(1)]) }
    #expect(error?.constraint == "t_a_key")
    expect(.uniqueViolation) {
      try connection.pipeline([
        Statement("begin", "begin"), insert(1), insert(1), Statement("commit", "commit"),
      ])
    }
    #expect(!connection.isInTransaction)
    #expect(try count(connection) == 0)
  }

  @Test func tenThousandStatementsWithLargerAnswersDontBlockEachOther() throws {
    // Far more each way than the kernel buffers: whoever stops reading in order to write stops both.
    let connection = try TestServer.connect("", within: .seconds(30))
    let text = String(repeating: "x", count: 2000)
    let statements = (0..<10_000).map {
      Statement("echo", "select $1::int as n, repeat($2, 5) as t", [.integer($0), .text(text)])
    }
    let results = try connection.pipeline(statements)
    #expect(try results.map { try $0[0].integer("n") } == Array(0..<10_000))
    #expect(try results.allSatisfy { try $0[0].text("t").utf8.count == 10_000 })
    #expect(connection.roundTrips == 1)
  }

  @Test func aLateFailureAmongTenThousandIsFoundAndTheConnectionGoesOn() throws {
    let connection = try TestServer.connect()
    try table(connection)
    let error = expect(.uniqueViolation) { try connection.pipeline((0..<10_000).map(insert) + [insert(7)]) }
    #expect(error?.statement == "insert 7")
    #expect(try count(connection) == 0)
  }

  @Test func aCopyAmongTheStatementsIsRefusedWithoutWaitingForEver() throws {
    let connection = try TestServer.connect("", within: .seconds(5))
    let error = #expect(throws: PostgresError.self) {
      try connection.pipeline([
        Statement("one", "select 1"), Statement("copy", "copy pg_class from stdin"),
        Statement("two", "select 2"),
      ])
    }
    #expect(error?.statement == "copy")
    #expect(error?.isTimeout == false, "\(error as Any)")
  }

  @Test func aConnectionLostInThePipelineIsClosed() throws {
    let connection = try TestServer.connect()
    let error = #expect(throws: PostgresError.self) {
      try connection.pipeline([
        Statement("one", "select 1"), Statement("die", "select pg_terminate_backend(pg_backend_pid())"),
        Statement("two", "select 2"),
      ])
    }
    #expect(error?.isConnectionLost == true)
    #expect(error?.code == .adminShutdown)
    #expect(!connection.isOpen)
  }
}
