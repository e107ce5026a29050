import CPostgres

/// Owns a `PGresult`, https://www.postgresql.org/docs/current/libpq-exec.html#LIBPQ-EXEC-SELECT-INFO.
final class QueryResult {
  let pointer: OpaquePointer

  init(owning pointer: OpaquePointer) {
    self.pointer = pointer
  }

  deinit {
    PQclear(pointer)
  }

  var status: ExecStatusType { PQresultStatus(pointer) }

  var isError: Bool { [PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE].contains(status) }

  /// What the server says it did, such as `COMMIT` or `INSERT 0 1`.
  var command: String { String(cString: PQcmdStatus(pointer)) }

  func columns(statement: String) -> Columns {
    let names = (0..<PQnfields(pointer)).map { column in
      PQfname(pointer, column).map { String(cString: $0) } ?? ""
    }
    return Columns(statement: statement, names: names)
  }

  /// Copies of all rows.
  func rows(_ columns: Columns) -> [Row] {
    (0..<PQntuples(pointer)).map { row($0, columns) }
  }

  func row(_ number: Int32, _ columns: Columns) -> Row {
    let values = columns.names.indices.map { column -> String? in
      let column = Int32(column)
      guard PQgetisnull(pointer, number, column) == 0, let start = PQgetvalue(pointer, number, column) else {
        return nil
      }
      let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(pointer, number, column)))
      return String(decoding: bytes, as: UTF8.self)
    }
    return Row(columns: columns, values: values)
  }
}
