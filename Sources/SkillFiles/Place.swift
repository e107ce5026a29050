/// A line and a column, both from 1; a line ends with LF, CRLF or a CR alone, as js-yaml counts.
///
/// The file's first line, which is the opening fence, is line 1; columns count Unicode scalars.
public struct Place: Equatable, Sendable {
  /// The line, from 1.
  public private(set) var line = 1
  /// The column on it, from 1, in Unicode scalars.
  public private(set) var column = 1

  /// The beginning of a file.
  public init() {}

  init(of offset: Int, in bytes: [UInt8]) {
    for index in 0..<Swift.min(offset, bytes.count) {
      let byte = bytes[index]
      let endsLine =
        byte == Byte.lineFeed
        || (byte == Byte.carriageReturn
          && (index + 1 == bytes.count || bytes[index + 1] != Byte.lineFeed))
      if endsLine {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
  }
}

/// Where the front matter of a file sets one of `keys`, the first that is found; the beginning of the front matter,
/// or of a file without any, if none is.
public func place(ofAnyOf keys: [String], in bytes: [UInt8]) -> Place {
  guard let file = try? ParsedFile(bytes) else { return Place() }
  if case .map(let pairs, _)? = file.root?.content {
    for key in keys {
      guard let pair = pairs.first(where: { Construction.plainKey($0.key)?.hasSameBytes(as: key) == true })
      else { continue }
      return Place(of: pair.key.range.lowerBound, in: bytes)
    }
  }
  return Place(of: file.root?.range.lowerBound ?? file.fences.frontMatter.lowerBound, in: bytes)
}
