/// Reads the YAML that js-yaml 3.14 reads, the way it reads it, into nodes with byte ranges.
///
/// It follows js-yaml's own descent step by step, since what that takes and refuses is wider and narrower than
/// YAML 1.2 (https://yaml.org/spec/1.2.2/) in many small places, and files must read the same on both sides.
struct YAMLReader {
  /// How deeply lists and maps may be nested.
  static let deepest = 100

  /// The file up to the front matter's end, a line break, and a NUL as the end mark.
  let bytes: [UInt8]
  var position: Int
  /// Counts line breaks, to see whether one was passed.
  var line = 0
  var lineStart: Int
  /// The spaces at the beginning of the current line.
  var lineIndent = 0
  var depth = 0
  /// Where the scalar, alias or flow collection that was read last ended: blanks and lines after it may be passed already.
  var contentEnd = 0

  /// The root node of the front matter at `range`; nil where there is nothing but white space and comments.
  static func root(of bytes: [UInt8], in range: Range<Int>) throws(Failure) -> Node? {
    var text = Array(bytes[..<range.upperBound])
    if range.isEmpty || text.last?.isLineBreak == false { text.append(Byte.lineFeed) }
    text.append(0)
    var reader = YAMLReader(bytes: text, position: range.lowerBound, lineStart: range.lowerBound)
    return try reader.document()
  }

  private init(bytes: [UInt8], position: Int, lineStart: Int) {
    self.bytes = bytes
    self.position = position
    self.lineStart = lineStart
  }

  /// The byte at the position; 0 at the end.
  var byte: UInt8 { bytes[position] }
  /// The byte after it; 0 at the end.
  var next: UInt8 { position + 1 < bytes.count ? bytes[position + 1] : 0 }
  var isAtEnd: Bool { byte == 0 }

  func failure(_ message: String, at offset: Int? = nil) -> Failure {
    Failure(.syntax, at: offset ?? position, message)
  }

  private mutating func document() throws(Failure) -> Node? {
    while byte == Byte.space {
      lineIndent += 1
      position += 1
    }
    skipSeparation()
    if lineIndent == 0, byte == Byte.percent {
      throw failure(
        "directives (`%…`) can't be used in front matter: put the text in quotes if it is a value")
    }
    let root = try node(parentIndent: lineIndent - 1, context: .blockOut, seek: false, compact: true)
    skipSeparation()
    if isAtDocumentMark {
      position += 3
      skipSeparation()
      if !isAtEnd { throw failure("nothing may follow the line `...` within the front matter") }
    }
    if !isAtEnd {
      let startsNoText = [Byte.percent, UInt8(ascii: "@"), UInt8(ascii: "`")].contains(byte)
      throw failure(
        startsNoText
          ? "a text can't begin with `\(Character(Unicode.Scalar(byte)))`: put it in quotes"
          : "the front matter can't be read from here on: check the indentation and the quotes")
    }
    return root
  }

  /// Skips white space, line breaks and comments; returns how many lines were ended.
  @discardableResult
  mutating func skipSeparation(comments: Bool = true) -> Int {
    var lines = 0
    while true {
      while byte.isBlank { position += 1 }
      if comments, byte == Byte.hash { skipToLineEnd() }
      guard byte.isLineBreak else { return lines }
      skipLineBreak()
      lines += 1
      lineIndent = 0
      while byte == Byte.space {
        lineIndent += 1
        position += 1
      }
    }
  }

  mutating func skipToLineEnd() {
    while !byte.isLineBreak, !isAtEnd { position += 1 }
  }

  /// Skips LF, CRLF or CR; only called at one of them.
  mutating func skipLineBreak() {
    position += byte == Byte.carriageReturn && next == Byte.lineFeed ? 2 : 1
    line += 1
    lineStart = position
  }

  /// Whether a line with `...` (or `---`) begins here.
  var isAtDocumentMark: Bool {
    guard position == lineStart, byte == Byte.dot || byte == Byte.dash else { return false }
    guard next == byte, position + 2 < bytes.count, bytes[position + 2] == byte else { return false }
    let after = bytes[position + 3]
    return after == 0 || after.isSpace
  }
}
