/// A database whose connection outlives one piece of work.
///
/// Between two invocations of a function its process may be frozen for hours, while the server, a failover or a
/// firewall ends the connection. That shows only when it is used, and then nobody knows whether the statement was
/// run. So each piece of work begins with a statement that may run twice, and only that one is ever repeated.
public final class Database {
  private let url: DatabaseURL
  private let applicationName: String
  private var kept: Connection?

  /// A database; connects when it is first opened.
  public init(_ url: DatabaseURL, applicationName: String) {
    self.url = url
    self.applicationName = applicationName
  }

  /// A connection that works: the kept one, or a new one.
  ///
  /// If the kept connection turns out to be lost, it is replaced, once, and `first` is run again.
  ///
  /// - Parameters:
  ///   - first: the statement to begin with. It may be run twice, so it must be idempotent.
  ///   - remainingTime: what is left for all the work until the next `open`.
  /// - Returns: the connection and the rows of `first`.
  public func open(
    first: Statement, remainingTime: @escaping @Sendable () -> Duration
  ) throws(PostgresError) -> (connection: Connection, rows: [Row]) {
    // Work that failed halfway may have left a transaction or a stream behind.
    if let connection = kept, connection.isOpen, !connection.isInTransaction, !connection.isStreaming {
      connection.remainingTime = remainingTime
      do {
        return (connection, try connection.query(first))
      } catch {
        if connection.isOpen || error.code == .timeout { throw error }
      }
    }
    close()
    let connection = try Connection(url, applicationName: applicationName, remainingTime: remainingTime)
    kept = connection
    return (connection, try connection.query(first))
  }

  /// Ends the kept connection.
  public func close() {
    kept?.close()
    kept = nil
  }
}
