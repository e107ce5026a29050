import Cryptography

/// The SHA-1 name of a git object: 20 bytes, kept without an allocation because a directory has thousands.
///
/// Repositories in the SHA-256 format aren't served: GitHub has none.
public struct ObjectID: Hashable, Sendable, CustomStringConvertible {
  private let high: UInt64
  private let middle: UInt64
  private let low: UInt32

  /// The object named by 40 hexadecimal digits; nil for anything else, abbreviations too.
  public init?(_ hexadecimal: some StringProtocol) {
    let digits = Array(hexadecimal.utf8)
    guard digits.count == 40, let high = number(digits[0..<16]), let middle = number(digits[16..<32]),
      let low = number(digits[32..<40])
    else { return nil }
    self.high = high
    self.middle = middle
    self.low = UInt32(low)
  }

  /// The name that git gives a file's content (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects).
  public static func blobID(of content: [UInt8]) -> ObjectID {
    ObjectID(digest: sha1(Array("blob \(content.count)\0".utf8) + content))
  }

  private init(digest: [UInt8]) {
    high = digest[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
    middle = digest[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
    low = digest[16..<20].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// 40 lower-case hexadecimal digits.
  public var description: String {
    String(unsafeUninitializedCapacity: 40) { digits in
      for position in 0..<16 {
        digits[position] = digit(high >> (60 - 4 * UInt64(position)))
        digits[16 + position] = digit(middle >> (60 - 4 * UInt64(position)))
      }
      for position in 0..<8 { digits[32 + position] = digit(UInt64(low) >> (28 - 4 * UInt64(position))) }
      return 40
    }
  }
}

private func digit(_ bits: UInt64) -> UInt8 {
  let value = UInt8(bits & 15)
  return value < 10 ? value + UInt8(ascii: "0") : value - 10 + UInt8(ascii: "a")
}

private func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
  var result: UInt64 = 0
  for digit in digits {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): result = result << 4 | UInt64(digit - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): result = result << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): result = result << 4 | UInt64(digit - UInt8(ascii: "A") + 10)
    default: return nil
    }
  }
  return result
}
