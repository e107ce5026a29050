extension YAMLReader {
  /// Appends bytes of a plain or block scalar, which may hold printable characters only.
  func capture(_ range: Range<Int>, into result: inout [UInt8]) throws(Failure) {
    for index in range where !isPrintable(at: index) { throw unprintable(at: index) }
    result.append(contentsOf: bytes[range])
  }

  /// Appends bytes of a quoted scalar, which may hold anything but control characters below the space.
  func captureQuoted(_ range: Range<Int>, into result: inout [UInt8]) throws(Failure) {
    for index in range where bytes[index] < Byte.space && bytes[index] != Byte.tab {
      throw unprintable(at: index)
    }
    result.append(contentsOf: bytes[range])
  }

  private func unprintable(at offset: Int) -> Failure {
    failure(
      "there is an invisible control character here: remove it, or write it as `\\u…` in double quotes",
      at: offset)
  }

  /// Whether the character that begins here is one that js-yaml takes outside quotes; true within a character.
  private func isPrintable(at index: Int) -> Bool {
    switch bytes[index] {
    case Byte.tab, Byte.lineFeed, Byte.carriageReturn, 0x20...0x7E: true
    case 0..<0x20, 0x7F: false
    // U+0080 to U+009F, but U+0085.
    case 0xC2: bytes[index + 1] >= 0xA0 || bytes[index + 1] == 0x85
    // U+FFFE and U+FFFF.
    case 0xEF: !(bytes[index + 1] == 0xBF && bytes[index + 2] >= 0xBE)
    default: true
    }
  }

  /// Reads what follows a backslash within double quotes; the position is after the backslash.
  mutating func readEscape() throws(Failure) -> String {
    let start = position - 1
    let escaped = byte
    position += 1
    if let simple = Self.simpleEscapes[escaped] { return simple }
    guard let digits = Self.escapeDigits[escaped] else {
      throw failure(
        "this escape doesn't exist: write `\\\\` for a backslash, or use single quotes", at: start)
    }
    var code = try hexadecimal(digits: digits)
    if code & 0xFFFF_FC00 == 0xD800, byte == Byte.backslash, next == UInt8(ascii: "u") {
      position += 2
      let low = try hexadecimal(digits: 4)
      if low & 0xFFFF_FC00 == 0xDC00 { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
    }
    guard let scalar = Unicode.Scalar(code), code != 0 else {
      throw Failure(
        .encoding, at: start,
        code == 0
          ? "a NUL character can't be stored: remove it"
          : "this is half of a surrogate pair or no character at all: write the whole character")
    }
    return String(scalar)
  }

  private mutating func hexadecimal(digits: Int) throws(Failure) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = byte.hexadecimalValue else {
        throw failure(
          "\(digits) hexadecimal digits must stand here: write \\\\ for a backslash, or put the text in single quotes"
        )
      }
      code = code << 4 | digit
      position += 1
    }
    return code
  }

  private static let escapeDigits = [
    Byte.zero: 0, UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8,
  ]
  private static let simpleEscapes: [UInt8: String] = [
    UInt8(ascii: "a"): "\u{07}", UInt8(ascii: "b"): "\u{08}", UInt8(ascii: "t"): "\t", Byte.tab: "\t",
    UInt8(ascii: "n"): "\n", UInt8(ascii: "v"): "\u{0B}", UInt8(ascii: "f"): "\u{0C}",
    UInt8(ascii: "r"): "\r",
    UInt8(ascii: "e"): "\u{1B}", Byte.space: " ", Byte.doubleQuote: "\"", UInt8(ascii: "/"): "/",
    Byte.backslash: "\\", UInt8(ascii: "N"): "\u{85}", Byte.underscore: "\u{A0}",
    UInt8(ascii: "L"): "\u{2028}",
    UInt8(ascii: "P"): "\u{2029}",
  ]
}
