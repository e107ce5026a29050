import Logging

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Writes each log call as one JSON object on a line of its own, for CloudWatch.
///
/// `timestamp` (RFC 3339, milliseconds, UTC), `level` and `message` come first, then the metadata, flat.
/// The two names and the levels are those by which Lambda filters JSON logs
/// (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html). Numbers and
/// truth values stay such; a metadata key that is one of the three names gets the prefix `metadata.`.
public struct JSONLogHandler: LogHandler {
  /// Where the lines go.
  public enum Output: Int32, Sendable {
    /// File descriptor 1.
    case standardOutput = 1
    /// File descriptor 2.
    case standardError = 2
  }

  /// The least level that is written.
  public var logLevel: Logger.Level
  /// Written with every line.
  public var metadata: Logger.Metadata = [:]
  /// Asked for more with every line.
  public var metadataProvider: Logger.MetadataProvider?

  private let output: Output

  /// A handler that writes from `logLevel` on.
  public init(logLevel: Logger.Level = .info, output: Output = .standardError) {
    self.logLevel = logLevel
    self.output = output
  }

  /// One value of the metadata of the logger.
  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes the line; called by `Logger`.
  public func log(event: LogEvent) {
    writeLog(line(for: event, at: .now), to: output.rawValue)
  }

  /// The line with its line break, in UTF-8.
  func line(for event: LogEvent, at time: Timestamp) -> [UInt8] {
    var text: [UInt8] = Array(#"{"timestamp":"#.utf8)
    appendJSON(time.text, to: &text)
    text += Array(#","level":"#.utf8)
    appendJSON(event.level.lambdaName, to: &text)
    text += Array(#","message":"#.utf8)
    appendJSON("\(event.message)", to: &text)
    for (key, value) in mergedMetadata(event, metadata, metadataProvider) {
      text.append(UInt8(ascii: ","))
      appendJSON(["timestamp", "level", "message"].contains(key) ? "metadata.\(key)" : key, to: &text)
      text.append(UInt8(ascii: ":"))
      append(value, to: &text)
    }
    return text + Array("}\n".utf8)
  }

  private func append(_ value: Logger.Metadata.Value, to text: inout [UInt8]) {
    switch value {
    case .string(let string): appendJSON(string, to: &text)
    case .stringConvertible(let value as any BinaryInteger): text += Array("\(value)".utf8)
    case .stringConvertible(let value as Double) where value.isFinite: text += Array("\(value)".utf8)
    case .stringConvertible(let value as Bool): text += Array("\(value)".utf8)
    case .stringConvertible(let value): appendJSON("\(value)", to: &text)
    case .array(let values):
      text.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        append(value, to: &text)
      }
      text.append(UInt8(ascii: "]"))
    case .dictionary(let values):
      text.append(UInt8(ascii: "{"))
      for (index, (key, value)) in values.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        appendJSON(key, to: &text)
        text.append(UInt8(ascii: ":"))
        append(value, to: &text)
      }
      text.append(UInt8(ascii: "}"))
    }
  }
}

extension Logger.Level {
  /// The level as Lambda's filter knows it; it has no NOTICE, and would take an unknown one for INFO.
  var lambdaName: String {
    switch self {
    case .trace: "TRACE"
    case .debug: "DEBUG"
    case .info, .notice: "INFO"
    case .warning: "WARN"
    case .error: "ERROR"
    case .critical: "FATAL"
    }
  }
}
