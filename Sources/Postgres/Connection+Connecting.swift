import CPostgres

extension Connection {
  /// Connects to the first host that accepts; a nonblocking `PGconn`.
  static func connect(
    _ url: DatabaseURL, applicationName: String, remainingTime: @escaping @Sendable () -> Duration
  ) throws(PostgresError) -> OpaquePointer {
    var failures: [PostgresError] = []
    for endpoint in url.endpoints {
      do throws(PostgresError) {
        return try connect(
          to: endpoint, url.parameters(for: endpoint, applicationName: applicationName),
          within: Deadline(limit: url.connectTimeout, remainingTime))
      } catch {
        failures.append(url.withoutSecrets(error))
        if error.code == .timeout { break }
      }
    }
    guard var error = failures.last else { preconditionFailure("a database URL has at least one host") }
    error.message = failures.map(\.message).joined(separator: "; ")
    throw error
  }

  // https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PQCONNECTSTARTPARAMS
  private static func connect(
    to endpoint: DatabaseURL.Endpoint, _ parameters: [(String, String)], within deadline: Deadline
  ) throws(PostgresError) -> OpaquePointer {
    guard deadline.remaining > .zero else { throw .timeout("connect") }
    let started = CStrings(parameters.map(\.0)).lend { keywords in
      CStrings(parameters.map(\.1)).lend { values in PQconnectStartParams(keywords, values, 0) }
    }
    guard let connection = started else {
      throw PostgresError(code: .unableToConnect, message: "out of memory", statement: "connect")
    }
    do throws(PostgresError) {
      // Notices go to stderr otherwise, which is a log that has a format.
      PQsetNoticeReceiver(connection, { _, _ in }, nil)
      // The only way to learn the SQLSTATE of a refused connection.
      PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
      try finishConnecting(connection, to: endpoint, within: deadline)
      PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
      guard PQsetnonblocking(connection, 1) == 0 else {
        throw PostgresError(lastOf: connection, statement: "connect")
      }
      return connection
    } catch {
      PQfinish(connection)
      throw error
    }
  }

  private static func finishConnecting(
    _ connection: OpaquePointer, to endpoint: DatabaseURL.Endpoint, within deadline: Deadline
  ) throws(PostgresError) {
    var next = PQstatus(connection) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
    while next != PGRES_POLLING_OK {
      guard next != PGRES_POLLING_FAILED else {
        throw PostgresError(connecting: String(cString: PQerrorMessage(connection)))
      }
      guard deadline.remaining > .zero else {
        // Which of the two was shorter: the work's own time, or what a host gets.
        guard !deadline.isExhausted else { throw .timeout("connect") }
        throw PostgresError(
          code: .connectionTimeout,
          message: "\(endpoint) didn't accept a connection within its connect_timeout", statement: "connect")
      }
      // The socket may be another one after each step.
      if poll(
        PQsocket(connection), for: next == PGRES_POLLING_READING ? .reading : .writing, deadline.remaining)
      {
        next = PQconnectPoll(connection)
      }
    }
  }
}

extension DatabaseURL.Endpoint: CustomStringConvertible {
  var description: String { (host ?? address ?? "the local server") + (port.map { ", port \($0)," } ?? "") }
}

extension DatabaseURL {
  /// libpq's parameters for one host: the URL's own, and ours where it has none.
  func parameters(for endpoint: Endpoint, applicationName: String) -> [(String, String)] {
    var parameters = [
      "fallback_application_name": applicationName,
      // A peer that vanished shows after 30 seconds without an acknowledgement of what was sent, and
      // within a minute of waiting for an answer: a living server's kernel acknowledges however long a
      // statement runs. Not less, because the limit also ends a send that waits for a server too
      // busy to read (tcp(7)).
      "tcp_user_timeout": "30000",
      "keepalives_idle": "30",
      "keepalives_interval": "10",
      "keepalives_count": "3",
      // No look at Kerberos' credential cache, and no round trip for it.
      "gssencmode": "disable",
    ]
    .merging(settings) { _, own in own }
    parameters["client_encoding"] = "UTF8"
    parameters["host"] = endpoint.host
    parameters["hostaddr"] = endpoint.address
    parameters["port"] = endpoint.port
    return parameters.map { ($0.key, $0.value) }
  }

  /// The error without any secret of the URL, should a message ever repeat one.
  func withoutSecrets(_ error: PostgresError) -> PostgresError {
    var error = error
    for name in libpqKeywords.secret {
      // Without letters of a shorter one, no message could be read.
      if let secret = settings[name], secret.utf8.count >= 4 {
        error.message = error.message.replacing(secret, with: "***")
      }
    }
    return error
  }
}
