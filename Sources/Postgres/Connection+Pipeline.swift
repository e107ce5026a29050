import CPostgres
import Failpoints

extension Connection {
  /// Runs statements in one round trip: all are sent before the first answer is read.
  ///
  /// The server runs them in order and none after one that failed. Without BEGIN and COMMIT among them they
  /// are one transaction: all take effect or none. With them, a failure in between leaves no transaction open
  /// (see ``Connection``).
  ///
  /// https://www.postgresql.org/docs/current/libpq-pipeline-mode.html
  ///
  /// - Returns: each statement's rows, in the same order.
  /// - Throws: the error of the first statement that failed.
  public func pipeline(_ statements: [Statement]) throws(PostgresError) -> [[Row]] {
    try pipeline(statements, following: []).results
  }

  /// Runs a transaction in one round trip, and statements that go along with it.
  ///
  /// Those run once it is committed, in a transaction of their own: their failure undoes nothing of the first.
  ///
  /// - Parameter statements: with BEGIN or in a transaction that is open; the last is COMMIT.
  /// - Returns: the rows of each statement, and of each that follows; nil for these if one of them failed.
  /// - Throws: the error of the first statement that failed, but for those that follow.
  public func pipeline(
    _ statements: [Statement], following: [Statement]
  ) throws(PostgresError) -> (results: [[Row]], following: [[Row]]?) {
    let all = statements + following
    guard let first = all.first else { return ([], nil) }
    // Before anything is sent: half a pipeline must not take effect.
    for statement in all { try statement.check() }
    let connection = try ready(for: first.name)
    failpoint("before SQL \(name(of: all))")
    defer { failpoint("after SQL \(name(of: all))") }
    return try rollingBackOnFailure { () throws(PostgresError) in
      guard PQenterPipelineMode(connection) == 1 else { throw failure(first.name) }
      try sendAll(all, on: connection)
      roundTrips += 1
      var (results, failed) = receiveAll(all)
      if !isOpen || PQexitPipelineMode(connection) != 1 {
        failed = failed ?? (all.count, failure(first.name))
        close()
      }
      if let failed, following.isEmpty || failed.index < statements.count { throw failed.error }
      let rest = failed == nil ? Array(results.dropFirst(statements.count)) : nil
      results.removeLast(max(0, results.count - statements.count))
      return (results, rest)
    }
  }

  private func sendAll(_ statements: [Statement], on connection: OpaquePointer) throws(PostgresError) {
    var buffered = 0
    for statement in statements {
      try send(statement, on: connection)
      buffered += statement.parameters.reduce(statement.sql.utf8.count) {
        $0 + ($1.wireText?.utf8.count ?? 0)
      }
      // Often enough to keep little in memory, seldom enough for few packets.
      if buffered > 65_536 {
        try flush(statement.name)
        buffered = 0
      }
    }
    let last = statements[statements.count - 1].name
    guard PQpipelineSync(connection) == 1 else { throw failure(last) }
    try flush(last)
  }

  /// The rows of each statement up to the first that failed; its index is one past the last where it shows only in the end.
  private func receiveAll(_ statements: [Statement]) -> ([[Row]], failed: (index: Int, error: PostgresError)?)
  {
    var results: [[Row]] = []
    var failed: (index: Int, error: PostgresError)?
    for (index, statement) in statements.enumerated() {
      do {
        results.append(try rows(of: statement.name, sql: statement.sql))
      } catch {
        failed = failed ?? (index, error)
        guard isOpen else { return (results, failed) }
      }
    }
    let last = statements[statements.count - 1].name
    // What fails only when the transaction is committed, such as a deferred constraint, shows here.
    var ends = 0
    do {
      while isOpen, ends < 2 {
        guard let result = try nextResult(last) else {
          ends += 1
          continue
        }
        if result.status == PGRES_PIPELINE_SYNC { break }
        failed = failed ?? (statements.count, PostgresError(result, statement: last, lost: !isOpen))
      }
    } catch {
      failed = failed ?? (statements.count, error)
    }
    return (results, failed)
  }
}

/// What a pipeline does, for failpoints: the statements' names but for those that every transaction has.
private func name(of statements: [Statement]) -> String {
  statements.map(\.name).filter { !["begin", "be silent", "commit"].contains($0) }.joined(separator: ", ")
}
