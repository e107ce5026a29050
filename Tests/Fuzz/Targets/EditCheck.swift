@testable import SkillFiles

/// What must hold of every edit of a file.
struct EditCheck {
  var file: [UInt8]
  var values: Mapping
  var body: String

  func check(_ changes: [Change]) throws {
    var wanted = values
    var wantedBody: String?
    for change in changes {
      switch change {
      case .set(let key, let value): wanted[key] = value
      case .remove(let key): wanted[key] = nil
      case .body(let text): wantedBody = text
      }
    }
    let result: [UInt8]
    do throws(SkillFileError) {
      result = try edit(file, changes)
    } catch {
      expect(
        error.code == .edit || error.code == .limit, "refused for another reason than the edit: \(error)")
      expect(try mayBeRefused(changes), "refused: \(error)\n\(file.shown)\n\(changes)")
      return
    }
    func shown(_ what: String) -> String { "\(what)\n\(file.shown)\n\(changes)\n\(result.shown)" }

    let after = try read(result)
    expect(after.values == wanted, shown("the result reads as \(after.values)"))
    let isBodyChanged = wantedBody.map { !BodyEditor.areEqual($0, body) } ?? false
    if isBodyChanged, let wantedBody {
      expect(BodyEditor.areEqual(after.body, wantedBody), shown("the body isn't the one wanted"))
    } else {
      expect(after.body.hasSameBytes(as: body), shown("the body was touched"))
    }
    expect(try edit(result, changes) == result, shown("made a second time the edit changes something"))
    if wanted == values, !isBodyChanged { expect(result == file, shown("nothing to change")) }
    let kept = try untouched(by: wanted, isBodyChanged: isBodyChanged)
    expect(Self.stand(kept, in: result), shown("bytes outside the change were touched"))
    try checkOrder(of: changes, result)
    for change in changes { try checkThereAndBack(change) }
  }

  /// Only what only YAML's rarer means can write may be refused; any file of plain keys can be edited.
  private func mayBeRefused(_ changes: [Change]) throws -> Bool {
    let parsed = try ParsedFile(file)
    if parsed.fences.language == .json { return true }
    if changes.contains(where: { "\($0)".utf8.contains(0) }) { return true }
    // Of a key that goes the blank lines under it stay, and would become text of a key before it that keeps them.
    if file.contains(UInt8(ascii: "+")),
      changes.contains(where: { if case .remove = $0 { true } else { false } })
    {
      return true
    }
    if case .map(let pairs, .block)? = parsed.root?.content {
      // `a: []b: 1` are two keys to js-yaml.
      let lines = Lines(file)
      if !pairs.allSatisfy({ lines.isFirstInk($0.key.range.lowerBound) }) { return true }
    }
    let frontMatter = Lines(file).text(parsed.fences.frontMatter)
    // White space to JavaScript, text to YAML.
    if frontMatter.trimmed().isEmpty, !frontMatter.utf8.allSatisfy(\.isSpace) { return true }
    // Documents' marks, and lines that end in a carriage return alone.
    if ["...", "---"].contains(where: { frontMatter.contains($0) }) { return true }
    if zip(frontMatter.utf8, frontMatter.utf8.dropFirst() + [0]).contains(where: { $0 == 13 && $1 != 10 }) {
      return true
    }
    return frontMatter.utf8.contains { "?&*!%<\t".utf8.contains($0) }
  }

  /// Two changes in either order, and both at once, come to the same bytes.
  private func checkOrder(of changes: [Change], _ both: [UInt8]) throws {
    guard changes.count == 2, changes[0].subject != changes[1].subject else { return }
    // Without front matter the new one takes its line ends from a body that may be another by then.
    guard try ParsedFile(file).fences.opens || !changes.contains(where: { $0.subject == nil }) else { return }
    guard let oneFirst = try? edit(edit(file, [changes[0]]), [changes[1]]),
      let otherFirst = try? edit(edit(file, [changes[1]]), [changes[0]])
    else { return }
    let shown = "\(file.shown)\n\(changes)\n\(both.shown)\n\(oneFirst.shown)\n\(otherFirst.shown)"
    if changes.contains(where: losesPlace) {
      expect(
        oneFirst.sorted() == otherFirst.sorted() && both.sorted() == oneFirst.sorted(),
        "the order of changes changes more than places:\n\(shown)")
      return
    }
    expect(oneFirst == otherFirst, "the order of changes matters:\n\(shown)")
    expect(both == oneFirst, "two changes at once aren't both in turn:\n\(shown)")
  }

