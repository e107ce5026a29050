import CPostgres

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A database whose connection outlives one piece of work.
///
/// Between two invocations of a function its process may be frozen for hours, while the server, a failover or
/// a firewall ends the connection. That shows only when it is used, and then nobody knows whether the
/// statement was run. So each piece of work begins with statements that may run twice, and only those are
/// ever repeated.
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
  ///   - first: the statements to begin with, in one round trip. They may be run twice, so they must be idempotent.
  ///   - remainingTime: what is left for all the work until the next `open`.
  /// - Returns: the connection and the rows of each of `first`.
  public func open(
    first: [Statement], remainingTime: @escaping @Sendable () -> Duration
  ) throws(PostgresError) -> (connection: Connection, results: [[Row]]) {
    // Work that failed halfway may have left a transaction or a stream behind.
    if let connection = kept, connection.isOpen, !connection.isInTransaction, !connection.isStreaming {
      connection.remainingTime = remainingTime
      do {
        return (
          connection,
          try connection.noticingLossEarly { () throws(PostgresError) in
            try connection.pipeline(first)
          }
        )
      } catch {
        if connection.isOpen || error.code == .timeout { throw error }
      }
    }
    close()
    let connection = try Connection(url, applicationName: applicationName, remainingTime: remainingTime)
    kept = connection
    return (connection, try connection.pipeline(first))
  }

  /// Ends the kept connection.
  public func close() {
    kept?.close()
    kept = nil
  }
}

extension Connection {
  /// Runs `work` with a limit of 5 seconds for the server's kernel to acknowledge what is sent.
  ///
  /// A firewall that forgot an idle connection drops its packets without a word; nothing else would tell
  /// before the time for the work is up. For short statements only (see the parameter `tcp_user_timeout`).
  fileprivate func noticingLossEarly<Value, Failure: Error>(
    _ work: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    var usual: UInt32 = 0
    var length = socklen_t(MemoryLayout<UInt32>.size)
    // A Unix socket has no such option, and no need of it.
    let isTCP = getsockopt(PQsocket(handle), Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &usual, &length) == 0
    func limit(_ milliseconds: UInt32) {
      var value = milliseconds
      if isTCP, isOpen { setsockopt(PQsocket(handle), Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &value, length) }
    }
    limit(5000)
    defer { limit(usual) }
    return try work()
  }
}
