import CPostgres
import Failpoints

extension Connection {
  /// Sends rows through `COPY … FROM STDIN`, in two round trips.
  ///
  /// ```swift
  /// let query = SimpleQuery("stage rows", "begin; create temp table t (a text); copy t from stdin")
  /// var lines = rows.makeIterator()
  /// try connection.copy(query) { lines.next().map { CopyRow([$0]).bytes } }
  /// ```
  /// - Parameters:
  ///   - query: one or several statements, the last of which is the COPY.
  ///   - rows: called until it returns `nil`; returns one or several lines (``CopyRow``).
  /// - Throws: a ``PostgresError``, or what `rows` throws; then no row is copied.
  public func copy(_ query: SimpleQuery, rows: () throws -> [UInt8]?) throws {
    try query.check()
    let connection = try ready(for: query.name)
    failpoint("before SQL \(query.name)")
    defer { failpoint("after SQL \(query.name)") }
    try rollingBackOnFailure {
      try begin(query, on: connection)
      do {
        try sendRows(rows, query.name, on: connection)
      } catch {
        // Still open: it was the rows' own error. The server is told, so that it copies none.
        if isOpen { try? end(query, on: connection, because: "the sender gave up") }
        throw error
      }
      try end(query, on: connection, because: nil)
    }
  }

  private func begin(_ query: SimpleQuery, on connection: OpaquePointer) throws(PostgresError) {
    guard PQsendQuery(connection, query.sql) == 1 else { throw failure(query.name) }
    try flush(query.name)
    roundTrips += 1
    while let result = try nextResult(query.name) {
      if result.status == PGRES_COPY_IN { return }
      guard result.isError else { continue }
      let error = PostgresError(result, statement: query.name, lost: !isOpen)
      // Reads to the end of the answer, which has no second error.
      _ = isOpen ? try rows(of: query.name, sql: query.sql) : []
      if !isOpen { close() }
      throw error
    }
    throw PostgresError(
      code: .functionSequence, message: "the query doesn't end with COPY … FROM STDIN", statement: query.name)
  }

  private func sendRows(_ rows: () throws -> [UInt8]?, _ name: String, on connection: OpaquePointer) throws {
    var buffered = 0
    while let lines = try rows() {
      // libpq counts in Int32.
      var rest = lines[...]
      while !rest.isEmpty {
        let part = rest.prefix(1 << 20)
        rest = rest.dropFirst(part.count)
        let sent = part.withUnsafeBytes { bytes in
          PQputCopyData(connection, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count))
        }
        guard sent == 1 else { throw failure(name) }
        buffered += part.count
        if buffered > 65_536 {
          try flush(name)
          buffered = 0
        }
      }
    }
  }

  private func end(
    _ query: SimpleQuery, on connection: OpaquePointer, because reason: String?
  ) throws(PostgresError) {
    guard PQputCopyEnd(connection, reason) == 1 else { throw failure(query.name) }
    try flush(query.name)
    roundTrips += 1
    _ = try rows(of: query.name, sql: query.sql)
  }
}
