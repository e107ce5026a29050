#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where a database is and who asks: a PostgreSQL URL, also as Prisma writes it.
///
/// Read as libpq does (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS):
/// several hosts, IPv6 in brackets, Unix sockets by `?host=/path`, percent-encoding, and every parameter that
/// libpq knows. Of Prisma's (https://www.prisma.io/docs/orm/overview/databases/postgresql#arguments):
///
/// - `schema` is exposed as ``schema``;
/// - `sslaccept=strict` becomes `sslmode=verify-full`;
/// - `sslcert` without `sslkey` is Prisma's: the certificate authority, libpq's `sslrootcert`;
/// - ``prismaParameters`` are left out.
///
/// Any other parameter is an error: a misspelt `sslmode` must not go unnoticed. Where the URL says nothing, a
/// connection has a time limit of 10 seconds for each host, TCP keepalives, and TLS by `sslmode=prefer`; a
/// root certificate given beside the URL makes that `verify-full`.
///
/// libpq's environment variables (`PGHOST`, `PGSSLMODE` …) fill in what is left out.
///
/// The password is in no description, mirror or error of this type.
public struct DatabaseURL: Sendable {
  /// The schema of Prisma's `schema` parameter; `nil` where there is none (Prisma's own default is `public`).
  public let schema: String?

  /// One server of the URL's list.
  struct Endpoint: Sendable, Equatable {
    var host: String?
    var address: String?
    var port: String?
  }

  /// The servers, in the order in which they are tried; at least one.
  let endpoints: [Endpoint]
  /// libpq's parameters, without those of the endpoints.
  let settings: [String: String]
  /// How long one host may take to accept a connection; `nil` is no limit but the work's own.
  let connectTimeout: Duration?

  /// Parameters that only Prisma's own pool and cache have a use for, or that name a file format libpq can't
  /// read.
  public static let prismaParameters: Set<String> = [
    "connection_limit", "max_connection_lifetime", "max_idle_connection_lifetime", "pgbouncer",
    "pool_timeout",
    "single_use_connections", "socket_timeout", "sslidentity", "statement_cache_size",
  ]

  /// Reads a URL.
  ///
  /// - Parameters:
  ///   - text: `postgresql://…` or `postgres://…`; white space around it is dropped.
  ///   - rootCertificate: the path of a PEM file with the certificate authorities to trust. Goes before the
  ///     URL's own.
  ///   - publicAuthorities: such a file for `verify-full` where nothing names one; libpq's own place for it, in the
  ///     home directory, if nil.
  public init(
    _ text: String, rootCertificate: String? = nil, publicAuthorities: String? = nil
  ) throws(DatabaseURLError) {
    var settings = try DatabaseURLReader.read(text)
    schema = settings.removeValue(forKey: "schema")
    Self.translatePrisma(&settings)
    if let rootCertificate {
      settings["sslrootcert"] = rootCertificate
      if settings["sslmode"] == nil { settings["sslmode"] = "verify-full" }
    }
    // Not for other modes: libpq would check certificates that it wasn't asked to, or any host's would do.
    if settings["sslmode"] == "verify-full", settings["sslrootcert"] == nil, getenv("PGSSLROOTCERT") == nil {
      settings["sslrootcert"] = publicAuthorities
    }
    let known = libpqKeywords.all
    for name in settings.keys.sorted() where !known.contains(name) {
      throw DatabaseURLError(unknownParameter: name)
    }
    connectTimeout = try Self.connectTimeout(settings.removeValue(forKey: "connect_timeout"))
    endpoints = try Self.endpoints(
      hosts: settings.removeValue(forKey: "host"), addresses: settings.removeValue(forKey: "hostaddr"),
      ports: settings.removeValue(forKey: "port"))
    self.settings = settings
  }

  private static func translatePrisma(_ settings: inout [String: String]) {
    for name in prismaParameters { settings[name] = nil }
    // libpq's client certificate comes with a key; Prisma's sslcert is the authority of the server's.
    if settings["sslkey"] == nil, let authority = settings.removeValue(forKey: "sslcert") {
      settings["sslrootcert"] = settings["sslrootcert"] ?? authority
    }
    // Whatever isn't "accept_invalid_certs" is strict to Prisma, too.
    let accept = settings.removeValue(forKey: "sslaccept")
    if let accept, accept != "accept_invalid_certs", settings["sslmode"] != "disable" {
      settings["sslmode"] = "verify-full"
    }
  }

  private static func connectTimeout(_ text: String?) throws(DatabaseURLError) -> Duration? {
    guard let text else { return .seconds(10) }
    guard let seconds = Int(text) else { throw DatabaseURLError(.invalidConnectTimeout) }
    return seconds > 0 ? .seconds(seconds) : nil
  }

  // libpq's rule: as many ports as hosts, or one for all.
  private static func endpoints(hosts: String?, addresses: String?, ports: String?)
    throws(DatabaseURLError) -> [Endpoint]
  {
    func list(_ text: String?) -> [String?] {
      guard let text else { return [] }
      return text.split(separator: ",", omittingEmptySubsequences: false).map {
        $0.isEmpty ? nil : String($0)
      }
    }
    let (hosts, addresses, ports) = (list(hosts), list(addresses), list(ports))
    let count = max(hosts.count, addresses.count, 1)
    guard hosts.isEmpty || addresses.isEmpty || hosts.count == addresses.count,
      ports.count <= 1 || ports.count == count
    else { throw DatabaseURLError(.mismatchedLists) }
    return try (0..<count).map { (position) throws(DatabaseURLError) -> Endpoint in
      let port = ports.count == 1 ? ports[0] : ports.isEmpty ? nil : ports[position]
      if let port {
        guard let number = Int(port), (1...65535).contains(number) else {
          throw DatabaseURLError(.invalidPort)
        }
      }
      return Endpoint(
        host: hosts.isEmpty ? nil : hosts[position], address: addresses.isEmpty ? nil : addresses[position],
        port: port)
    }
  }
}

extension DatabaseURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The URL with user, hosts, database, `sslmode` and `schema`; no password and no other parameter.
  public var description: String {
    var hosts: [String] = []
    for endpoint in endpoints {
      let host = endpoint.host ?? endpoint.address ?? ""
      let shown = host.contains(":") ? "[\(percentEncoded(host, except: ":"))]" : percentEncoded(host)
      hosts.append(shown + (endpoint.port.map { ":\($0)" } ?? ""))
    }
    let user = settings["user"].map { percentEncoded($0) + "@" } ?? ""
    let parameters = [("schema", schema), ("sslmode", settings["sslmode"])]
      .compactMap { name, value in value.map { "\(name)=\(percentEncoded($0))" } }
    return "postgresql://\(user)\(hosts.joined(separator: ","))/\(percentEncoded(settings["dbname"] ?? ""))"
      + (parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&"))
  }

  /// The same as `description`.
  public var debugDescription: String { description }

  /// Nothing: `dump` and test failures print a value by its mirror, and this one has a password.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

private func percentEncoded(_ text: String, except: String = "") -> String {
  let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8).union(
    except.utf8)
  let digits = Array("0123456789ABCDEF".utf8)
  let encoded = text.utf8.flatMap { byte in
    plain.contains(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }
  return String(decoding: encoded, as: UTF8.self)
}
