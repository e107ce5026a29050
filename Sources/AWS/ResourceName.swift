/// An Amazon Resource Name: `arn:partition:service:region:account:resource`.
///
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
public struct ResourceName: Hashable, Sendable, CustomStringConvertible {
  /// As it was written.
  public let description: String
  /// `aws`, or that of China, of the European Sovereign Cloud or of a government.
  let partition: String
  let region: String

  /// Reads the name of a resource of `service` (`secretsmanager`, `sns`); nil if `text` isn't one.
  public init?(_ text: String, service: String) {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[2] == service[...],
      isRegion(parts[3]), !parts[4].isEmpty, !parts[5].isEmpty,
      text.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
    else { return nil }
    description = text
    partition = String(parts[1])
    region = String(parts[3])
  }
}

/// Whether `text` looks as a region does; it becomes part of a host's name and of a signature.
func isRegion(_ text: some StringProtocol) -> Bool {
  text.contains("-")
    && text.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "-") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
