import Foundation
import Logging
import Testing

@testable import LambdaRuntime

@Suite struct LogTests {
  /// 2026-01-31T09:05:07.042Z, and a bit.
  private let time = Timestamp(seconds: 1_769_850_307, nanoseconds: 42_999_999)

  private func event(
    _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata = [:]
  ) -> LogEvent {
    LogEvent(
      level: level, message: "\(message)", metadata: metadata, source: "", file: "", function: "", line: 0)
  }

  private func json(_ handler: JSONLogHandler, _ event: LogEvent) -> String {
    String(decoding: handler.line(for: event, at: time), as: UTF8.self)
  }

  @Test func aLineIsOneJSONObject() {
    var handler = JSONLogHandler()
    handler[metadataKey: "requestId"] = "8476a536"
    let line = json(
      handler,
      event(
        .notice, "pushed",
        [
          "commits": .stringConvertible(2), "again": .stringConvertible(false),
          "ratio": .stringConvertible(0.5),
          "ids": ["a", "b"], "one": ["key": "value"], "level": "high",
          "never": .stringConvertible(Double.nan),
        ]))
    #expect(
      line == """
        {"timestamp":"2026-01-31T09:05:07.042Z","level":"INFO","message":"pushed","again":false,"commits":2,\
        "ids":["a","b"],"metadata.level":"high","never":"nan","one":{"key":"value"},"ratio":0.5,\
        "requestId":"8476a536"}

        """)
  }

  @Test func anyTextSurvivesTheEscaping() throws {
    let scalars = (0..<0x300).compactMap { Unicode.Scalar($0) } + ["\u{2028}", "😀", "\u{FFFF}"]
    let text = String(String.UnicodeScalarView(scalars))
    let line = json(JSONLogHandler(), event(.info, text, [text: "\(text)"]))
    #expect(line.utf8.filter { $0 < 0x20 } == [0x0A])
    let object = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
    #expect(object["message"] == text)
    #expect(object[text] == text)
  }

  @Test(arguments: [
    (Logger.Level.trace, "TRACE"), (.debug, "DEBUG"), (.info, "INFO"), (.notice, "INFO"), (.warning, "WARN"),
    (.error, "ERROR"), (.critical, "FATAL"),
  ])
  func levelsHaveTheNamesThatLambdaFiltersBy(_ level: Logger.Level, _ name: String) {
    #expect(json(JSONLogHandler(), event(level, "")).contains(#""level":"\#(name)""#))
  }

  @Test func theCallsMetadataWinsOverTheProvidersAndTheLoggers() {
    var handler = JSONLogHandler()
    handler.metadata = ["a": "logger", "b": "logger", "c": "logger"]
    handler.metadataProvider = Logger.MetadataProvider { ["b": "provider", "c": "provider"] }
    let line = json(handler, event(.info, "", ["c": "call"]))
    #expect(line.hasSuffix(#""a":"logger","b":"provider","c":"call"}"# + "\n"))
  }

  @Test func aLineForPeopleIsShort() {
    var handler = TextLogHandler()
    handler[metadataKey: "branch"] = "main"
    #expect(
      handler.line(
        for: event(.warning, "the branch moved", ["title": "a \"b\"", "n": "2", "e": ""]), at: time)
        == "09:05:07.042 WARN  the branch moved  branch=main e=\"\" n=2 title=\"a \\\"b\\\"\"\n")
    #expect(TextLogHandler().line(for: event(.info, "done"), at: time) == "09:05:07.042 INFO  done\n")
  }

  @Test func dataCannotSteerTheTerminal() {
    let line = TextLogHandler().line(for: event(.info, "\u{1B}[2Jgone\r", ["k": "\u{9B}1m\u{7F}"]), at: time)
    #expect(line == "09:05:07.042 INFO  \\u{1b}[2Jgone\\u{d}  k=\\u{9b}1m\\u{7f}\n")
  }

  @Test(arguments: [
    (0, 0, "1970-01-01T00:00:00.000Z"), (951_782_400, 1_000_000, "2000-02-29T00:00:00.001Z"),
    (4_102_444_799, 999_999_999, "2099-12-31T23:59:59.999Z"),
  ])
  func timesAreWrittenInUTC(_ seconds: Int, _ nanoseconds: Int, _ text: String) {
    #expect(Timestamp(seconds: seconds, nanoseconds: nanoseconds).text == text)
  }
}
