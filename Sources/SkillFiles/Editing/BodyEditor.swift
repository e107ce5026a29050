/// Replaces the body's text and keeps the white space around it.
struct BodyEditor {
  var lines: Lines
  var fences: Fences
  /// Whether a fence that is added leaves the line break before it to a text that keeps it (`|+`).
  var keepsLastBreak = false

  /// What makes `text` the body; nothing where it is the body already.
  func replacements(for text: String) -> [Replacement] {
    let old = lines.text(fences.body)
    if Self.areEqual(old, text) { return [] }
    let new = withFileLineEnds(text.trimmed(), old: old)
    let newline = lines.newline

    if fences.opens, fences.closing == nil {
      // A fence closes after a line feed only.
      let separator = lines.bytes.last == Byte.lineFeed && !keepsLastBreak ? "" : newline
      return [Replacement(range: fences.body, text: separator + "---" + newline + new + newline)]
    }
    let text = textRange(in: old)
    if !text.isEmpty { return guarded(new, at: text) }

    // A body of white space: its last line break stays behind the text.
    let space = lines.bytes[fences.body]
    guard let lastBreak = space.lastIndex(of: Byte.lineFeed) else {
      return guarded(
        startOfLine(fences.body.upperBound) + new + newline,
        at: fences.body.upperBound..<fences.body.upperBound)
    }
    let isPair = lastBreak > space.startIndex && space[lastBreak - 1] == Byte.carriageReturn
    let place = isPair ? lastBreak - 1 : lastBreak
    return guarded(startOfLine(place) + new, at: place..<place)
  }

  /// Whether both bodies are the same but for white space at the ends and for line ends.
  static func areEqual(_ one: String, _ other: String) -> Bool {
    withLineFeeds(one.trimmed()).hasSameBytes(as: withLineFeeds(other.trimmed()))
  }

  private static func withLineFeeds(_ text: String) -> String { text.replacing("\r\n", with: "\n") }

  /// The replacement; with an empty front matter in front where the text would be taken for one.
  private func guarded(_ text: String, at range: Range<Int>) -> [Replacement] {
    var replacements = [Replacement(range: range, text: text)]
    if !fences.opens, range.lowerBound == fences.start, text.hasPrefix("---") {
      let newline = lines.newline
      let fence = Replacement(range: fences.start..<fences.start, text: "---" + newline + "---" + newline)
      replacements.insert(fence, at: 0)
    }
    return replacements
  }

  private func startOfLine(_ offset: Int) -> String {
    offset == fences.start || lines.bytes[offset - 1].isLineBreak ? "" : lines.newline
  }

  /// The bytes between the white space at either end.
  private func textRange(in body: String) -> Range<Int> {
    let leading = body.unicodeScalars.prefix(while: \.isTrimmed).reduce(0) { $0 + UTF8.width($1) }
    let start = fences.body.lowerBound + leading
    return start..<start + body.trimmed().utf8.count
  }

  /// The text with the line ends that the body has, or the file where the body has none.
  ///
  /// Where they are mixed, a line that stays keeps its own, and another takes that of the line in its place or before it.
  /// A line whose text ends with a carriage return needs CRLF: with LF that would be its line end.
  private func withFileLineEnds(_ text: String, old: String) -> String {
    let text = Self.withLineFeeds(text)
    let oldLines = Self.withLineFeeds(old.trimmed()).linesOfScalars()
    let ends = lineEnds(of: oldLines.count)
    if ends.allSatisfy({ $0 == ends.first }) {
      return ends.first == "\n"
        ? text.replacing("\r\n", with: "\r\r\n") : text.replacing("\n", with: "\r\n")
    }

    let newLines = text.linesOfScalars()
    var newEnds: [String] = []
    for step in Alignment.steps(from: oldLines.map(Value.text), to: newLines.map(Value.text)) {
      switch step {
      case .keep(let old, _), .change(let old, _): newEnds.append(ends[old])
      case .insert: newEnds.append(newEnds.last ?? ends.first ?? lines.newline)
      case .remove: break
      }
    }
    return zip(newLines, newEnds.dropLast() + [""]).map { line, end in
      String(line) + (line.last == "\r" && !end.isEmpty ? "\r\n" : end)
    }.joined()
  }

  /// The ends of the body's first lines of text; that of a last line without one is the file's.
  private func lineEnds(of count: Int) -> [String] {
    let text = lines.bytes[textRange(in: lines.text(fences.body)).lowerBound..<fences.body.upperBound]
    let all = text.split(separator: Byte.lineFeed, maxSplits: count, omittingEmptySubsequences: false)
    let ends = all.dropLast().map { $0.last == Byte.carriageReturn ? "\r\n" : "\n" }
    return ends.count < count ? ends + [ends.last ?? lines.newline] : ends
  }
}

extension Value {
  fileprivate static func text(_ line: Substring.UnicodeScalarView) -> Value { .string(String(line)) }
}

extension String {
  /// Replaces byte by byte: as a `Character`, CRLF is one and holds no line feed.
  fileprivate func replacing(_ pattern: String, with replacement: String) -> String {
    let bytes = Array(utf8)
    let searched = Array(pattern.utf8)
    guard bytes.count >= searched.count else { return self }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == searched[0], bytes[index...].starts(with: searched) {
        result.append(contentsOf: replacement.utf8)
        index += searched.count
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
