import CPostgres
import Foundation
import Testing

@testable import Postgres

@Suite struct ConnectingTests {
  private static let one = Statement("one", "select 1 as n")

  private func connect(_ url: String, within limit: Duration = .seconds(10)) throws -> Connection {
    try Connection(DatabaseURL(url), applicationName: "connecting", remainingTime: countdown(limit))
  }

  @Test func aHostThatNeverAnswersEndsByItsConnectTimeout() throws {
    let hole = try BlackHole()
    let start = ContinuousClock.now
    let error = expect(.connectionTimeout) {
      try connect("postgres://u:p@127.0.0.1:\(hole.port)/d?connect_timeout=1")
    }
    #expect(error?.isTimeout == true)
    #expect(
      error?.description.hasPrefix(
        "connect: 127.0.0.1, port \(hole.port), didn't accept a connection within its connect_timeout [HYT01]; check"
      )
        == true)
    #expect((.seconds(1)..<(.seconds(3))).contains(start.duration(to: .now)))
  }

  @Test func theWorksOwnTimeIsTheEarlierLimit() throws {
    let hole = try BlackHole()
    let start = ContinuousClock.now
    expect(.timeout) { try connect("postgres://127.0.0.1:\(hole.port)/d", within: .milliseconds(300)) }
    #expect(start.duration(to: .now) < .seconds(2))
    expect(.timeout) { try connect(TestServer.address(), within: .zero) }
  }

  @Test func theNextHostIsTriedAfterOneThatRefusesOrNeverAnswers() throws {
    let hole = try BlackHole()
    let port = try TestServer.port
    let connection = try connect(
      "postgres://postgres@127.0.0.1:1,127.0.0.1:\(hole.port),127.0.0.1:\(port)/postgres?connect_timeout=1")
    #expect(try connection.query(Self.one)[0].integer("n") == 1)
  }

  @Test func whenNoHostAnswersAllAreNamed() throws {
    let error = expect(.unableToConnect) { try connect("postgres://u:p@127.0.0.1:1,127.0.0.1:2/d") }
    #expect(error?.message.contains("port 1 failed: Connection refused") == true)
    #expect(error?.message.contains("port 2 failed: Connection refused") == true)
    #expect(error?.suggestion == "check host and port, and that PostgreSQL runs there")
    #expect(error?.isConnectionLost == true && error?.isTransient == true)
  }

  @Test func unknownNamesSocketsAndDatabasesSaySo() throws {
    let name = expect(.unableToConnect) { try connect("postgres://no-such-host.invalid/d") }
    #expect(name?.suggestion == "check the host's name in the database URL")
    let socket = expect(.unableToConnect) { try connect("postgres://u@/d?host=/nowhere") }
    #expect(socket?.suggestion == "check host and port, and that PostgreSQL runs there")
    let database = expect(.invalidCatalogName) {
      try connect("postgres://postgres@127.0.0.1:\(TestServer.port)/nowhere")
    }
    #expect(database?.message.hasSuffix("failed: database \"nowhere\" does not exist") == true)
    let mode = expect(.unableToConnect) { try connect("postgres://127.0.0.1/d?sslmode=no-verify") }
    #expect(mode?.message == "invalid sslmode value: \"no-verify\"")
  }

  @Test func aMessageThatRepeatsThePasswordIsCensored() throws {
    let url = try DatabaseURL("postgres://u:hunter2@h/d?sslpassword=swordfish")
    let error = url.withoutSecrets(
      PostgresError(code: .unableToConnect, message: "bad conninfo password=hunter2 sslpassword=swordfish"))
    #expect(error.message == "bad conninfo password=*** sslpassword=***")
    let short = try DatabaseURL("postgres://u:p@h/d").withoutSecrets(error)
    #expect(short.message == error.message)
  }

  @Test func theSessionIsUTF8NamedAndOtherwiseUntouched() throws {
    let settings = Statement(
      "settings",
      """
      select name, setting from pg_settings where source in ('client', 'session') order by name
      """)
    let rows = try TestServer.connect("?client_encoding=LATIN1", name: "named").query(settings)
    #expect(
      try rows.map { try [$0.text("name"), $0.text("setting")] } == [
        ["application_name", "named"], ["client_encoding", "UTF8"],
      ])
    let own = try TestServer.connect("?application_name=own", name: "named").query(settings)
    #expect(try own[0].text("setting") == "own")
  }

  @Test func theSocketIsClosedInChildProcessesAndWatchedByTheKernel() throws {
    let connection = try TestServer.connect()
    let descriptor = PQsocket(connection.handle)
    #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
    #expect(fcntl(descriptor, F_GETFL) & O_NONBLOCK != 0)
    func option(_ level: Int32, _ name: Int32) -> Int32 {
      var value: Int32 = -1
      var length = socklen_t(MemoryLayout<Int32>.size)
      getsockopt(descriptor, level, name, &value, &length)
      return value
    }
    #expect(option(SOL_SOCKET, SO_KEEPALIVE) == 1)
    #expect(option(Int32(IPPROTO_TCP), TCP_KEEPIDLE) == 30)
    #expect(option(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT) == 30_000)
  }

  @Test func aConnectionNobodyKeepsIsEnded() throws {
    var connection: Connection? = try TestServer.connect()
    let pid = try TestServer.backend(of: #require(connection))
    connection = nil
    let watcher = try TestServer.connect()
    let statement = Statement("watch", "select 1 from pg_stat_activity where pid = $1", [.integer(pid)])
    var left = 1
    for _ in 0..<100 where left > 0 {
      left = try watcher.query(statement).count
      usleep(20_000)
    }
    #expect(left == 0)
  }
}
