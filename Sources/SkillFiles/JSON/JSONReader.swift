/// Reads front matter under `---json` as JavaScript's `JSON.parse` does (RFC 8259): of equal keys the last one counts.
struct JSONReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private var depth = 0

  static func value(of bytes: [UInt8], in range: Range<Int>) throws(Failure) -> Value {
    var reader = JSONReader(bytes: bytes[range])
    reader.skipSpace()
    // Upstream doesn't hand an empty block to its parser.
    if reader.byte == nil { return .map([:]) }
    let value = try reader.value()
    reader.skipSpace()
    if reader.byte != nil { throw reader.failure("nothing may follow the JSON value") }
    return value
  }

  private init(bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  private var byte: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  private func failure(_ message: String) -> Failure { Failure(.syntax, at: position, message) }

  private mutating func skipSpace() {
    while let byte, byte.isSpace { position += 1 }
  }

  private mutating func skip(_ expected: UInt8) -> Bool {
    guard byte == expected else { return false }
    position += 1
    return true
  }

  private mutating func value() throws(Failure) -> Value {
    switch byte {
    case Byte.openBrace: return .map(try object())
    case Byte.openBracket: return .list(try array())
    case Byte.doubleQuote: return .string(try string())
    case Byte.dash, .some(Byte.zero...Byte.nine): return .number(try number())
    default:
      for (word, value) in [("true", Value.boolean(true)), ("false", .boolean(false)), ("null", .null)]
      where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw failure("a JSON value must stand here")
    }
  }

  private mutating func object() throws(Failure) -> Mapping {
    var mapping = Mapping()
    try collection(closing: Byte.closeBrace) { (reader) throws(Failure) in
      guard reader.byte == Byte.doubleQuote else {
        throw reader.failure("a key in double quotes must stand here")
      }
      let key = try reader.string()
      reader.skipSpace()
      guard reader.skip(Byte.colon) else { throw reader.failure("a `:` is missing here") }
      reader.skipSpace()
      mapping[key] = try reader.value()
    }
    return mapping
  }

  private mutating func array() throws(Failure) -> [Value] {
    var values: [Value] = []
    try collection(closing: Byte.closeBracket) { (reader) throws(Failure) in values.append(try reader.value())
    }
    return values
  }

  private mutating func collection(
    closing: UInt8, element: (inout JSONReader) throws(Failure) -> Void
  ) throws(Failure) {
    depth += 1
    if depth > YAMLReader.deepest {
      throw Failure(
        .limit, at: position, "lists and keys are nested more than \(YAMLReader.deepest) levels deep")
    }
    defer { depth -= 1 }
    position += 1
    skipSpace()
    if skip(closing) { return }
    repeat {
      skipSpace()
      try element(&self)
      skipSpace()
    } while skip(Byte.comma)
    guard skip(closing) else { throw failure("a comma or a closing bracket is missing here") }
  }

  private mutating func number() throws(Failure) -> Double {
    let start = position
    _ = skip(Byte.dash)
    let whole = digits()
    guard whole == 1 || whole > 1 && bytes[position - whole] != Byte.zero else {
      throw failure("a number must be written in decimal digits, without zeros in front")
    }
    if skip(Byte.dot), digits() == 0 { throw failure("digits must follow the dot") }
    if let byte, byte | 0x20 == UInt8(ascii: "e") {
      position += 1
      if !skip(Byte.plus) { _ = skip(Byte.dash) }
      if digits() == 0 { throw failure("digits must follow the `e`") }
    }
    guard let number = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      throw failure("this number can't be read")
    }
    return number
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte, byte.isDigit { position += 1 }
    return position - start
  }

  private mutating func string() throws(Failure) -> String {
    position += 1
    var result: [UInt8] = []
    while let byte {
      position += 1
      switch byte {
      case Byte.doubleQuote: return String(decoding: result, as: UTF8.self)
      case Byte.backslash: result.append(contentsOf: try escape().utf8)
      case ..<Byte.space:
        position -= 1
        throw failure("a control character must be written as an escape (`\\n`, `\\t`, `\\u…`)")
      default: result.append(byte)
      }
    }
    throw failure("the closing `\"` is missing")
  }

  private mutating func escape() throws(Failure) -> String {
    let escaped = byte
    position += 1
    switch escaped {
    case Byte.doubleQuote, Byte.backslash, UInt8(ascii: "/"):
      return String(decoding: [escaped ?? 0], as: UTF8.self)
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default:
      position -= 1
      throw failure("this escape doesn't exist in JSON")
    }
  }

  private mutating func unicodeEscape() throws(Failure) -> String {
    var code = try fourDigits()
    if code & 0xFC00 == 0xD800, bytes[position...].starts(with: "\\u".utf8) {
      position += 2
      let low = try fourDigits()
      if low & 0xFC00 == 0xDC00 { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
    }
    guard code != 0, let scalar = Unicode.Scalar(code) else {
      throw Failure(
        .encoding, at: position - 6, "this is a NUL or half of a surrogate pair: write a whole character")
    }
    return String(scalar)
  }

  private mutating func fourDigits() throws(Failure) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = byte?.hexadecimalValue else {
        throw failure("four hexadecimal digits must follow `\\u`")
      }
      code = code << 4 | digit
      position += 1
    }
    return code
  }
}
