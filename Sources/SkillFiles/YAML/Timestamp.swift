/// Dates and times as js-yaml 3.14 reads them (https://yaml.org/type/timestamp.html) and JavaScript's `Date.UTC` counts them.
enum Timestamp {
  /// Milliseconds since 1970-01-01T00:00:00Z, or nil if the text is neither `2001-12-14` nor a date with a time.
  ///
  /// Impossible dates roll over (the 32nd is the next month's 1st), and years below 100 are 19xx.
  static func milliseconds(_ text: [UInt8]) -> Int64? {
    var scanner = Scanner(text: text[...])
    guard let year = scanner.number(4...4), scanner.skip(Byte.dash), let month = scanner.number(1...2),
      scanner.skip(Byte.dash), let day = scanner.number(1...2)
    else { return nil }
    if scanner.text.isEmpty {
      guard text.count == 10 else { return nil }
      return utc(year, month, day)
    }

    if !scanner.skip(UInt8(ascii: "T")), !scanner.skip(UInt8(ascii: "t")) {
      guard scanner.skipBlanks() else { return nil }
    }
    guard let hour = scanner.number(1...2), scanner.skip(Byte.colon), let minute = scanner.number(2...2),
      scanner.skip(Byte.colon), let second = scanner.number(2...2)
    else { return nil }
    let fraction = scanner.skip(Byte.dot) ? scanner.milliseconds() : 0
    guard let offset = scanner.zone() else { return nil }
    return utc(year, month, day) + ((hour * 60 + minute) * 60 + second) * 1000 + fraction - offset
  }

  private static func utc(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let months = (year < 100 ? year + 1900 : year) * 12 + month - 1
    return (daysToFirst(year: months / 12, month: months % 12 + 1) + day - 1) * 86_400_000
  }

  /// Days from 1970-01-01 to the month's first, in the proleptic Gregorian calendar
  /// (https://howardhinnant.github.io/date_algorithms.html, days_from_civil); year ≥ 1.
  private static func daysToFirst(year: Int64, month: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private struct Scanner {
    var text: ArraySlice<UInt8>

    mutating func number(_ digits: ClosedRange<Int>) -> Int64? {
      var value: Int64 = 0
      var count = 0
      while count < digits.upperBound, let byte = text.first, byte.isDigit {
        value = value * 10 + Int64(byte - Byte.zero)
        count += 1
        text.removeFirst()
      }
      return digits.contains(count) ? value : nil
    }

    mutating func skip(_ byte: UInt8) -> Bool {
      guard text.first == byte else { return false }
      text.removeFirst()
      return true
    }

    mutating func skipBlanks() -> Bool {
      let blanks = text.prefix(while: \.isBlank).count
      text.removeFirst(blanks)
      return blanks > 0
    }

    /// The fraction's first three digits; the rest is dropped.
    mutating func milliseconds() -> Int64 {
      var value: Int64 = 0
      for place in 0..<3 {
        let digit = text.dropFirst(place).prefix(1).first.flatMap { $0.isDigit ? Int64($0 - Byte.zero) : nil }
        guard let digit, text.prefix(place).allSatisfy(\.isDigit) else {
          value *= 10
          continue
        }
        value = value * 10 + digit
      }
      text = text.drop(while: \.isDigit)
      return value
    }

    /// The zone's distance from UTC in milliseconds, up to the end; 0 where none is given.
    mutating func zone() -> Int64? {
      if text.isEmpty { return 0 }
      _ = skipBlanks()
      if skip(UInt8(ascii: "Z")) { return text.isEmpty ? 0 : nil }
      let isNegative = text.first == Byte.dash
      guard isNegative || text.first == Byte.plus else { return nil }
      text.removeFirst()
      guard let hours = number(1...2) else { return nil }
      var minutes: Int64 = 0
      if skip(Byte.colon) {
        guard let given = number(2...2) else { return nil }
        minutes = given
      }
      let distance = (hours * 60 + minutes) * 60_000
      return text.isEmpty ? (isNegative ? -distance : distance) : nil
    }
  }
}
