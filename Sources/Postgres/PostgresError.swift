/// What the server or libpq answered in place of a result.
///
/// `description` is made for logs: it never has a parameter's or column's value and never a password. The
/// server's own `message` and `detail` may quote values (`Key (title)=(…) already exists.`); show them to
/// nobody but the person whose data it is. The fields are those of
/// https://www.postgresql.org/docs/current/libpq-exec.html#LIBPQ-PQRESULTERRORFIELD.
public struct PostgresError: Error, Sendable {
  /// What went wrong.
  public var code: SQLState
  /// `ERROR`, `FATAL` or `PANIC`, not translated; `nil` for what was found on this side.
  public var severity: String?
  /// The primary message, which may quote a value if the code is of class 22.
  public var message: String
  /// More about it, often with values.
  public var detail: String?
  /// What to do about it, as the server sees it.
  public var hint: String?
  /// The name of the statement (``Statement/name``).
  public var statement: String?
  /// The schema of the table at fault, where the server knows it.
  public var schema: String?
  /// The table at fault, where the server knows it.
  public var table: String?
  /// The column at fault, where the server or the row's reader knows it.
  public var column: String?
  /// The constraint that was violated, where the server knows it.
  public var constraint: String?

  /// An error without the fields that only a server fills.
  public init(code: SQLState, message: String, statement: String? = nil, column: String? = nil) {
    self.code = code
    self.message = message
    self.statement = statement
    self.column = column
  }
}

extension PostgresError {
  /// Whether the data is at fault, not the statement or the server: a row to set aside.
  ///
  /// Classes 22 and 23; class 54, for a text that is too long for an index; P0001, which a trigger of the application raises.
  public var isDataError: Bool {
    ["22", "23", "54"].contains(code.errorClass) || code == .raiseException
  }

  /// Whether a statement names what isn't there, or what isn't as it names it: somebody altered the schema.
  public var isOfSchema: Bool { code.errorClass == "42" || code == .invalidSchemaName }

  /// Whether a unique key is taken already.
  public var isUniqueViolation: Bool { code == .uniqueViolation }

  /// Whether the connection ended, or none could be made.
  ///
  /// What was sent on it may have been done or not.
  public var isConnectionLost: Bool {
    let ended: [SQLState] = [
      .adminShutdown, .crashShutdown, .idleSessionTimeout, .idleInTransactionTimeout,
    ]
    return code.errorClass == "08" || ended.contains(code)
  }

  /// Whether a time limit ended it: ours, the server's, or somebody's cancel.
  public var isTimeout: Bool { [.timeout, .connectionTimeout, .queryCanceled].contains(code) }

  /// Whether the same work may succeed when it is tried again later.
  public var isTransient: Bool {
    isConnectionLost || isTimeout || code.errorClass == "53"
      || [.serializationFailure, .deadlockDetected, .cannotConnectNow, .lockNotAvailable].contains(code)
  }

  /// Whether the server doesn't know this user, refuses its password, or doesn't let it in from here.
  public var isAuthentication: Bool { code.errorClass == "28" }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
  /// One line for a log: the statement's name, the message without values, code, names, and what to do.
  public var description: String {
    var text = statement.map { "\($0): " } ?? ""
    text += messageWithoutValues + " [\(code)"
    for (kind, name) in [("table", table), ("column", column), ("constraint", constraint)] {
      if let name, !message.contains(name) { text += ", \(kind) \(name)" }
    }
    text += "]"
    if let hint, !isDataError { text += "; \(hint)" }
    if let suggestion { text += "; \(suggestion)" }
    return text
  }

  /// The same as `description`: what a crash prints ends in the log as well.
  public var debugDescription: String { description }

  // Class 22 says which value it can't read, in quotes that depend on the server's language:
  // invalid input syntax for type integer: "…". All between the first and the last of them goes.
  private var messageWithoutValues: String {
    guard code.errorClass == "22" else { return message }
    let quotes: Set<Unicode.Scalar> = ["\"", "«", "»", "„", "“", "”", "「", "」", "'", "‘", "’", "‹", "›"]
    let scalars = message.unicodeScalars
    guard let first = scalars.firstIndex(where: quotes.contains),
      let last = scalars.lastIndex(where: quotes.contains)
    else { return message }
    return String(scalars[..<first]) + "\"…\"" + String(scalars[scalars.index(after: last)...])
  }
}
