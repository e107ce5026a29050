/// Where the parts of a file are, as gray-matter 4.0.3 cuts them.
///
/// The block opens with `---` at the very start (after one byte order mark) unless a fourth dash follows, and closes
/// at the first line that *starts* with `---`, whatever follows there. Without a closing line all is front matter.
struct Fences: Equatable {
  enum Language: Equatable { case yaml, json }

  /// The front matter's bytes, without the line break before the closing fence; empty where there is none.
  var frontMatter: Range<Int>
  /// The offset of the closing fence's dashes; nil where the block isn't closed.
  var closing: Int?
  /// The bytes after the closing fence and one line break.
  var body: Range<Int>
  var language = Language.yaml
  /// Whether there is an opening fence.
  var opens: Bool
  /// Whether a block opens and nothing closes it.
  var isUnclosed: Bool { opens && closing == nil }
  /// Where the text begins: after the byte order mark, if there is one.
  var start: Int

  init(_ bytes: [UInt8]) throws(Failure) {
    start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let end = bytes.count
    let afterDashes = start + 3
    opens = Self.hasDashes(bytes, at: start) && (afterDashes == end || bytes[afterDashes] != Byte.dash)
    guard opens else {
      frontMatter = start..<start
      body = start..<end
      return
    }

    let lineFeed = bytes[afterDashes...].firstIndex(of: Byte.lineFeed)
    if lineFeed == nil, afterDashes < end {
      let hasCarriageReturn = bytes[afterDashes...].contains(Byte.carriageReturn)
      throw Failure(
        .syntax, at: afterDashes,
        hasCarriageReturn
          ? "the file's lines end with a carriage return alone: save it with LF or CRLF line ends"
          : "the opening `---` must stand on a line of its own")
    }

    var lineEnd = lineFeed ?? end
    if lineEnd > afterDashes, bytes[lineEnd - 1] == Byte.carriageReturn { lineEnd -= 1 }
    let name = String(decoding: bytes[afterDashes..<lineEnd], as: UTF8.self).trimmed()
    let content = name.isEmpty ? afterDashes : lineEnd

    closing = Self.closingFence(in: bytes, from: content)
    let contentEnd = closing.map { $0 - 1 } ?? end
    frontMatter = content..<contentEnd
    var bodyStart = closing.map { $0 + 3 } ?? end
    if bodyStart < end, bytes[bodyStart] == Byte.carriageReturn { bodyStart += 1 }
    if bodyStart < end, bytes[bodyStart] == Byte.lineFeed { bodyStart += 1 }
    body = bodyStart..<end
    language = try Self.language(named: name, at: afterDashes)
  }

  private static func hasDashes(_ bytes: [UInt8], at offset: Int) -> Bool {
    offset + 3 <= bytes.count && bytes[offset] == Byte.dash && bytes[offset + 1] == Byte.dash
      && bytes[offset + 2] == Byte.dash
  }

  private static func closingFence(in bytes: [UInt8], from start: Int) -> Int? {
    var index = start
    while index + 3 < bytes.count {
      if bytes[index] == Byte.lineFeed, hasDashes(bytes, at: index + 1) { return index + 1 }
      index += 1
    }
    return nil
  }

  private static func language(named name: String, at offset: Int) throws(Failure) -> Language {
    // Comparing a long text with many accents takes time in the square of their number, and nobody wants to read it.
    let isShort = name.utf8.count <= 40
    switch isShort ? name.lowercased() : "a long text" {
    case "", "yaml", "yml": return .yaml
    case "json" where name == "json": return .json
    case "js", "javascript":
      throw Failure(
        .language, at: offset,
        "JavaScript front matter is never run here: write it as YAML and leave nothing after the `---`")
    default:
      throw Failure(
        .language, at: offset,
        "\(isShort ? "`\(name)`" : "the text") after the opening `---` is taken for a language, and only YAML and JSON are read: "
          + "leave nothing after the `---`")
    }
  }
}
