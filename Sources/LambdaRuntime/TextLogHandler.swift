import Logging

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Writes each log call as a line for a person at a terminal, on standard error.
///
///     09:05:07.042 WARN  the branch moved; reading it again  attempt=2 branch=main
public struct TextLogHandler: LogHandler {
  /// The least level that is written.
  public var logLevel: Logger.Level
  /// Written with every line.
  public var metadata: Logger.Metadata = [:]
  /// Asked for more with every line.
  public var metadataProvider: Logger.MetadataProvider?

  /// A handler that writes from `logLevel` on.
  public init(logLevel: Logger.Level = .info) {
    self.logLevel = logLevel
  }

  /// One value of the metadata of the logger.
  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes the line; called by `Logger`.
  public func log(event: LogEvent) {
    writeLog(Array(line(for: event, at: .now).utf8), to: STDERR_FILENO)
  }

  /// The line with its line break; the time of day is UTC's.
  func line(for event: LogEvent, at time: Timestamp) -> String {
    let level = event.level.lambdaName
    let padding = String(repeating: " ", count: 5 - level.utf8.count)
    let pairs = mergedMetadata(event, metadata, metadataProvider)
      .map { "\($0.key)=\(quoted("\($0.value)"))" }
      .joined(separator: " ")
    let message = printable("\(event.message)") + (pairs.isEmpty ? "" : "  ") + pairs
    return "\(time.timeOfDay) \(level)\(padding) \(message)\n"
  }
}

/// The value, in quotes where its end would be hard to see without.
private func quoted(_ value: String) -> String {
  let isPlain = !value.isEmpty && value.unicodeScalars.allSatisfy { $0 > " " && $0 != "\"" && $0 != "=" }
  let shown = printable(value)
  return isPlain ? shown : "\"\(shown.replacing("\"", with: "\\\""))\""
}

/// The text with control characters but line breaks and tabs escaped: data must not steer a terminal.
private func printable(_ text: String) -> String {
  var shown = ""
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0x0A, 0x09: shown.unicodeScalars.append(scalar)
    case 0..<0x20, 0x7F..<0xA0: shown += "\\u{\(String(scalar.value, radix: 16))}"
    default: shown.unicodeScalars.append(scalar)
    }
  }
  return shown
}
