import CPostgres

// Sending and receiving in libpq's nonblocking mode, https://www.postgresql.org/docs/current/libpq-async.html
extension Connection {
  /// The connection, if a new statement can be sent on it now.
  func ready(for statement: String) throws(PostgresError) -> OpaquePointer {
    guard let handle, isOpen else {
      throw PostgresError(
        code: .connectionDoesNotExist, message: "the connection is closed", statement: statement)
    }
    guard !isStreaming else {
      throw PostgresError(
        code: .functionSequence, message: "the rows of a stream are still to be read", statement: statement)
    }
    guard remainingTime() > .zero else { throw .timeout(statement) }
    return handle
  }

  /// Puts a statement into libpq's buffer.
  func send(_ statement: Statement, on connection: OpaquePointer) throws(PostgresError) {
    let sent = CStrings(statement.parameters.map(\.wireText)).lend { values in
      PQsendQueryParams(
        connection, statement.sql, Int32(statement.parameters.count), nil, values, nil, nil, 0)
    }
    guard sent == 1 else { throw failure(statement.name) }
  }

  /// Sends all that is buffered.
  ///
  /// What arrives meanwhile is taken in, or both sides would wait with full buffers.
  func flush(_ statement: String) throws(PostgresError) {
    while let handle {
      switch PQflush(handle) {
      case 0: return
      case 1:
        try wait(for: .either, statement)
        // A lost connection shows with the answer, where the server's last words are.
        if PQconsumeInput(handle) == 0 { return }
      default: throw failure(statement)
      }
    }
  }

  /// The next result, `nil` at the end of a statement's.
  func nextResult(_ statement: String) throws(PostgresError) -> QueryResult? {
    guard let handle else {
      throw PostgresError(
        code: .connectionDoesNotExist, message: "the connection is closed", statement: statement)
    }
    while PQisBusy(handle) == 1 {
      try wait(for: .reading, statement)
      // The reason comes as a result.
      if PQconsumeInput(handle) == 0 { break }
    }
    return PQgetResult(handle).map(QueryResult.init(owning:))
  }

  /// The rows of one statement's results, all of them read.
  ///
  /// - Throws: the first error. When it came with the connection's end, the connection is closed.
  func rows(of statement: String, sql: String) throws(PostgresError) -> [Row] {
    var rows: [Row] = []
    var firstError: PostgresError?
    while handle != nil, let result = try nextResult(statement) {
      switch result.status {
      // libpq 15 keeps the single-row mode of a stream before for the first statement of a pipeline.
      case PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE: rows += result.rows(result.columns(statement: statement))
      case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY, PGRES_PIPELINE_ABORTED:
        firstError = firstError ?? PostgresError(refusedCommit: result, sql, statement: statement)
      case PGRES_COPY_IN:
        PQputCopyEnd(handle, "no rows are given")
        try flush(statement)
      case PGRES_COPY_OUT, PGRES_COPY_BOTH:
        close()
        throw PostgresError(
          code: .functionSequence, message: "COPY TO can't be read here", statement: statement)
      default:
        firstError = firstError ?? PostgresError(result, statement: statement, lost: !isOpen)
        // After its end a connection has nothing more to say, and in pipeline mode says it for ever.
        if !isOpen { close() }
      }
    }
    if let firstError { throw firstError }
    return rows
  }

  /// Waits for the socket within the remaining time.
  func wait(for readiness: Readiness, _ statement: String) throws(PostgresError) {
    guard let handle else { return }
    let remaining = remainingTime()
    guard remaining > .zero else {
      cancel(handle)
      close()
      throw .timeout(statement)
    }
    // Under TLS some releases of libpq leave a part of a large record decrypted but unread, which the
    // socket doesn't show (https://github.com/supabase/supavisor/pull/993): look again after a moment.
    let slice: Duration = PQsslInUse(handle) == 1 ? .milliseconds(50) : remaining
    let began = ContinuousClock.now
    _ = poll(PQsocket(handle), for: readiness, min(slice, remaining))
    waitingTime += ContinuousClock.now - began
  }

  /// The error that libpq remembers; a lost connection is closed.
  func failure(_ statement: String) -> PostgresError {
    guard let handle else {
      return PostgresError(
        code: .connectionDoesNotExist, message: "the connection is closed", statement: statement)
    }
    let error = PostgresError(lastOf: handle, statement: statement)
    if !isOpen { close() }
    return error
  }

  /// Runs `work`; if it fails, ends the transaction that it opened.
  func rollingBackOnFailure<Value, Failure: Error>(_ work: () throws(Failure) -> Value) throws(Failure)
    -> Value
  {
    let wasInTransaction = isInTransaction
    do {
      return try work()
    } catch {
      if !wasInTransaction, isInTransaction {
        // The server rolls back what belonged to a connection that ended.
        do { try rollback() } catch { close() }
      }
      throw error
    }
  }
}

extension PostgresError {
  // COMMIT in a failed transaction is no error to the server: it answers ROLLBACK.
  fileprivate init?(refusedCommit result: QueryResult, _ sql: String, statement: String) {
    guard result.command == "ROLLBACK", ["commit", "end"].contains(firstWord(of: sql)) else { return nil }
    self.init(
      code: .transactionRollback,
      message: "the transaction had failed before: it was rolled back, not committed",
      statement: statement)
  }
}

private func firstWord(of sql: String) -> String {
  sql.drop(while: \.isWhitespace).prefix(while: \.isLetter).lowercased()
}
