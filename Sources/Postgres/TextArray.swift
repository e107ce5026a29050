// PostgreSQL's text form of arrays: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO

/// The array literal of `elements`: each quoted, so that braces, commas and the word NULL are only text.
public func textArrayLiteral(_ elements: [String?]) -> String {
  var literal: [UInt8] = [UInt8(ascii: "{")]
  for (position, element) in elements.enumerated() {
    if position > 0 { literal.append(UInt8(ascii: ",")) }
    guard let element else {
      literal += Array("NULL".utf8)
      continue
    }
    literal.append(UInt8(ascii: "\""))
    for byte in element.utf8 {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { literal.append(UInt8(ascii: "\\")) }
      literal.append(byte)
    }
    literal.append(UInt8(ascii: "\""))
  }
  literal.append(UInt8(ascii: "}"))
  return String(decoding: literal, as: UTF8.self)
}

/// The elements of a one-dimensional array as the server prints it, `nil` if `text` isn't one.
///
/// Bounds that don't start at 1 (`[0:2]={…}`) are read and dropped.
func parseTextArray(_ text: String) -> [String?]? {
  var reader = TextArrayReader(rest: Array(text.utf8)[...])
  return reader.array()
}

private struct TextArrayReader {
  var rest: ArraySlice<UInt8>

  mutating func array() -> [String?]? {
    if rest.first == UInt8(ascii: "[") {
      guard bounds() else { return nil }
    }
    guard take("{") else { return nil }
    var elements: [String?] = []
    if take("}") { return rest.isEmpty ? elements : nil }
    repeat {
      guard element(&elements) else { return nil }
    } while take(",")
    return take("}") && rest.isEmpty ? elements : nil
  }

  // [lower:upper]=, each a number of any length and sign.
  private mutating func bounds() -> Bool {
    guard take("["), number(), take(":"), number(), take("]") else { return false }
    return take("=")
  }

  private mutating func number() -> Bool {
    _ = take("-")
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest.dropFirst(digits.count)
    return !digits.isEmpty
  }

  private mutating func element(_ elements: inout [String?]) -> Bool {
    if take("\"") {
      guard let text = quoted() else { return false }
      elements.append(text)
      return true
    }
    // Bare words stop at what only means itself in quotes; "{" begins a second dimension.
    let ends = Array(",{}\"\\".utf8)
    let word = rest.prefix { !ends.contains($0) }
    rest = rest.dropFirst(word.count)
    let text = String(decoding: word, as: UTF8.self)
    elements.append(text == "NULL" ? nil : text)
    return !word.isEmpty
  }

  private mutating func quoted() -> String? {
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let escaped = rest.popFirst() else { return nil }
        bytes.append(escaped)
      default: bytes.append(byte)
      }
    }
    return nil
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }
}
