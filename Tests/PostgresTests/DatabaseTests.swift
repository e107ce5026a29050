import Testing

@testable import Postgres

@Suite struct DatabaseTests {
  private static let first = Statement("first", "select pg_backend_pid() as pid")

  private func database() throws -> Database {
    Database(try TestServer.url(), applicationName: "database tests")
  }

  private func open(_ database: Database) throws -> (connection: Connection, pid: Int) {
    let (connection, results) = try database.open(first: [Self.first], remainingTime: countdown(.seconds(20)))
    return (connection, try results[0][0].integer("pid"))
  }

  @Test func theConnectionIsKeptBetweenInvocations() throws {
    let database = try database()
    let first = try open(database)
    let second = try open(database)
    #expect(first.pid == second.pid)
    #expect(first.connection === second.connection)
    #expect(second.connection.roundTrips == 2)
  }

  @Test func aConnectionThatDiedIsReplacedOnceAndItsFirstStatementRunAgain() throws {
    let database = try database()
    let first = try open(database)
    try TestServer.kill(backend: first.pid)
    let second = try open(database)
    #expect(second.pid != first.pid)
    #expect(second.connection.isOpen)
    #expect(!first.connection.isOpen)
  }

  @Test func aConnectionThatDiesUnderTheFirstStatementTwiceIsThrown() throws {
    let database = try database()
    _ = try open(database)
    let suicide = Statement("first", "select pg_terminate_backend(pg_backend_pid())")
    let error = expect(.adminShutdown) {
      try database.open(first: [suicide], remainingTime: countdown(.seconds(20))).results
    }
    #expect(error?.isConnectionLost == true)
    #expect(try open(database).connection.isOpen)
  }

  @Test func aLaterStatementIsNeverSentAgain() throws {
    let database = try database()
    let (connection, pid) = try open(database)
    try TestServer.kill(backend: pid)
    let error = #expect(throws: PostgresError.self) { try connection.query(Statement("later", "select 1")) }
    #expect(error?.isConnectionLost == true)
    #expect(!connection.isOpen)
    #expect(try open(database).pid != pid)
  }

  @Test func anErrorOfTheFirstStatementIsThrownAndKeepsTheConnection() throws {
    let database = try database()
    let pid = try open(database).pid
    expect(.undefinedTable) {
      try database.open(
        first: [Statement("first", "select * from nowhere")], remainingTime: countdown(.seconds(9))
      )
      .results
    }
    #expect(try open(database).pid == pid)
  }

  @Test func aTransactionOrStreamLeftBehindDoesntReachTheNextInvocation() throws {
    let database = try database()
    let first = try open(database)
    _ = try first.connection.query(Statement("begin", "begin"))
    let second = try open(database)
    #expect(second.pid != first.pid)
    let stream = try second.connection.stream(Statement("rows", "select generate_series(1, 9)"))
    let third = try open(database)
    #expect(third.pid != second.pid)
    #expect(throws: PostgresError.self) { while try stream.next() != nil {} }
    #expect(third.connection.isOpen)
  }

  @Test func aTimeUpInTheFirstStatementIsNotTriedAgain() throws {
    let database = try database()
    _ = try open(database)
    let start = ContinuousClock.now
    expect(.timeout) {
      try database.open(
        first: [Statement("first", "select pg_sleep(60)")], remainingTime: countdown(.milliseconds(300))
      ).results
    }
    #expect(start.duration(to: .now) < .seconds(2))
    #expect(try open(database).connection.isOpen)
  }
}
