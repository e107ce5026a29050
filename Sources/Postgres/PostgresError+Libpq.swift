import CPostgres

extension PostgresError {
  /// The error that a result holds.
  ///
  /// - Parameter lost: whether the connection is gone; a result that libpq made up itself has no SQLSTATE.
  init(_ result: QueryResult, statement: String, lost: Bool) {
    // The fields' codes are character constants, which Swift doesn't import.
    func field(_ code: Unicode.Scalar) -> String? {
      PQresultErrorField(result.pointer, Int32(code.value)).map { String(cString: $0) }
    }
    let fallback = String(cString: PQresultErrorMessage(result.pointer))
    self.init(
      code: field("C").map(SQLState.init(rawValue:)) ?? (lost ? .connectionFailure : .generalError),
      message: field("M") ?? oneLine(fallback),
      statement: statement)
    severity = field("V")
    detail = field("D")
    hint = field("H")
    schema = field("s")
    table = field("t")
    column = field("c")
    constraint = field("n")
  }

  /// The error of a connection that could not be made.
  ///
  /// libpq keeps the SQLSTATE of a refused start-up to itself, but prints it when told to be verbose:
  /// `connection to server at … failed: FATAL:  28P01: password authentication failed for user …`.
  init(connecting message: String) {
    let lines = message.split(separator: "\n").filter { !$0.hasPrefix("LOCATION: ") }
    var text = oneLine(lines.joined(separator: "\n"))
    var code = SQLState.unableToConnect
    for severity in ["FATAL:  ", "ERROR:  "] {
      guard let range = text.ranges(of: severity).last else { continue }
      let rest = text[range.upperBound...]
      guard rest.dropFirst(5).hasPrefix(": "), rest.prefix(5).allSatisfy(isSQLStateCharacter) else {
        continue
      }
      code = SQLState(rawValue: String(rest.prefix(5)))
      text = String(text[..<range.lowerBound]) + String(rest.dropFirst(7))
    }
    if text.contains("no password supplied") { code = .invalidAuthorization }
    self.init(code: code, message: text, statement: "connect")
  }

  /// The error that libpq remembers for `connection` beside any result.
  init(lastOf connection: OpaquePointer, statement: String) {
    let lost = PQstatus(connection) != CONNECTION_OK
    let message = oneLine(String(cString: PQerrorMessage(connection)))
    self.init(
      code: lost ? .connectionFailure : .generalError,
      message: message.isEmpty ? "the connection to the server was lost" : message, statement: statement)
  }

  static func timeout(_ statement: String) -> PostgresError {
    PostgresError(code: .timeout, message: "the time for it is up", statement: statement)
  }
}

private func isSQLStateCharacter(_ character: Character) -> Bool {
  ("0"..."9").contains(character) || ("A"..."Z").contains(character)
}

private func oneLine(_ text: String) -> String {
  text.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }.joined(separator: " ")
}
