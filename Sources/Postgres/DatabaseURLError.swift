/// Why a text isn't a usable database URL.
///
/// Quotes nothing of it but the name of an unknown parameter.
public struct DatabaseURLError: Error, Sendable, Equatable {
  /// What is wrong.
  public enum Code: String, Sendable {
    /// There is no text.
    case empty
    /// It doesn't begin with `postgresql://` or `postgres://`.
    case notPostgres
    /// A character has a place where it must be percent-encoded.
    case unescaped
    /// A `&` or `=` in the hosts or the database's name: parameters without a `?`, among which a password may be.
    case misplacedParameters
    /// A `%` without two hexadecimal digits, `%00`, or bytes that aren't UTF-8.
    case invalidPercentEncoding
    /// A bracket of an IPv6 address is missing.
    case invalidHost
    /// A port that isn't a number from 1 to 65535.
    case invalidPort
    /// Lists of hosts, addresses and ports of different lengths.
    case mismatchedLists
    /// A parameter without `=`.
    case parameterWithoutValue
    /// A parameter that neither libpq nor Prisma has.
    case unknownParameter
    /// A `connect_timeout` that isn't a number of seconds.
    case invalidConnectTimeout
  }

  /// What is wrong.
  public let code: Code
  /// The unknown parameter's name.
  public let parameter: String?

  init(_ code: Code) {
    self.code = code
    parameter = nil
  }

  init(unknownParameter name: String) {
    code = .unknownParameter
    // Anything else may be a piece of a password that wasn't percent-encoded.
    let word = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_".utf8)
    parameter = name.utf8.allSatisfy(word.contains) && name.utf8.count <= 40 ? name : nil
  }
}

extension DatabaseURLError: CustomStringConvertible {
  /// What is wrong, in one sentence.
  public var message: String {
    switch code {
    case .empty: "the database URL is empty"
    case .notPostgres: "the database URL doesn't begin with postgresql:// or postgres://"
    case .unescaped: "the database URL has a /, ?, # or @ where it must be percent-encoded"
    case .misplacedParameters: "the database URL has a & or = before its parameters"
    case .invalidPercentEncoding:
      "the database URL has a % that isn't followed by the two digits of a character"
    case .invalidHost: "the database URL has a host with a bracket that isn't closed or is followed by more"
    case .invalidPort: "the database URL has a port that isn't a number from 1 to 65535"
    case .mismatchedLists: "the database URL has lists of hosts, addresses and ports of different lengths"
    case .parameterWithoutValue: "the database URL has a parameter without a value"
    case .unknownParameter:
      "the database URL has an unknown parameter" + (parameter.map { " “\($0)”" } ?? "")
    case .invalidConnectTimeout: "the database URL's connect_timeout isn't a whole number of seconds"
    }
  }

  /// What a person can do about it.
  public var suggestion: String {
    switch code {
    case .empty, .notPostgres: "write postgresql://user:password@host:5432/database"
    case .unescaped, .invalidPercentEncoding, .invalidPort, .parameterWithoutValue:
      "write %25 for %, %2F for /, %3F for ?, %23 for # and %40 for @ in the user's name and password"
    case .misplacedParameters: "write ? before the first parameter; in a name, %26 for & and %3D for ="
    case .invalidHost: "write IPv6 addresses as [::1]"
    case .mismatchedLists: "give one port for all hosts, or one for each"
    case .unknownParameter: "remove it, or check its spelling"
    case .invalidConnectTimeout: "write connect_timeout=10"
    }
  }

  /// Message and suggestion.
  public var description: String { "\(message); \(suggestion)" }
}
