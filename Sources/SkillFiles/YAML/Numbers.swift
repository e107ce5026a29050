/// Numbers as js-yaml 3.14 reads them: YAML 1.1's forms (https://yaml.org/type/int.html, float.html) with its exceptions.
enum Numbers {
  /// The value of an integer (decimal, `0b`, `0x`, `0…` octal, sexagesimal, with underscores), or nil.
  static func integer(_ text: [UInt8]) -> Double? {
    var digits = text[...]
    let isNegative = digits.first == Byte.dash
    if isNegative || digits.first == Byte.plus { digits.removeFirst() }
    guard let first = digits.first, first != Byte.underscore, digits.last != Byte.underscore else {
      return nil
    }
    let magnitude: Double?
    if first == Byte.zero {
      magnitude = prefixed(digits)
    } else if digits.contains(Byte.colon) {
      magnitude = sexagesimal(digits)
    } else {
      magnitude = decimal(digits)
    }
    return magnitude.map { isNegative && $0 != 0 ? -$0 : $0 }
  }

  /// The value of a number with a fraction or an exponent, of `.inf` or `.nan`, or nil.
  static func float(_ text: [UInt8]) -> Double? {
    guard text.last != Byte.underscore else { return nil }
    var rest = text[...]
    let sign = rest.first.flatMap { $0 == Byte.dash || $0 == Byte.plus ? $0 : nil }
    if sign != nil { rest.removeFirst() }
    let magnitude: Double?
    switch String(decoding: rest.prefix(5), as: UTF8.self) {
    case ".inf", ".Inf", ".INF": magnitude = .infinity
    case ".nan", ".NaN", ".NAN": return sign == nil ? .nan : nil
    default:
      if rest.first == Byte.dot {
        magnitude = sign == nil ? fraction(rest) : nil
      } else if rest.contains(Byte.colon) {
        magnitude = sexagesimalFraction(rest)
      } else {
        magnitude = ordinary(rest)
      }
    }
    return magnitude.map { sign == Byte.dash ? -$0 : $0 }
  }

  private static func prefixed(_ digits: ArraySlice<UInt8>) -> Double? {
    let rest = digits.dropFirst()
    guard let mark = rest.first else { return 0 }
    switch mark {
    case UInt8(ascii: "b"): return powerOfTwo(rest.dropFirst(), bits: 1)
    case UInt8(ascii: "x"): return powerOfTwo(rest.dropFirst(), bits: 4)
    default: return powerOfTwo(rest, bits: 3)
    }
  }

  /// The value of digits of 1, 3 or 4 bits each; rounded once, as a double is, however many there are.
  private static func powerOfTwo(_ digits: ArraySlice<UInt8>, bits: Int) -> Double? {
    var binary: [UInt32] = []
    for byte in digits where byte != Byte.underscore {
      guard let digit = byte.hexadecimalValue, digit < 1 << bits else { return nil }
      for bit in (0..<bits).reversed() { binary.append(digit >> UInt32(bit) & 1) }
    }
    guard !binary.isEmpty else { return nil }
    binary.insert(contentsOf: repeatElement(0, count: (4 - binary.count % 4) % 4), at: 0)
    var hexadecimal = "0x"
    for start in stride(from: 0, to: binary.count, by: 4) {
      let digit = binary[start..<start + 4].reduce(0) { $0 << 1 | $1 }
      hexadecimal += String(digit, radix: 16)
    }
    return Double(hexadecimal + "p0")
  }

  private static func decimal(_ digits: ArraySlice<UInt8>) -> Double? {
    let plain = digits.filter { $0 != Byte.underscore }
    guard !plain.isEmpty, plain.allSatisfy(\.isDigit) else { return nil }
    return Double(String(decoding: plain, as: UTF8.self))
  }

  /// `190:20:30`: each part after the first is 0 to 59.
  private static func sexagesimal(_ digits: ArraySlice<UInt8>) -> Double? {
    let parts = digits.split(separator: Byte.colon, omittingEmptySubsequences: false)
    guard let first = parts.first, let most = decimal(first) else { return nil }
    var values = [most]
    for part in parts.dropFirst() {
      guard let value = sixtieth(part) else { return nil }
      values.append(value)
    }
    return sum(values)
  }

