/// A time span for people, as `12 s`, `5 min`, `3 h`, `8 days`.
func words(seconds: Int) -> String {
  switch seconds {
  case ..<60: "\(max(0, seconds)) s"
  case ..<3_600: "\(seconds / 60) min"
  case ..<172_800: "\(seconds / 3_600) h"
  default: "\(seconds / 86_400) days"
  }
}

/// The same, with tenths of a second where it is short, as `1.4 s`.
func words(seconds: Double) -> String {
  guard seconds < 10 else { return words(seconds: Int(min(seconds, 1e12))) }
  let tenths = Int((max(0, seconds) * 10).rounded())
  return "\(tenths / 10).\(tenths % 10) s"
}

/// As `1 skill` or `1,234 skills`.
func counted(_ count: Int, _ one: String, _ many: String) -> String {
  "\(grouped(count)) \(count == 1 ? one : many)"
}

/// As `1,234`.
func grouped(_ number: Int) -> String {
  let digits = Array(String(number))
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
    text.append(digit)
  }
  return text
}

/// `text` without what is over `most` scalars, and how much that is.
func cut(_ text: String, to most: Int) -> String {
  let scalars = text.unicodeScalars
  guard text.utf8.count > most,
    let end = scalars.index(scalars.startIndex, offsetBy: most, limitedBy: scalars.endIndex),
    end < scalars.endIndex
  else { return text }
  return "\(String(scalars[..<end]))… and \(grouped(scalars[end...].count)) more characters"
}
