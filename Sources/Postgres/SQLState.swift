/// A five-character SQLSTATE: what went wrong, independent of the server's language.
///
/// The server's own codes are listed in https://www.postgresql.org/docs/current/errcodes-appendix.html. What
/// this side of the connection finds out has the codes that the SQL standard and ODBC give to it (class `HY`,
/// `07`).
///
/// ```swift
/// do { … } catch let error where error.code == .undefinedTable { … }
/// ```
public struct SQLState: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The five characters.
  public let rawValue: String

  /// A code by its five characters, whether or not it is named here.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// The first two characters: the family of errors.
  public var errorClass: String { String(rawValue.prefix(2)) }

  /// The five characters.
  public var description: String { rawValue }

  /// Lets a `catch` or `switch` match an error by its code: `catch SQLState.uniqueViolation`.
  public static func ~= (code: SQLState, error: any Error) -> Bool {
    (error as? PostgresError)?.code == code
  }
}

extension SQLState {
  /// 08001: no connection could be made.
  public static let unableToConnect = SQLState(rawValue: "08001")
  /// 08003: the connection was closed before this call.
  public static let connectionDoesNotExist = SQLState(rawValue: "08003")
  /// 08006: the connection ended during a call.
  public static let connectionFailure = SQLState(rawValue: "08006")
  /// 21000: a subquery or an upsert met more than one row where one is allowed.
  public static let cardinalityViolation = SQLState(rawValue: "21000")
  /// 22021: text that the encoding or PostgreSQL itself can't hold, such as NUL.
  public static let characterNotInRepertoire = SQLState(rawValue: "22021")
  /// 22P02: text that isn't of the type it is bound to.
  public static let invalidTextRepresentation = SQLState(rawValue: "22P02")
  /// 22P04: a line of COPY that has too few or too many fields.
  public static let badCopyFileFormat = SQLState(rawValue: "22P04")
  /// 22P05: JSON with an escape that text can't hold (`\u0000`).
  public static let untranslatableCharacter = SQLState(rawValue: "22P05")
  /// 23502: NULL in a column that is NOT NULL.
  public static let notNullViolation = SQLState(rawValue: "23502")
  /// 23503: a foreign key without its row.
  public static let foreignKeyViolation = SQLState(rawValue: "23503")
  /// 23505: a second row with a unique key.
  public static let uniqueViolation = SQLState(rawValue: "23505")
  /// 23514: a row that its table's CHECK refuses.
  public static let checkViolation = SQLState(rawValue: "23514")
  /// 25006: a write to a read-only server, such as a replica.
  public static let readOnlyTransaction = SQLState(rawValue: "25006")
  /// 25P02: the transaction failed before; nothing but ROLLBACK works.
  public static let inFailedTransaction = SQLState(rawValue: "25P02")
  /// 25P03: the server ended a transaction that idled too long, and its connection.
  public static let idleInTransactionTimeout = SQLState(rawValue: "25P03")
  /// 28000: the server's pg_hba.conf doesn't let this user in from here.
  public static let invalidAuthorization = SQLState(rawValue: "28000")
  /// 28P01: wrong password.
  public static let invalidPassword = SQLState(rawValue: "28P01")
  /// 3D000: no such database.
  public static let invalidCatalogName = SQLState(rawValue: "3D000")
  /// 3F000: no such schema.
  public static let invalidSchemaName = SQLState(rawValue: "3F000")
  /// 40000: the server rolled a transaction back where a commit was asked for.
  public static let transactionRollback = SQLState(rawValue: "40000")
  /// 40001: concurrent transactions that can't be put in an order.
  public static let serializationFailure = SQLState(rawValue: "40001")
  /// 40P01: transactions that wait for each other.
  public static let deadlockDetected = SQLState(rawValue: "40P01")
  /// 42501: the role may not do this.
  public static let insufficientPrivilege = SQLState(rawValue: "42501")
  /// 42601: not SQL.
  public static let syntaxError = SQLState(rawValue: "42601")
  /// 42703: no such column.
  public static let undefinedColumn = SQLState(rawValue: "42703")
  /// 42P01: no such table.
  public static let undefinedTable = SQLState(rawValue: "42P01")
  /// 53300: the server has no connection left.
  public static let tooManyConnections = SQLState(rawValue: "53300")
  /// 55P03: a lock that wasn't free within `lock_timeout`.
  public static let lockNotAvailable = SQLState(rawValue: "55P03")
  /// 57014: the server ended the statement: `statement_timeout`, or somebody's cancel.
  public static let queryCanceled = SQLState(rawValue: "57014")
  /// 57P01: the server shuts down, or an administrator ended this connection.
  public static let adminShutdown = SQLState(rawValue: "57P01")
  /// 57P02: another of the server's processes crashed.
  public static let crashShutdown = SQLState(rawValue: "57P02")
  /// 57P03: the server is starting, stopping or recovering.
  public static let cannotConnectNow = SQLState(rawValue: "57P03")
  /// 57P05: the server ended a connection that idled too long.
  public static let idleSessionTimeout = SQLState(rawValue: "57P05")
  /// P0001: a function or a trigger raised it.
  public static let raiseException = SQLState(rawValue: "P0001")

  /// 07006, found here: a column's value isn't of the type asked for, or is NULL.
  public static let wrongColumnType = SQLState(rawValue: "07006")
  /// 07009, found here: the row has no column of that name.
  public static let missingColumn = SQLState(rawValue: "07009")
  /// HY000, found here: anything without a code of its own.
  public static let generalError = SQLState(rawValue: "HY000")
  /// HY010, found here: a call that the connection's state doesn't allow.
  public static let functionSequence = SQLState(rawValue: "HY010")
  /// HYT00, found here: the time given for the work is up.
  public static let timeout = SQLState(rawValue: "HYT00")
  /// HYT01, found here: the server didn't accept the connection in time.
  public static let connectionTimeout = SQLState(rawValue: "HYT01")
}
