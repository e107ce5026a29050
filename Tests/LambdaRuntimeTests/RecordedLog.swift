import Logging
import Synchronization

@testable import LambdaRuntime

/// Keeps every line that a logger would write, at every level.
final class RecordedLog: Sendable {
  private let kept = Mutex([String]())

  var lines: [String] { kept.withLock { $0 } }
  var text: String { lines.joined(separator: "\n") }

  var logger: Logger {
    var logger = Logger(label: "test") { _ in Handler(log: self) }
    logger.logLevel = .trace
    return logger
  }

  private struct Handler: LogHandler {
    let log: RecordedLog
    var logLevel: Logger.Level = .trace
    var metadata: Logger.Metadata = [:]

    init(log: RecordedLog) { self.log = log }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      var json = JSONLogHandler(logLevel: .trace)
      json.metadata = metadata
      let line = json.line(for: event, at: .now)
      log.kept.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
    }
  }
}
