import Foundation
import Testing

@testable import Postgres

/// The throwaway server that `Tests/Servers/with-servers` starts.
enum TestServer {
  static func address() throws -> String {
    try #require(
      ProcessInfo.processInfo.environment["TEST_DATABASE_URL"],
      "run the tests under Tests/Servers/with-servers")
  }

  static func url(_ parameters: String = "", rootCertificate: String? = nil) throws -> DatabaseURL {
    try DatabaseURL(address() + parameters, rootCertificate: rootCertificate)
  }

  static var port: String {
    get throws {
      let endpoint = try url().endpoints[0]
      return try #require(endpoint.port)
    }
  }

  static func connect(
    _ parameters: String = "", name: String = "tests", within limit: Duration = .seconds(60)
  ) throws -> Connection {
    try Connection(url(parameters), applicationName: name, remainingTime: countdown(limit))
  }

  /// The backend's process id, which no other connection has.
  static func backend(of connection: Connection) throws -> Int {
    try connection.query(Statement("pid", "select pg_backend_pid() as pid"))[0].integer("pid")
  }

  /// Ends a connection from the server's side, as a restart or an idle limit does, and waits until it is
  /// gone.
  static func kill(backend: Int) throws {
    let connection = try connect(name: "killer")
    _ = try connection.query(
      Statement("kill", "select pg_terminate_backend($1, 5000)", [.integer(backend)]))
  }

  /// How many backends of this name are at work, once that is `expected` or two seconds have passed.
  static func busyBackends(name: String, expecting expected: Int) throws -> Int {
    let connection = try connect(name: "watcher")
    let statement = Statement(
      "watch", "select count(*) as n from pg_stat_activity where application_name = $1 and state <> 'idle'",
      [.text(name)])
    var count = -1
    for _ in 0..<100 where count != expected {
      count = try connection.query(statement)[0].integer("n")
      usleep(20_000)
    }
    return count
  }
}

/// A time limit that begins now.
func countdown(_ limit: Duration) -> @Sendable () -> Duration {
  let end = ContinuousClock.now + limit
  return { end - .now }
}

/// A port on which connections are accepted by the kernel, and nobody ever answers.
final class BlackHole {
  private let socket: Int32
  let port: Int

  init() throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = socket
    port = try withUnsafeMutablePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        try #require(bind(descriptor, address, length) == 0 && listen(descriptor, 8) == 0)
        try #require(getsockname(descriptor, address, &length) == 0)
      }
      return Int(UInt16(bigEndian: pointer.pointee.sin_port))
    }
  }

  deinit {
    close(socket)
  }
}

/// Expects `work` to throw a ``PostgresError`` of this code, and returns it.
@discardableResult
func expect<Value>(
  _ code: SQLState, sourceLocation: SourceLocation = #_sourceLocation, _ work: () throws -> Value
) -> PostgresError? {
  let error = #expect(throws: PostgresError.self, sourceLocation: sourceLocation) { _ = try work() }
  #expect(error?.code == code, "\(error?.description ?? "")", sourceLocation: sourceLocation)
  return error
}
