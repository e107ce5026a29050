import Foundation
import Testing

@testable import Postgres

/// Passwords and certificates.
///
/// Both change the throwaway server's configuration, without effect on other tests.
@Suite(.serialized) struct SecureConnectionTests {
  private func reload(_ admin: Connection) throws {
    _ = try admin.query(Statement("reload", "select pg_reload_conf()"))
  }

  /// Runs a shell command in the server's data directory, as its user.
  private func run(_ command: String, _ admin: Connection) throws {
    // One that doesn't read what COPY writes may be gone by then.
    let quoted = "'cat >/dev/null; " + command.replacing("'", with: "''") + "'"
    try admin.execute(SimpleQuery("run", "copy (select '') to program \(quoted)"))
  }

  @Test func aWrongPasswordIsAnAuthenticationErrorThatHidesIt() throws {
    let admin = try TestServer.connect()
    let role = "scram_\(try TestServer.backend(of: admin))"
    try admin.execute(SimpleQuery("role", "create role \(role) login password 'p@ss/word'"))
    try run("sed -i '1i host all \(role) 127.0.0.1/32 scram-sha-256' pg_hba.conf", admin)
    try reload(admin)
    defer {
      try? run("sed -i '/ \(role) /d' pg_hba.conf", admin)
      try? admin.execute(SimpleQuery("role", "drop role \(role)"))
    }
    func connect(_ userInfo: String) throws -> Connection {
      let url = try DatabaseURL("postgres://\(userInfo)@127.0.0.1:\(TestServer.port)/postgres")
      return try Connection(url, applicationName: "scram", remainingTime: countdown(.seconds(10)))
    }
    var last: PostgresError?
    // The server reads its configuration again a moment after it was told to.
    for _ in 0..<100 where last == nil {
      do {
        _ = try connect("\(role):hunter2")
        usleep(20_000)
      } catch {
        last = error as? PostgresError
      }
    }
    let wrong = try #require(last)
    #expect(wrong.code == .invalidPassword)
    #expect(wrong.isAuthentication && !wrong.isTransient)
    #expect(
      wrong.description.hasSuffix(
        """
        failed: password authentication failed for user "\(role)" [28P01]; \
        check user and password in the database URL
        """))
    #expect(!"\(wrong)\(wrong.message)".contains("hunter2"))
    let missing = expect(.invalidAuthorization) { try connect(role) }
    #expect(missing?.suggestion == "put the user's password into the database URL")
    #expect(try connect("\(role):p%40ss%2Fword").isOpen)
  }

  @Test func aServersCertificateIsVerifiedInFull() throws {
    let admin = try TestServer.connect("?sslmode=disable")
    // An authority, and a certificate of "localhost" that it signed.
    try run(
      """
      set -e; umask 077; openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-authority \
      -keyout ca.key -out ca.pem; openssl req -newkey rsa:2048 -nodes -subj /CN=localhost \
      -keyout server.key -out server.csr; echo subjectAltName=DNS:localhost >names; \
      openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names \
      -out server.crt
      """, admin)
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("ca-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let authority = directory.appendingPathComponent("ca.pem").path
    let certificate = try admin.query(Statement("ca", "select pg_read_file('ca.pem') as pem"))[0].text("pem")
    try certificate.write(toFile: authority, atomically: true, encoding: .utf8)
    _ = try admin.query(Statement("tls", "alter system set ssl = on"))
    try reload(admin)
    defer {
      _ = try? admin.query(Statement("tls", "alter system reset ssl"))
      try? reload(admin)
    }
    func connect(_ host: String, _ parameters: String = "", _ root: String? = nil) throws -> Connection {
      let url = try DatabaseURL(
        "postgres://postgres@\(host):\(TestServer.port)/postgres?hostaddr=127.0.0.1\(parameters)",
        rootCertificate: root)
      return try Connection(url, applicationName: "tls", remainingTime: countdown(.seconds(20)))
    }
    for _ in 0..<100 {
      if (try? connect("localhost", "&sslmode=require")) != nil { break }
      usleep(20_000)
    }
    let verified = try connect("localhost", "", authority)
    let row = try verified.query(
      Statement("tls", "select ssl, repeat('x', 5000000) as t from pg_stat_ssl where pid=pg_backend_pid()"))[
        0]
    #expect(try row.boolean("ssl"))
    #expect(try row.text("t").utf8.count == 5_000_000)
    let prisma = try connect("localhost", "&sslmode=require&sslaccept=strict&sslcert=\(authority)")
    #expect(prisma.isOpen)

    let name = expect(.unableToConnect) { try connect("example.com", "", authority) }
    #expect(name?.suggestion == "use the host name that the server's certificate is for")
    let stranger = expect(.unableToConnect) {
      try connect("localhost", "", "/etc/ssl/certs/ca-certificates.crt")
    }
    #expect(stranger?.suggestion?.contains("authority that signed") == true)
    let missing = expect(.unableToConnect) { try connect("localhost", "", "/nowhere.pem") }
    #expect(missing?.suggestion?.contains("certificate authority") == true)
    // A cancel request isn't encrypted by this libpq, and still ends the work.
    let limited = try Connection(
      TestServer.url("?sslmode=require"), applicationName: "tls timeout",
      remainingTime: countdown(.milliseconds(500)))
    expect(.timeout) { try limited.query(Statement("sleep", "select pg_sleep(60)")) }
    #expect(try TestServer.busyBackends(name: "tls timeout", expecting: 0) == 0)
  }
}
