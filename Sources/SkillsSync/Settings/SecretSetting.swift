import AWS

/// A setting that is a secret: its value, or where Secrets Manager keeps it.
public enum SecretSetting: Sendable {
  case value(String)
  case stored(StoredSecret)
}

/// A secret of Secrets Manager, or the value of one key of the JSON object that it holds: `ARN` or `ARN#key`.
public struct StoredSecret: Hashable, Sendable, CustomStringConvertible {
  let name: ResourceName
  let key: String?

  /// Reads `ARN` or `ARN#key`; nil if `text` is neither.
  init?(_ text: String) {
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = ResourceName(String(parts[0]), service: "secretsmanager"), parts.last?.isEmpty == false
    else { return nil }
    self.name = name
    key = parts.count > 1 ? String(parts[1]) : nil
  }

  /// As it was written.
  public var description: String { name.description + (key.map { "#\($0)" } ?? "") }
}
