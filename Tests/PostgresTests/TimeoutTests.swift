import Foundation
import Testing

@testable import Postgres

@Suite struct TimeoutTests {
  private static let sleep = Statement("sleep", "select pg_sleep(60)")

  private func ends(
    _ name: String, _ work: (Connection) throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let connection = try TestServer.connect(name: name, within: .milliseconds(500))
    let start = ContinuousClock.now
    let error = expect(.timeout, sourceLocation: sourceLocation) { try work(connection) }
    #expect(error?.isTimeout == true && error?.isTransient == true)
    #expect(start.duration(to: .now) < .seconds(2), sourceLocation: sourceLocation)
    #expect(!connection.isOpen, sourceLocation: sourceLocation)
    #expect(try TestServer.busyBackends(name: name, expecting: 0) == 0, sourceLocation: sourceLocation)
  }

  @Test func everyKindOfCallEndsWithItsTimeAndLeavesNothingRunning() throws {
    try ends("timeout query") { _ = try $0.query(Self.sleep) }
    try ends("timeout pipeline") { connection in
      _ = try connection.pipeline([Statement("begin", "begin"), Self.sleep, Statement("commit", "commit")])
    }
    try ends("timeout script") { try $0.execute(SimpleQuery("sleep", "begin; select pg_sleep(60); commit")) }
    try ends("timeout stream") { _ = try $0.stream(Self.sleep).next() }
    try ends("timeout copy") {
      try $0.copy(SimpleQuery("sleep", "begin; select pg_sleep(60); copy pg_class from stdin")) { nil }
    }
  }

  @Test func aServerThatIsFrozenEndsWithTheTimeBeforeAQueryOrInTheMiddleOfIt() throws {
    for delay in [0, 200_000] as [UInt32] {
      let connection = try TestServer.connect(name: "frozen", within: .milliseconds(1_000))
      let pid = pid_t(try TestServer.backend(of: connection))
      defer { kill(pid, SIGCONT) }
      if delay == 0 {
        kill(pid, SIGSTOP)
      } else {
        Thread.detachNewThread {
          usleep(delay)
          kill(pid, SIGSTOP)
        }
      }
      let start = ContinuousClock.now
      expect(.timeout) { try connection.query(Statement("sleep", "select pg_sleep(0.4)")) }
      #expect((.milliseconds(800)..<(.seconds(3))).contains(start.duration(to: .now)))
      #expect(!connection.isOpen)
    }
  }

  @Test func aLargeSendToABusyServerEndsWithItsTime() throws {
    let statement = Statement("text", "select $1", [.text(String(repeating: "x", count: 50_000_000))])
    try ends("timeout send") { _ = try $0.pipeline([Self.sleep, statement]) }
  }

  @Test func aCallWithoutTimeLeftSendsNothing() throws {
    let connection = try TestServer.connect()
    connection.remainingTime = { .zero }
    expect(.timeout) { try connection.query(Statement("one", "select 1")) }
    #expect(connection.isOpen)
    #expect(connection.roundTrips == 0)
  }

  @Test func theServersOwnLimitIsATimeoutThatKeepsTheConnection() throws {
    let connection = try TestServer.connect()
    let error = expect(.queryCanceled) {
      try connection.pipeline([
        Statement("begin", "begin"), Statement("limit", "set local statement_timeout = 50"), Self.sleep,
      ])
    }
    #expect(error?.isTimeout == true)
    #expect(error?.statement == "sleep")
    #expect(try connection.query(Statement("one", "select 1 as n"))[0].integer("n") == 1)
  }

  @Test func aLockHeldElsewhereEndsWithTheTime() throws {
    let holder = try TestServer.connect()
    let name = "locked_\(try TestServer.backend(of: holder))"
    try holder.execute(SimpleQuery("create", "create table \(name) (a int)"))
    _ = try holder.pipeline([Statement("begin", "begin"), Statement("lock", "lock table \(name)")])
    try ends("timeout lock") { _ = try $0.query(Statement("read", "select * from \(name)")) }
    _ = try holder.pipeline([Statement("drop", "drop table \(name)"), Statement("commit", "commit")])
  }
}
