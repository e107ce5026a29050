import Cryptography

/// A value that must not be seen: whatever prints it, shows only that there is one.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  let value: String

  /// Keeps `value` out of descriptions, dumps and interpolated strings.
  public init(_ value: String) {
    self.value = value
  }

  /// Eight hexadecimal digits that tell whether it is another one, and nothing else about it.
  public var fingerprint: String {
    hexadecimal(hmacSHA256(Array(value.utf8), key: Array("git-backed-skills".utf8)).prefix(4))
  }

  /// Always `[redacted]`.
  public var description: String { "[redacted]" }

  /// Always `[redacted]`.
  public var debugDescription: String { description }

  /// Shows nothing to `dump`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
