/// A number as JavaScript's `String(number)` writes it.
public func numberText(_ number: Double) -> String { NumberText.javaScript(number) }

/// Numbers as text, as JavaScript and js-yaml write them.
enum NumberText {
  /// What JavaScript's `String(number)` gives (ECMA-262, Number::toString): the shortest digits that read back.
  static func javaScript(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    if number == 0 { return "0" }
    if number < 0 { return "-" + javaScript(-number) }

    let (digits, point) = shortest(number)
    let count = digits.utf8.count
    switch point {
    case count...21 where count <= 21: return digits + String(repeating: "0", count: point - count)
    case 1..<Swift.max(count, 1) where point <= 21:
      return digits.prefix(point) + "." + digits.dropFirst(point)
    case -5...0: return "0." + String(repeating: "0", count: -point) + digits
    default:
      let exponent = point - 1
      let mantissa = count == 1 ? digits : digits.prefix(1) + "." + digits.dropFirst()
      return mantissa + (exponent < 0 ? "e-" : "e+") + String(exponent.magnitude)
    }
  }

  /// What js-yaml 3.14's dumper writes; reads back as the same number.
  static func yaml(_ number: Double) -> String {
    if number.isNaN { return ".nan" }
    if number.isInfinite { return number < 0 ? "-.inf" : ".inf" }
    if number == 0 { return number.sign == .minus ? "-0.0" : "0" }
    let text = javaScript(number)
    // YAML 1.1's floats need a dot.
    guard number.rounded() != number, !text.contains("."), let mark = text.firstIndex(of: "e") else {
      return text
    }
    return text[..<mark] + "." + text[mark...]
  }

  /// The shortest digits without zeros at either end, and where the decimal point is: 0.digits × 10^point.
  private static func shortest(_ number: Double) -> (digits: String, point: Int) {
    let parts = number.description.split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let mantissa = (parts.first ?? "0").split(separator: ".", omittingEmptySubsequences: false)
    let whole = String(mantissa.first ?? "")
    let all = whole + (mantissa.count > 1 ? String(mantissa[1]) : "")
    let withoutLeading = all.drop { $0 == "0" }
    var digits = String(withoutLeading)
    while digits.hasSuffix("0") { digits.removeLast() }
    return (digits, whole.count + exponent - (all.count - withoutLeading.count))
  }
}
