/// An error whose type and message may be shown to whoever invoked the function.
///
/// Both reach the caller, the dead-letter queue and the logs: no secret belongs in either. Any other
/// error is reported by the name of its type alone.
///
///     struct TokenRefused: FunctionError {
///       var type: String { "Function.TokenRefused" }
///       var message: String { "GitHub refused the token: renew GITHUB_TOKEN" }
///     }
public protocol FunctionError: Error {
  /// A stable name that people can alert on; Lambda's convention is `Category.Reason`.
  var type: String { get }
  /// What happened, to what, and what a person can do about it.
  var message: String { get }
}

/// An error as Lambda's Runtime API takes it.
public struct ErrorReport: Sendable {
  /// The error's stable name.
  public let type: String
  /// What happened, for a person.
  public let message: String

  /// What may be shown of any error.
  public init(_ error: any Error) {
    if let error = error as? any FunctionError {
      self.init(type: error.type, message: error.message)
    } else {
      let name = String(describing: Swift.type(of: error))
      // Its description may quote data: a payload, a connection string, a header.
      self.init(
        type: "Function.\(name)",
        message: "An unexpected error of type \(name); its text is withheld, as it may hold private data.")
    }
  }

  init(type: String, message: String) {
    self.type = type
    self.message = message
  }

  /// The JSON object `{"errorType": …, "errorMessage": …}` in UTF-8.
  public var json: [UInt8] {
    var text: [UInt8] = Array(#"{"errorType":"#.utf8)
    appendJSON(type, to: &text)
    text += Array(#","errorMessage":"#.utf8)
    appendJSON(message, to: &text)
    return text + [UInt8(ascii: "}")]
  }

  /// The type as a header can carry it: ASCII letters, digits, `.`, `_` and `-`, at most 128.
  var headerValue: String {
    let kept = type.unicodeScalars.prefix(128).map { scalar -> Character in
      switch scalar {
      case "A"..."Z", "a"..."z", "0"..."9", ".", "_", "-": Character(scalar)
      default: "_"
      }
    }
    return kept.isEmpty ? "Function.Unknown" : String(kept)
  }
}
