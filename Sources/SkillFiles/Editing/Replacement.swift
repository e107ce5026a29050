/// A range of the file's bytes, and the text that takes its place.
struct Replacement: Equatable {
  var range: Range<Int>
  var text: String

  /// The bytes with all replacements made; nil if they overlap.
  ///
  /// Those at one offset keep their order, insertions first.
  static func apply(_ replacements: [Replacement], to bytes: [UInt8]) -> [UInt8]? {
    let sorted = replacements.enumerated().sorted { one, other in
      let (a, b) = (one.element.range, other.element.range)
      if a.lowerBound != b.lowerBound { return a.lowerBound < b.lowerBound }
      if a.isEmpty != b.isEmpty { return a.isEmpty }
      return one.offset < other.offset
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 256)
    var cursor = 0
    for (_, replacement) in sorted {
      guard replacement.range.lowerBound >= cursor, replacement.range.upperBound <= bytes.count else {
        return nil
      }
      result.append(contentsOf: bytes[cursor..<replacement.range.lowerBound])
      result.append(contentsOf: replacement.text.utf8)
      cursor = replacement.range.upperBound
    }
    result.append(contentsOf: bytes[cursor...])
    return result
  }
}
