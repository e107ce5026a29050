/// The file's bytes seen as lines, for an editor that adds and removes whole ones.
struct Lines {
  let bytes: [UInt8]
  /// The line end of the file's first line; LF for a file of one line.
  let newline: String

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    let first = bytes.firstIndex(of: Byte.lineFeed)
    newline = first.map { $0 > 0 && bytes[$0 - 1] == Byte.carriageReturn } == true ? "\r\n" : "\n"
  }

  /// Where the line's break begins, or the file's end.
  func end(of offset: Int) -> Int {
    bytes[offset...].firstIndex { $0.isLineBreak } ?? bytes.count
  }

  /// Where the line after the one at `offset` begins, or the file's end.
  func afterBreak(of offset: Int) -> Int {
    let end = end(of: offset)
    if end == bytes.count { return end }
    let isPair = bytes[end] == Byte.carriageReturn && end + 1 < bytes.count && bytes[end + 1] == Byte.lineFeed
    return end + (isPair ? 2 : 1)
  }

  /// The line end of what stands at `column` and ends at `offset`, with the comments under it that are indented deeper.
  func end(of offset: Int, at column: Int) -> Int {
    var end = end(of: offset)
    while end < bytes.count {
      let next = afterBreak(of: end)
      let ink = bytes[next...].firstIndex { $0 != Byte.space } ?? bytes.count
      guard ink < bytes.count, bytes[ink] == Byte.hash, ink - next > column else { break }
      end = self.end(of: ink)
    }
    return end
  }

  func start(of offset: Int) -> Int {
    bytes[..<offset].lastIndex { $0.isLineBreak }.map { $0 + 1 } ?? 0
  }

  func column(of offset: Int) -> Int { offset - start(of: offset) }

  /// Where something other than a blank first stands on the line.
  func firstInk(of offset: Int) -> Int {
    bytes[start(of: offset)...].firstIndex { !$0.isBlank } ?? bytes.count
  }

  /// Whether nothing but blanks stands before the offset on its line.
  func isFirstInk(_ offset: Int) -> Bool { firstInk(of: offset) >= offset }

  func joined(_ lines: [String]) -> String { lines.joined(separator: newline) }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
