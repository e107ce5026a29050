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

  /// Runs statements in one round trip, and others that go along with them.
  ///
  /// Those run after the first, whatever became of them, and in a transaction of their own.
  ///
  /// - Returns: the rows of each statement, and of each that follows; nil for these if one of them failed.
  /// - Throws: the error of the first statement that failed, but for those that follow.
  public func pipeline(
    _ statements: [Statement], following: [Statement]
  ) throws(PostgresError) -> (results: [[Row]], following: [[Row]]?) {
    guard let first = statements.first else { return ([], nil) }
    // Before anything is sent: half a pipeline must not take effect.
    for statement in statements + following { try statement.check() }
    let connection = try ready(for: first.name)
    failpoint("before SQL \(name(of: statements + following))")
    defer { failpoint("after SQL \(name(of: statements + following))") }
    return try rollingBackOnFailure { () throws(PostgresError) in
      guard PQenterPipelineMode(connection) == 1 else { throw failure(first.name) }
      try sendAll(statements, on: connection)
      if !following.isEmpty { try sendAll(following, on: connection) }
      roundTrips += 1
      let (results, firstError) = receiveAll(statements)
      var more: ([[Row]], PostgresError?)?
      if isOpen, !following.isEmpty { more = receiveAll(following) }
      if !isOpen || PQexitPipelineMode(connection) != 1 {
        let error = firstError ?? failure(first.name)
        close()
        // What follows may have broken it: the first are done.
        guard firstError == nil, more?.1 != nil else { throw error }
      }
      if let firstError { throw firstError }
      return (results, more.flatMap { $0.1 == nil ? $0.0 : nil })
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

  /// Up to the end of these statements; with the first error, where one failed.
  private func receiveAll(_ statements: [Statement]) -> ([[Row]], PostgresError?) {
    var results: [[Row]] = []
    var firstError: PostgresError?
    for statement in statements {
      do {
        results.append(try rows(of: statement.name, sql: statement.sql))
      } catch {
        firstError = firstError ?? error
        guard isOpen else { return (results, firstError) }
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
        firstError = firstError ?? PostgresError(result, statement: last, lost: !isOpen)
      }
      if !isOpen { firstError = firstError ?? failure(last) }
    } catch { firstError = firstError ?? error }
    return (results, firstError)
  }
}

/// What a pipeline does, for failpoints: the statements' names but for those that every transaction has.
private func name(of statements: [Statement]) -> String {
  statements.map(\.name).filter { !["begin", "be silent", "commit"].contains($0) }.joined(separator: ", ")
}
