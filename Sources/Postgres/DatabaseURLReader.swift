/// Takes a URL apart into libpq's parameters, as its own reader does, with errors that quote nothing.
///
/// A password with an unescaped `/`, `?`, `#` or `@` ends up in the host, port, path or query, which is why
/// not even those are quoted.
enum DatabaseURLReader {
  static func read(_ text: String) throws(DatabaseURLError) -> [String: String] {
    var rest = Array(text.utf8)[...]
    let space = Array(" \t\r\n".utf8)
    while let first = rest.first, space.contains(first) { rest.removeFirst() }
    while let last = rest.last, space.contains(last) { rest.removeLast() }
    guard !rest.isEmpty else { throw DatabaseURLError(.empty) }

    let schemes = ["postgresql://", "postgres://"].map { Array($0.utf8) }
    guard let scheme = schemes.first(where: { rest.starts(with: $0) }) else {
      throw DatabaseURLError(.notPostgres)
    }
    rest = rest.dropFirst(scheme.count)
    guard !rest.contains(UInt8(ascii: "#")) else { throw DatabaseURLError(.unescaped) }

    var settings: [String: String] = [:]
    let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
    rest = rest.dropFirst(authority.count)
    guard !rest.contains(UInt8(ascii: "@")) else { throw DatabaseURLError(.unescaped) }
    try readAuthority(authority, into: &settings)

    if rest.first == UInt8(ascii: "/") {
      let path = rest.dropFirst().prefix { $0 != UInt8(ascii: "?") }
      guard !path.contains(UInt8(ascii: "/")) else { throw DatabaseURLError(.unescaped) }
      guard !hasParameters(path) else { throw DatabaseURLError(.misplacedParameters) }
      if !path.isEmpty { settings["dbname"] = try decode(path) }
      rest = rest.dropFirst(1 + path.count)
    }
    try readQuery(rest.dropFirst(), into: &settings)
    return settings
  }

  private static func readAuthority(_ authority: ArraySlice<UInt8>, into settings: inout [String: String])
    throws(DatabaseURLError)
  {
    var hosts = authority
    // The last @, as browsers and Prisma have it: one in the password needn't be escaped.
    if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
      let parts = authority[..<at].split(
        separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
      if !parts[0].isEmpty { settings["user"] = try decode(parts[0]) }
      if parts.count > 1, !parts[1].isEmpty { settings["password"] = try decode(parts[1]) }
      hosts = authority[(at + 1)...]
    }
    guard !hosts.isEmpty else { return }
    guard !hasParameters(hosts) else { throw DatabaseURLError(.misplacedParameters) }
    // Not by `joined`, for which all conformances of the executable are looked through: a fifteenth of a function's start.
    var (names, ports) = ("", "")
    var (hasName, hasPort) = (false, false)
    for (position, host) in hosts.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      .enumerated()
    {
      let (name, port) = try readHost(host)
      let comma = position > 0 ? "," : ""
      names += comma + name
      ports += comma + port
      hasName = hasName || !name.isEmpty
      hasPort = hasPort || !port.isEmpty
    }
    if hasName { settings["host"] = names }
    if hasPort { settings["port"] = ports }
  }

  private static func hasParameters(_ text: ArraySlice<UInt8>) -> Bool {
    text.contains(UInt8(ascii: "&")) || text.contains(UInt8(ascii: "="))
  }

  private static func readHost(_ text: ArraySlice<UInt8>) throws(DatabaseURLError) -> (
    name: String, port: String
  ) {
    var name = text.prefix { $0 != UInt8(ascii: ":") }
    var rest = text.dropFirst(name.count)
    if text.first == UInt8(ascii: "[") {
      guard let end = text.firstIndex(of: UInt8(ascii: "]")) else { throw DatabaseURLError(.invalidHost) }
      name = text[text.index(after: text.startIndex)..<end]
      rest = text[(end + 1)...]
      guard !name.isEmpty, rest.isEmpty || rest.first == UInt8(ascii: ":") else {
        throw DatabaseURLError(.invalidHost)
      }
    }
    return (try decode(name), try decode(rest.dropFirst()))
  }

  private static func readQuery(_ query: ArraySlice<UInt8>, into settings: inout [String: String])
    throws(DatabaseURLError)
  {
    for pair in query.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw DatabaseURLError(.parameterWithoutValue) }
      let (name, value) = (try decode(parts[0]), try decode(parts[1]))
      // libpq's own courtesy to URLs made for JDBC.
      if name == "ssl", value == "true" {
        settings["sslmode"] = "require"
      } else {
        settings[name] = value
      }
    }
  }

  private static func decode(_ text: ArraySlice<UInt8>) throws(DatabaseURLError) -> String {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(hexadecimalDigit),
        let low = rest.popFirst().flatMap(hexadecimalDigit), high + low > 0
      else { throw DatabaseURLError(.invalidPercentEncoding) }
      bytes.append(high << 4 | low)
    }
    guard let decoded = String(validating: bytes, as: UTF8.self) else {
      throw DatabaseURLError(.invalidPercentEncoding)
    }
    return decoded
  }

  private static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
