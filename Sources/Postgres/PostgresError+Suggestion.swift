extension PostgresError {
  /// What a person can do about the common ones; `nil` where the message says it all.
  public var suggestion: String? {
    switch code {
    case .invalidPassword: return "check user and password in the database URL"
    case .invalidAuthorization: return suggestionForRefusedUser
    case .invalidCatalogName: return "check the database's name at the end of the URL's path"
    case .undefinedTable, .invalidSchemaName:
      return "check the URL's schema parameter, and that the migrations ran on this database"
    case .undefinedColumn: return "check that the migrations ran on this database"
    case .insufficientPrivilege: return "grant the role what it needs"
    case .tooManyConnections: return "raise max_connections, or put a pooler between"
    case .readOnlyTransaction: return "use the primary's address, not a replica's"
    case .timeout: return "give the work more time, or look for a lock in pg_stat_activity"
    case .connectionTimeout: return Self.unreachable
    case .unableToConnect: return suggestionForFailedConnection
    default: return nil
    }
  }

  private static let unreachable =
    "check host and port, and that security groups, subnets and routes let this machine reach the server"

  private var suggestionForRefusedUser: String {
    if message.contains("no password supplied") { return "put the user's password into the database URL" }
    if message.contains("no encryption") || message.contains("SSL off") {
      return "the server wants TLS: add sslmode=verify-full, or sslmode=require, to the database URL"
    }
    return "check the user in the URL, or let it in from here by the server's pg_hba.conf"
  }

  // libpq gives these as text alone. It is never translated: the process doesn't call setlocale.
  private var suggestionForFailedConnection: String {
    func mentions(_ texts: String...) -> Bool { texts.contains { message.contains($0) } }
    if mentions("root certificate file") {
      return "name a file that holds the certificate authority of the server's certificate"
    }
    if mentions("certificate verify failed") {
      return "use the certificate authority that signed the server's certificate (Amazon RDS has its own)"
    }
    if mentions("does not match host name") {
      return "use the host name that the server's certificate is for"
    }
    if mentions("does not support SSL") {
      return "turn TLS on in the server, or use sslmode=disable on a private network"
    }
    if mentions("could not translate host name") { return "check the host's name in the database URL" }
    if mentions("Connection refused", "No such file or directory") {
      return "check host and port, and that PostgreSQL runs there"
    }
    return Self.unreachable
  }
}
