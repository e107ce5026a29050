/// Reads what `git cat-file --batch` prints: `<object> SP <type> SP <size> LF <content> LF`.
struct BlobStream {
  private var buffer: [UInt8] = []
  private var start = 0
  /// Whether all that was appended was read.
  var isEmpty: Bool { start == buffer.count }

  mutating func append(_ piece: [UInt8]) {
    buffer.removeFirst(start)
    start = 0
    buffer += piece
  }

  /// The next content that is there as a whole.
  ///
  /// - Throws: ``GitError`` with the code `missingObject`; `corruptCache` for an object of another type, as nobody asks for one.
  mutating func next() throws -> [UInt8]? {
    guard let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let header = String(decoding: buffer[start..<end], as: UTF8.self).parts(between: " ")
    guard header.count == 3, header[1] == "blob", let size = Int(header[2]) else {
      throw GitError(
        header.count == 3 ? .corruptCache : .missingObject, command: "cat-file",
        "no blob: \(header.joined(separator: " ").printable)")
    }
    guard buffer.count > end + 1 + size else { return nil }
    start = end + 1 + size + 1
    return Array(buffer[(end + 1)..<(end + 1 + size)])
  }
}
