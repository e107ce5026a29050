extension YAMLReader {
  private enum Chomping { case clip, strip, keep }

  private struct BlockHeader {
    var chomping = Chomping.clip
    /// The indentation that the header asks for, relative to the parent's; nil if the first line decides.
    var indentation: Int?
  }

  /// Reads a literal (`|`) or folded (`>`) scalar; nil if neither is here.
  mutating func blockScalar(indent: Int) throws(Failure) -> Node.Content? {
    guard byte == Byte.bar || byte == Byte.greater else { return nil }
    let folds = byte == Byte.greater
    let header = try blockHeader()
    var textIndent = indent + (header.indentation.map { $0 - 1 } ?? 0)
    var isDetected = header.indentation != nil
    var result: [UInt8] = []
    var hasText = false
    var emptyLines = 0
    var wasDeeper = false
    contentEnd = position
    if byte.isBlank { skipBlanksAndComment() }

    while !isAtEnd {
      guard byte.isLineBreak else { throw failure("only a comment may follow the `|` or `>` on its line") }
      let previousEnd = position
      skipLineBreak()
      lineIndent = 0
      while !isDetected || lineIndent < textIndent, byte == Byte.space {
        lineIndent += 1
        position += 1
      }
      if !isDetected, lineIndent > textIndent { textIndent = lineIndent }
      if byte.isLineBreak {
        emptyLines += 1
        continue
      }
      if lineIndent < textIndent {
        let breaks: Int
        switch header.chomping {
        case .keep:
          breaks = hasText ? 1 + emptyLines : emptyLines
          contentEnd = previousEnd
        case .clip: breaks = hasText ? 1 : 0
        case .strip: breaks = 0
        }
        result.append(contentsOf: repeatElement(Byte.lineFeed, count: breaks))
        break
      }

      let isDeeper = folds && byte.isBlank
      var breaks = hasText ? 1 + emptyLines : emptyLines
      if folds, !isDeeper {
        if wasDeeper {
          breaks = emptyLines + 1
        } else if emptyLines == 0 {
          breaks = 0
          if hasText { result.append(Byte.space) }
        } else {
          breaks = emptyLines
        }
      }
      result.append(contentsOf: repeatElement(Byte.lineFeed, count: breaks))
      wasDeeper = isDeeper
      hasText = true
      isDetected = true
      emptyLines = 0
      let start = position
      skipToLineEnd()
      try capture(start..<position, into: &result)
      contentEnd = position
    }
    return .scalar(String(decoding: result, as: UTF8.self), folds ? .folded : .literal)
  }

  private mutating func blockHeader() throws(Failure) -> BlockHeader {
    var header = BlockHeader()
    while true {
      position += 1
      switch byte {
      case Byte.plus, Byte.dash:
        if header.chomping != .clip { throw failure("one `+` or `-` is enough here") }
        header.chomping = byte == Byte.plus ? .keep : .strip
      case Byte.zero: throw failure("the indentation after `|` or `>` must be at least 1")
      case Byte.zero...Byte.nine:
        if header.indentation != nil {
          throw failure("the indentation after `|` or `>` must be a single digit")
        }
        header.indentation = Int(byte - Byte.zero)
      default: return header
      }
    }
  }

  private mutating func skipBlanksAndComment() {
    while byte.isBlank { position += 1 }
    if byte == Byte.hash { skipToLineEnd() }
  }
}
