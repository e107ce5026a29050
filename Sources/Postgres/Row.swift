/// One row of a result: its values by the names of their columns.
///
/// Values are copies; nothing of libpq's memory is kept. Each accessor throws a ``PostgresError`` that names
/// the column when there is no such column, when its value is NULL (unless the accessor says optional), or
/// when it can't be read as the type asked for.
public struct Row: Sendable {
  let columns: Columns
  let values: [String?]
}

extension Row {
  /// The value's text.
  public func text(_ column: String) throws(PostgresError) -> String {
    guard let text = try optionalText(column) else { throw failure(column, "is NULL") }
    return text
  }

  /// The value's text, `nil` for NULL.
  public func optionalText(_ column: String) throws(PostgresError) -> String? {
    guard let position = columns.positions[column] else {
      let known = columns.names.joined(separator: ", ")
      throw PostgresError(
        code: .missingColumn, message: "no column “\(column)” in the result (it has \(known))",
        statement: columns.statement, column: column)
    }
    return values[position]
  }

  /// A whole number.
  public func integer(_ column: String) throws(PostgresError) -> Int {
    guard let number = try optionalInteger(column) else { throw failure(column, "is NULL") }
    return number
  }

  /// A whole number, `nil` for NULL.
  public func optionalInteger(_ column: String) throws(PostgresError) -> Int? {
    try optional(column, "is not a whole number") { Int($0) }
  }

  /// A boolean.
  public func boolean(_ column: String) throws(PostgresError) -> Bool {
    guard let flag = try optionalBoolean(column) else { throw failure(column, "is NULL") }
    return flag
  }

  /// A boolean, `nil` for NULL.
  public func optionalBoolean(_ column: String) throws(PostgresError) -> Bool? {
    try optional(column, "is not a boolean") { ["t": true, "f": false][$0] }
  }

  /// The elements of a one-dimensional array; a NULL element is `nil`.
  public func textArray(_ column: String) throws(PostgresError) -> [String?] {
    guard let elements = try optionalTextArray(column) else { throw failure(column, "is NULL") }
    return elements
  }

  /// The elements of a one-dimensional array, `nil` for NULL.
  public func optionalTextArray(_ column: String) throws(PostgresError) -> [String?]? {
    try optional(column, "is not a one-dimensional array", parseTextArray)
  }

  private func optional<Value>(
    _ column: String, _ complaint: String, _ read: (String) -> Value?
  ) throws(PostgresError) -> Value? {
    guard let text = try optionalText(column) else { return nil }
    guard let value = read(text) else { throw failure(column, complaint) }
    return value
  }

  private func failure(_ column: String, _ complaint: String) -> PostgresError {
    PostgresError(
      code: .wrongColumnType, message: "the value of column “\(column)” \(complaint)",
      statement: columns.statement, column: column)
  }
}

/// The names of a result's columns, shared by its rows.
final class Columns: Sendable {
  let statement: String
  let names: [String]
  let positions: [String: Int]

  init(statement: String, names: [String]) {
    self.statement = statement
    self.names = names
    // Of two columns with one name, the first.
    positions = Dictionary(zip(names, names.indices)) { first, _ in first }
  }
}
