import AWS

/// A setting that is a secret: its value, or where Secrets Manager keeps it.
///
/// Whatever prints it, shows no value.
public enum SecretSetting: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
  case value(String)
  case stored(StoredSecret)

  /// `[redacted]`, or the secret's ARN.
  public var description: String {
    switch self {
    case .value: "[redacted]"
    case .stored(let stored): stored.description
    }
  }

  /// The same as `description`.
  public var debugDescription: String { description }

  /// Shows nothing to `dump`.
  public var customMirror: Mirror { Mirror(self, children: []) }
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