  /// Whether a key or a list's item goes: of a comment that stood above it and one below nobody knows any more which
  /// is which, so a key that is added there may come to stand before or after either.
  private func losesPlace(_ change: Change) -> Bool {
    switch change {
    case .remove(let key): return values[key] != nil
    case .set(let key, let new):
      guard case .list(let items)? = values[key] else { return false }
      guard case .list(let newItems) = new else { return true }
      return Alignment.steps(from: items, to: newItems).contains {
        if case .remove = $0 { true } else { false }
      }
    case .body: return false
    }
  }

  /// A text that both times can stand in the style found comes back byte for byte.
  private func checkThereAndBack(_ change: Change) throws {
    guard case .set(let key, .string(let new)) = change, case .string(let old)? = values[key],
      case .map(let pairs, .block)? = try ParsedFile(file).root?.content,
      let node = pairs.first(where: { Construction.plainKey($0.key)?.hasSameBytes(as: key) == true })?.value,
      case .scalar(_, let style) = node.content, style == .plain || style == .single || style == .double
    else { return }
    func styled(_ text: String) -> String? {
      ScalarText.styled(text, like: style, inFlow: false, indentation: 2, indicator: 2, escapesAstral: true)?
        .head
    }
    guard styled(old) == Lines(file).text(node.range), styled(new) != nil else { return }
    guard let there = try? edit(file, [change]) else { return }
    let back = try edit(there, [.set(key: key, .string(old))])
    expect(back == file, "there and back:\n\(file.shown)\n\(change)\n\(there.shown)\n\(back.shown)")
  }

  /// The file cut at what the changes may touch: the changed keys' lines, the places where new keys may go, the body.
  private func untouched(by wanted: Mapping, isBodyChanged: Bool) throws -> [ArraySlice<UInt8>] {
    let parsed = try ParsedFile(file)
    let lines = Lines(file)
    let isAdding = wanted.keys.contains { values[$0] == nil }
    var touched: [Range<Int>] = []
    func touch(at offset: Int) { touched.append(offset..<offset) }

    if wanted != values {
      touch(at: parsed.fences.closing ?? file.count)
      if !parsed.fences.opens { touch(at: parsed.fences.start) }
      if case .map(let pairs, .block)? = parsed.root?.content {
        for pair in pairs {
          let start = pair.key.range.lowerBound
          let lineEnd = lines.end(of: pair.end, at: lines.column(of: start))
          let entry = lines.start(of: start)..<lines.afterBreak(of: lineEnd)
          let key = Construction.plainKey(pair.key)
          let isTouched = key.map { wanted[$0] != values[$0] } ?? false
          if isTouched { touched.append(entry) }
          // A key that came by a merge is written at a place of its own, too.
          if isAdding || parsed.holdsMerge {
            touch(at: entry.lowerBound)
            touch(at: lineEnd)
            touch(at: entry.upperBound)
          }
        }
      } else if let root = parsed.root {
        touched.append(root.range)
      }
    }
    if isBodyChanged {
      touched.append(parsed.fences.body)
      touch(at: parsed.fences.start)
    }

    var kept: [ArraySlice<UInt8>] = []
    var cursor = 0
    for range in touched.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
      if range.lowerBound >= cursor { kept.append(file[cursor..<range.lowerBound]) }
      cursor = Swift.max(cursor, range.upperBound)
    }
    return kept + [file[cursor...]]
  }

  /// Whether the parts stand in the bytes in their order: the first at the start, the last at the end.
  private static func stand(_ parts: [ArraySlice<UInt8>], in bytes: [UInt8]) -> Bool {
    guard let first = parts.first, let last = parts.last, bytes.starts(with: first) else { return false }
    if parts.count == 1 { return first.elementsEqual(bytes) }
    var cursor = first.count
    for part in parts[1..<(parts.count - 1)] {
      guard
        let place = (cursor...bytes.count).first(where: { bytes[$0...].starts(with: part) })
      else { return false }
      cursor = place + part.count
    }
    return bytes.count - cursor >= last.count && bytes.suffix(last.count).elementsEqual(last)
  }
}

extension ParsedFile {
  fileprivate var holdsMerge: Bool {
    guard case .map(let pairs, _)? = root?.content else { return false }
    return pairs.contains { Construction.isMerge($0.key) }
  }
}

extension Change {
  /// The key that is changed; nil for the body.
  fileprivate var subject: String? {
    switch self {
    case .set(let key, _), .remove(let key): key
    case .body: nil
    }
  }
}
