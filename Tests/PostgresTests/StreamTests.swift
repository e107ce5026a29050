import Foundation
import Testing

@testable import Postgres

@Suite struct StreamTests {
  private static let numbers = "select generate_series(1, 3) as n"

  // Resident pages; the second number of /proc/self/statm (proc(5)).
  private func residentMegabytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    return (Int(text.split(separator: " ")[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) / 1_000_000
  }

  @Test func rowsComeOneByOneAndThenNone() throws {
    let connection = try TestServer.connect()
    let stream = try connection.stream(Statement("numbers", Self.numbers))
    var numbers: [Int] = []
    while let row = try stream.next() { numbers.append(try row.integer("n")) }
    #expect(numbers == [1, 2, 3])
    #expect(try stream.next()?.values == nil)
    #expect(connection.roundTrips == 1)
    #expect(try connection.query(Statement("numbers", Self.numbers)).count == 3)
    let none = try connection.stream(Statement("none", "select 1 where false"))
    #expect(try none.next()?.values == nil)
  }

  @Test func aHundredThousandLargeRowsNeedLittleMemory() throws {
    let connection = try TestServer.connect()
    // A gigabyte in all.
    let stream = try connection.stream(
      Statement("rows", "select n, repeat('x', 10000) as t from generate_series(1, 100000) n"))
    let before = try residentMegabytes()
    var (rows, bytes, peak) = (0, 0, 0)
    while let row = try stream.next() {
      rows += 1
      bytes += try row.text("t").utf8.count
      if rows.isMultiple(of: 10_000) { peak = max(peak, try residentMegabytes()) }
    }
    #expect(rows == 100_000)
    #expect(bytes == 1_000_000_000)
    // Other tests run at the same time.
    #expect(peak - before < 300)
  }

  @Test func theConnectionTakesNothingElseUntilTheStreamEnds() throws {
    let connection = try TestServer.connect()
    let stream = try connection.stream(Statement("numbers", Self.numbers))
    expect(.functionSequence) { try connection.query(Statement("one", "select 1")) }
    expect(.functionSequence) { try connection.stream(Statement("one", "select 1")) }
    #expect(try stream.next()?.integer("n") == 1)
    stream.close()
    #expect(try stream.next()?.values == nil)
    #expect(try connection.query(Statement("one", "select 1 as n"))[0].integer("n") == 1)
  }

  @Test func aStreamGivenUpEarlyEndsItsStatement() throws {
    let connection = try TestServer.connect()
    let start = ContinuousClock.now
    do {
      let stream = try connection.stream(
        Statement("endless", "select generate_series(1, 1000000000) as n, repeat('x', 1000) as t"))
      for _ in 0..<10 { _ = try stream.next() }
    }
    #expect(try connection.query(Statement("one", "select 1 as n"))[0].integer("n") == 1)
    #expect(start.duration(to: .now) < .seconds(10))
  }

  @Test func anErrorAmongTheRowsIsThrownAndTheConnectionGoesOn() throws {
    let connection = try TestServer.connect()
    let stream = try connection.stream(
      Statement("divide", "select 10 / (5 - n) as q from generate_series(1, 9) n"))
    var rows = 0
    let error = #expect(throws: PostgresError.self) {
      while try stream.next() != nil { rows += 1 }
    }
    #expect(error?.code.rawValue == "22012")
    #expect(error?.statement == "divide")
    #expect(rows == 4)
    #expect(try stream.next()?.values == nil)
    #expect(try connection.query(Statement("one", "select 1 as n"))[0].integer("n") == 1)
  }

  @Test func aConnectionLostAmongTheRowsIsThrown() throws {
    let connection = try TestServer.connect()
    let stream = try connection.stream(
      Statement(
        "die",
        """
        select n, case when n = 1000 then pg_terminate_backend(pg_backend_pid()) end, repeat('x', 1000)
        from generate_series(1, 100000) n
        """
      ))
    let error = #expect(throws: PostgresError.self) {
      while try stream.next() != nil {}
    }
    #expect(error?.isConnectionLost == true)
    #expect(!connection.isOpen)
    #expect(try stream.next()?.values == nil)
  }

  @Test func aPipelineMayFollowAStream() throws {
    let connection = try TestServer.connect()
    let stream = try connection.stream(Statement("rows", "select generate_series(1, 3)"))
    while try stream.next() != nil {}
    let results = try connection.pipeline([
      Statement("one", "select generate_series(1, 2) as n"), Statement("two", "select 3 as n"),
    ])
    #expect(try results.map { try $0.map { try $0.integer("n") } } == [[1, 2], [3]])
  }
}
