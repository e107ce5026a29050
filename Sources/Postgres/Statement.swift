import CPostgres

/// One SQL statement with the values bound to its `$1`, `$2` ….
///
/// ```swift
/// Statement("read skill", "select title from \(table) where id = $1", [.text(id)])         // right
/// Statement("read skill", "select title from \(table) where id = '\(id)'")          // wrong: injection
/// ```
/// Names of tables and columns can't be bound; put them through ``quotedIdentifier(_:)``.
public struct Statement: Sendable {
  /// A few words for errors and logs, such as "read outbox".
  public let name: String
  /// The SQL; exactly one statement.
  public let sql: String
  /// The values, in the order of their numbers.
  public let parameters: [Parameter]

  /// A statement; at most 65,535 parameters.
  public init(_ name: String, _ sql: String, _ parameters: [Parameter] = []) {
    self.name = name
    self.sql = sql
    self.parameters = parameters
  }

  /// What can't be sent as it is: libpq takes C strings, which a NUL would cut off.
  func check() throws(PostgresError) {
    if sql.holdsNUL {
      throw PostgresError(code: .characterNotInRepertoire, message: "its SQL holds a NUL", statement: name)
    }
    guard parameters.count <= Int(PQ_QUERY_PARAM_MAX_LIMIT) else {
      throw PostgresError(
        code: .generalError, message: "\(parameters.count) parameters are more than 65,535", statement: name)
    }
    for (position, parameter) in parameters.enumerated() where parameter.holdsNUL {
      throw PostgresError(
        code: .characterNotInRepertoire,
        message: "parameter $\(position + 1) holds a NUL, which PostgreSQL's text can't", statement: name)
    }
  }
}

/// One or several statements, separated by `;`, without parameters.
///
/// The server runs them as one transaction unless they hold BEGIN and COMMIT of their own
/// (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT).
public struct SimpleQuery: Sendable {
  /// A few words for errors and logs, such as "migration 3".
  public let name: String
  /// The SQL.
  public let sql: String

  /// A query; `sql` must come from the program, never from data.
  public init(_ name: String, _ sql: String) {
    self.name = name
    self.sql = sql
  }

  func check() throws(PostgresError) {
    try Statement(name, sql).check()
  }
}

/// The name of a table, column, schema or role as SQL takes it in any case: `say "hi"` → `"say ""hi"""`.
///
/// https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
public func quotedIdentifier(_ name: String) -> String {
  let quote = UInt8(ascii: "\"")
  return "\"" + String(decoding: name.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }, as: UTF8.self)
    + "\""
}
