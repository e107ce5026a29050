import CPostgres
import Failpoints

/// The rows of one statement, one at a time, in memory that doesn't grow with their number.
///
/// Until it is at its end or closed, its connection takes no other call. A stream given up early cancels its
/// statement; inside a transaction that makes the transaction fail.
///
/// https://www.postgresql.org/docs/current/libpq-single-row-mode.html
public final class RowStream {
  private let connection: Connection
  private let statement: String
  private var columns: Columns?
  private var isDone = false

  init(_ connection: Connection, statement: String) {
    self.connection = connection
    self.statement = statement
    connection.isStreaming = true
  }

  deinit {
    close()
  }

  /// The next row, `nil` after the last.
  public func next() throws(PostgresError) -> Row? {
    guard !isDone else { return nil }
    do throws(PostgresError) {
      while let result = try connection.nextResult(statement) {
        if result.status == PGRES_SINGLE_TUPLE {
          let columns = self.columns ?? result.columns(statement: statement)
          self.columns = columns
          return result.row(0, columns)
        }
        guard result.isError else { continue }
        throw PostgresError(result, statement: statement, lost: !connection.isOpen)
      }
      finish()
      return nil
    } catch {
      drain()
      throw error
    }
  }

  /// Takes the end of the answer, for whoever knows that all rows were read; gives the rest up if there is more.
  public func end() throws(PostgresError) {
    if try next() != nil { close() }
  }

  /// Gives the rest up, so that the connection can be used again; does nothing at the end.
  ///
  /// If the server doesn't take the request to stop at once, or doesn't stop within the remaining time, the connection is
  /// closed: a request that comes late would stop the next statement.
  public func close() {
    guard !isDone else { return }
    if let handle = connection.handle, !connection.cancel(handle) { connection.close() }
    drain()
  }

  // Reads to the end of the answer, whatever it is.
  private func drain() {
    do throws(PostgresError) {
      while connection.isOpen, try connection.nextResult(statement) != nil {}
    } catch {
      // Lost or too late: closed by then.
    }
    finish()
  }

  private func finish() {
    isDone = true
    connection.isStreaming = false
    if !connection.isOpen { connection.close() }
  }
}

extension Connection {
  /// Runs one statement, in one round trip, and returns its rows one by one.
  ///
  /// - Throws: only what prevents sending; the statement's own errors come from ``RowStream/next()``.
  public func stream(_ statement: Statement) throws(PostgresError) -> RowStream {
    try statement.check()
    let connection = try ready(for: statement.name)
    failpoint("before SQL \(statement.name)")
    try send(statement, on: connection)
    guard PQsetSingleRowMode(connection) == 1 else { throw failure(statement.name) }
    try flush(statement.name)
    roundTrips += 1
    return RowStream(self, statement: statement.name)
  }
}
