extension YAMLReader {
  /// Reads a plain scalar of one or more lines; nil if none can begin here.
  mutating func plain(indent: Int, inFlow: Bool) throws(Failure) -> Node.Content? {
    guard canBeginPlain(inFlow: inFlow) else { return nil }
    var result: [UInt8] = []
    var start = position
    var end = position
    var fold: Int?
    while !isAtEnd {
      if byte == Byte.colon {
        if next.isSpace || inFlow && next.isFlowIndicator { break }
      } else if byte == Byte.hash {
        if bytes[position - 1].isSpace { break }
      } else if isAtDocumentMark || inFlow && byte.isFlowIndicator {
        break
      } else if byte.isLineBreak {
        let before = (line: line, lineStart: lineStart, lineIndent: lineIndent)
        skipSeparation(comments: false)
        if lineIndent >= indent {
          fold = line - before.line
          continue
        }
        (line, lineStart, lineIndent) = before
        position = end
        break
      }
      if let lines = fold {
        try capture(start..<end, into: &result)
        Self.appendFolded(lines, to: &result)
        start = position
        end = position
        fold = nil
      }
      if !byte.isBlank { end = position + 1 }
      position += 1
    }
    try capture(start..<end, into: &result)
    if result.isEmpty { return nil }
    contentEnd = end
    return .scalar(String(decoding: result, as: UTF8.self), .plain)
  }

  private func canBeginPlain(inFlow: Bool) -> Bool {
    switch byte {
    case 0, Byte.space, Byte.tab, Byte.lineFeed, Byte.carriageReturn, Byte.comma, Byte.openBracket,
      Byte.closeBracket, Byte.openBrace, Byte.closeBrace, Byte.hash, Byte.ampersand, Byte.asterisk,
      Byte.exclamation, Byte.bar, Byte.greater, Byte.singleQuote, Byte.doubleQuote, Byte.percent, Byte.at,
      Byte.backtick:
      false
    case Byte.question, Byte.dash:
      !(next.isSpace || inFlow && next.isFlowIndicator)
    default: true
    }
  }

  /// Reads a single-quoted scalar; nil if there is no quote here.
  mutating func singleQuoted() throws(Failure) -> Node.Content? {
    guard byte == Byte.singleQuote else { return nil }
    let opening = position
    var result: [UInt8] = []
    position += 1
    var start = position
    while !isAtEnd {
      if byte == Byte.singleQuote {
        try captureQuoted(start..<position, into: &result)
        position += 1
        guard byte == Byte.singleQuote else {
          contentEnd = position
          return .scalar(String(decoding: result, as: UTF8.self), .single)
        }
        start = position
        position += 1
      } else {
        try stepInQuotes(from: &start, into: &result)
      }
    }
    throw failure("the closing `'` for this is missing", at: opening)
  }

  /// Reads a double-quoted scalar; nil if there is no quote here.
  mutating func doubleQuoted() throws(Failure) -> Node.Content? {
    guard byte == Byte.doubleQuote else { return nil }
    let opening = position
    var result: [UInt8] = []
    position += 1
    var start = position
    while !isAtEnd {
      if byte == Byte.doubleQuote {
        try captureQuoted(start..<position, into: &result)
        position += 1
        contentEnd = position
        return .scalar(String(decoding: result, as: UTF8.self), .double)
      }
      if byte == Byte.backslash {
        try captureQuoted(start..<position, into: &result)
        position += 1
        if byte.isLineBreak {
          skipSeparation(comments: false)
        } else {
          result.append(contentsOf: try readEscape().utf8)
        }
        start = position
      } else {
        try stepInQuotes(from: &start, into: &result)
      }
    }
    throw failure("the closing `\"` for this is missing", at: opening)
  }

  /// Passes a character or a fold within quotes; what waits to be captured begins at `start`.
  ///
  /// Unlike YAML 1.2, js-yaml keeps the blanks at a folded line's end.
  private mutating func stepInQuotes(from start: inout Int, into result: inout [UInt8]) throws(Failure) {
    if byte.isLineBreak {
      try captureQuoted(start..<position, into: &result)
      Self.appendFolded(skipSeparation(comments: false), to: &result)
      start = position
    } else if isAtDocumentMark {
      throw failure("a line with `...` can't stand within quotes")
    } else {
      position += 1
    }
  }

  /// One line break within a scalar is a space, more are one less.
  static func appendFolded(_ lines: Int, to result: inout [UInt8]) {
    if lines == 1 {
      result.append(Byte.space)
    } else if lines > 1 {
      result.append(contentsOf: repeatElement(Byte.lineFeed, count: lines - 1))
    }
  }
}