  /// Adds from the least part on, as js-yaml does: with fractions the order shows in the last bit.
  private static func sum(_ parts: [Double]) -> Double {
    var sum = 0.0
    var base = 1.0
    for part in parts.reversed() {
      sum += part * base
      base *= 60
    }
    return sum
  }

  private static func sixtieth(_ part: ArraySlice<UInt8>) -> Double? {
    guard (1...2).contains(part.count), part.allSatisfy(\.isDigit), let value = decimal(part), value < 60
    else {
      return nil
    }
    return value
  }

  /// `20:59.5`; the fraction may be empty, the dot may not be missing.
  private static func sexagesimalFraction(_ text: ArraySlice<UInt8>) -> Double? {
    guard let dot = text.firstIndex(of: Byte.dot) else { return nil }
    let parts = text[..<dot].split(separator: Byte.colon, omittingEmptySubsequences: false)
    guard parts.count > 1, let first = parts.first, first.first?.isDigit == true, let most = decimal(first),
      let last = parts.last, sixtieth(last) != nil, let least = withFraction(last, text[(dot + 1)...])
    else { return nil }
    var values = [most]
    for part in parts.dropFirst().dropLast() {
      guard let value = sixtieth(part) else { return nil }
      values.append(value)
    }
    return sum(values + [least])
  }

  /// `.5`, `.5e3`; with underscores only it is no number to JavaScript.
  private static func fraction(_ text: ArraySlice<UInt8>) -> Double? {
    let (mantissa, exponent) = cut(text.dropFirst())
    guard !mantissa.isEmpty, let exponent, let digits = fractionDigits(mantissa) else { return nil }
    return digits.isEmpty ? .nan : Double("0.\(digits)\(exponent)")
  }

  /// `2.5e4`, `2.5`, `2.`, `2e4`, and integers; a leading zero must stand alone.
  private static func ordinary(_ text: ArraySlice<UInt8>) -> Double? {
    let (mantissa, exponent) = cut(text)
    guard let exponent, mantissa.first?.isDigit == true else { return nil }
    let dot = mantissa.firstIndex(of: Byte.dot) ?? mantissa.endIndex
    let whole = mantissa[..<dot]
    if whole.first == Byte.zero, whole.count > 1 { return nil }
    guard decimal(whole) != nil, let digits = fractionDigits(mantissa[dot...].dropFirst()) else { return nil }
    let number = String(decoding: whole.filter { $0 != Byte.underscore }, as: UTF8.self)
    return Double(number + (digits.isEmpty ? "" : ".\(digits)") + exponent)
  }

  private static func withFraction(_ whole: ArraySlice<UInt8>, _ fraction: ArraySlice<UInt8>) -> Double? {
    guard let digits = fractionDigits(fraction) else { return nil }
    return Double(String(decoding: whole, as: UTF8.self) + (digits.isEmpty ? "" : ".\(digits)"))
  }

  /// The digits without underscores, or nil if there is anything else.
  private static func fractionDigits(_ text: ArraySlice<UInt8>) -> String? {
    let digits = text.filter { $0 != Byte.underscore }
    return digits.allSatisfy(\.isDigit) ? String(decoding: digits, as: UTF8.self) : nil
  }

  /// The text before the `e`, and the exponent with its `e` ("" if there is none, nil if it is malformed).
  private static func cut(_ text: ArraySlice<UInt8>) -> (mantissa: ArraySlice<UInt8>, exponent: String?) {
    guard let mark = text.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return (text, "") }
    var digits = text[(mark + 1)...]
    let isNegative = digits.first == Byte.dash
    if isNegative || digits.first == Byte.plus { digits.removeFirst() }
    guard !digits.isEmpty, digits.allSatisfy(\.isDigit) else { return (text[..<mark], nil) }
    return (text[..<mark], "e" + (isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self))
  }
}
