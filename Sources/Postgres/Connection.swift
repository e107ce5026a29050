import CPostgres
import Failpoints

/// One connection to a PostgreSQL server, over libpq.
///
/// Calls block their thread until the server has answered or the time is up, and never longer: the socket is
/// nonblocking and every wait is a `poll(2)` bounded by the remaining time. (One exception is the C library's
/// own: looking up a host's name.) Used by one task at a time.
///
/// No call leaves anything behind in the server's session: no `SET`, no prepared statement, no `LISTEN`. A
/// pooler in transaction mode may sit between.
///
/// **Transactions.** When ``pipeline(_:)``, ``copy(_:rows:)`` or ``execute(_:)`` opens a transaction and then
/// fails, it rolls it back before it throws. A transaction that was open before the call is left as it is
/// (failed, if the server saw the error), so that the caller can go back to a savepoint or call
/// ``rollback()``.
///
/// **When the time is up** the server is asked to end what it is doing, the connection is closed, and
/// ``SQLState/timeout`` is thrown. The same closing happens when the connection is lost; ``isOpen`` tells.
public final class Connection {
  /// How often we sent something and waited for the answer; connecting and cancelling aren't counted.
  public internal(set) var roundTrips = 0
  /// How long the server was waited for in all, since it is connected.
  public internal(set) var waitingTime = Duration.zero

  /// What is left of the time for the work.
  var remainingTime: @Sendable () -> Duration
  /// libpq's connection, `nil` once closed; nothing outside this type keeps it.
  var handle: OpaquePointer?
  /// A stream whose rows haven't all been read: libpq has one answer under way at a time.
  var isStreaming = false

  /// Connects.
  ///
  /// The URL's hosts are tried in turn, each for at most its `connect_timeout`.
  ///
  /// - Parameters:
  ///   - url: where to, and as whom.
  ///   - applicationName: shown in `pg_stat_activity`, unless the URL names another.
  ///   - remainingTime: what is left for all the work on this connection. Asked before every wait.
  /// - Throws: the error of the host that answered last; the messages of all.
  public init(
    _ url: DatabaseURL, applicationName: String, remainingTime: @escaping @Sendable () -> Duration
  ) throws(PostgresError) {
    self.remainingTime = remainingTime
    handle = try Self.connect(url, applicationName: applicationName, remainingTime: remainingTime)
  }

  deinit {
    close()
  }

  /// Whether statements can be sent.
  public var isOpen: Bool { handle.map { PQstatus($0) == CONNECTION_OK } ?? false }

  /// Whether a transaction block is open, failed or not.
  public var isInTransaction: Bool {
    handle.map { [PQTRANS_INTRANS, PQTRANS_INERROR].contains(PQtransactionStatus($0)) } ?? false
  }

  /// Ends the connection: the server rolls an open transaction back, and later calls throw.
  public func close() {
    PQfinish(handle)
    handle = nil
  }

  /// Runs one statement, in one round trip, and returns its rows.
  public func query(_ statement: Statement) throws(PostgresError) -> [Row] {
    try statement.check()
    let connection = try ready(for: statement.name)
    failpoint("before SQL \(statement.name)")
    defer { failpoint("after SQL \(statement.name)") }
    try send(statement, on: connection)
    try flush(statement.name)
    roundTrips += 1
    return try rows(of: statement.name, sql: statement.sql)
  }

  /// Runs a script of statements without parameters, such as a migration, in one round trip.
  ///
  /// - Throws: the error of the first statement that fails; the server runs none after it.
  public func execute(_ query: SimpleQuery) throws(PostgresError) {
    try query.check()
    let connection = try ready(for: query.name)
    failpoint("before SQL \(query.name)")
    defer { failpoint("after SQL \(query.name)") }
    try rollingBackOnFailure { () throws(PostgresError) in
      guard PQsendQuery(connection, query.sql) == 1 else { throw failure(query.name) }
      try flush(query.name)
      roundTrips += 1
      _ = try rows(of: query.name, sql: query.sql)
    }
  }

  /// Ends an open transaction without its effects; does nothing where none is open.
  public func rollback() throws(PostgresError) {
    if isInTransaction { _ = try query(Statement("rollback", "rollback")) }
  }
}
