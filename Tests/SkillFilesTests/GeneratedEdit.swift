import Testing

@testable import SkillFiles

/// A generated file and a change of it, with what must hold of the edit.
struct GeneratedEdit {
  let seed: Int
  let file: GeneratedFile
  let before: SkillFile
  let change: Change
  let generator: Generator

  /// Checks the edit that comes of a seed; true where it could be taken back.
  static func check(seed: Int) -> Bool {
    var generator = Generator(seed: UInt64(bitPattern: Int64(seed)))
    let file = generator.file()
    do {
      let before = try read(file.bytes)
      let change = generator.change(of: file, values: before.values)
      let edit = GeneratedEdit(seed: seed, file: file, before: before, change: change, generator: generator)
      return try edit.check()
    } catch {
      Issue.record("seed \(seed): \(error)\n\(file.bytes.text)")
      return false
    }
  }

  private func check() throws -> Bool {
    for entry in file.entries where entry.value.map({ before.values[entry.key] != $0 }) ?? false {
      fail("\(entry.key) reads as \(String(describing: before.values[entry.key]))")
    }
    try checkNothingToDo()
    guard let result = try applying([change], to: file.bytes) else { return false }
    let after = try read(result)
    expect(after.values == wanted.values, "other values: \(after.values.entries)", result)
    expect(BodyEditor.areEqual(after.body, wanted.body), "another body", result)
    expect(change.key == nil || after.body.hasSameBytes(as: before.body), "the body's bytes", result)
    expect(try edit(result, [change]) == result, "a second time it changes something", result)
    if after.values == before.values, BodyEditor.areEqual(after.body, before.body) {
      expect(result == file.bytes, "nothing to change", result)
    }
    checkOtherBytes(result)
    if canBeTakenBack {
      let back = try applying([inverse], to: result)
      expect(back == file.bytes, "not taken back: \(back?.text ?? "refused")", result)
    }
    try checkOrder(result)
    return canBeTakenBack
  }

  /// The file's own values and its own body are no change.
  private func checkNothingToDo() throws {
    expect(try edit(file.bytes, []) == file.bytes, "no change at all", file.bytes)
    let own = before.values.entries.map { Change.set(key: $0.key, $0.value) } + [.body(before.body)]
    expect(try edit(file.bytes, own) == file.bytes, "the file's own values", file.bytes)
  }

  /// What the change is to make of the file.
  private var wanted: SkillFile {
    var wanted = before
    switch change {
    case .set(let key, let value): wanted.values[key] = value
    case .remove(let key): wanted.values[key] = nil
    case .body(let text): wanted.body = text
    }
    return wanted
  }

  /// The edited file; nil where the edit was refused, which it may be for what shares its value with other keys.
  private func applying(_ changes: [Change], to bytes: [UInt8]) throws -> [UInt8]? {
    do {
      return try edit(bytes, changes)
    } catch {
      let mayRefuse = changes.contains { change in change.key.map { file.entangled.contains($0) } ?? false }
      if !mayRefuse || error.code != .edit { fail("\(changes) refused: \(error)\n\(bytes.text)") }
      return nil
    }
  }

  private func expect(_ holds: Bool, _ what: @autoclosure () -> String, _ result: [UInt8]) {
    if !holds { fail("\(what())\n--- result\n\(result.text)") }
  }

  private func fail(_ what: String) {
    Issue.record("seed \(seed): \(change): \(what)\n--- file\n\(file.bytes.text)")
  }
}

/// The bytes that don't belong to what is changed.
extension GeneratedEdit {
  private func checkOtherBytes(_ result: [UInt8]) {
    let bytes = file.bytes
    guard let key = change.key else {
      let bodyStart = bytes.count - before.body.utf8.count
      expect(result.starts(with: bytes[..<bodyStart]), "bytes before the body", result)
      return
    }
    guard let entry = file.entry(key) else {
      let same = bytes.commonPrefix(result) + Array(bytes.reversed()).commonPrefix(result.reversed())
      expect(same >= bytes.count, "more than an insertion", result)
      return
    }
    let (start, end) = (bytes[..<entry.range.lowerBound], bytes[entry.range.upperBound...])
    expect(result.starts(with: start), "bytes before the key", result)
    expect(result.suffix(end.count).elementsEqual(end), "bytes after the key", result)
    if file.isFlow { return }
    if case .remove = change {
      expect(result.count == start.count + end.count, "more than the key's lines", result)
    } else {
      expect(result[entry.range.lowerBound...].starts(with: entry.start.utf8), "the key itself", result)
    }
  }
}

/// Changes taken back.
extension GeneratedEdit {
  private var inverse: Change {
    switch change {
    case .set(let key, _), .remove(let key):
      before.values[key].map { .set(key: key, $0) } ?? .remove(key: key)
    case .body: .body(before.body)
    }
  }

  /// Whether the new value stands in the style of the old one, so that the old one finds its style again.
  private var canBeTakenBack: Bool {
    switch change {
    case _ where file.isMixed: return false
    case .remove: return false
    case .set(let key, let value):
      guard let entry = file.entry(key) else {
        // A key that is added goes with all that it brought, but fences and a last line's end stay.
        return before.values[key] == nil && !before.values.isEmpty && !file.isFlow
          && file.bytes.last?.isLineBreak == true
      }
      return entry.layout.keepsStyle(from: before.values[key] ?? .null, to: value)
    case .body(let text):
      let hasText = !before.body.trimmed().isEmpty && !text.trimmed().isEmpty
      let keepsLineEnds =
        before.body.utf8.last == Byte.lineFeed || file.newlines == ["\n"]
      return hasText && keepsLineEnds && !change.bringsCarriageReturn && !text.trimmed().hasPrefix("---")
    }
  }
}

/// Two changes one after the other.
extension GeneratedEdit {
  private func checkOrder(_ first: [UInt8]) throws {
    var generator = generator
    let other = generator.change(of: file, values: before.values)
    guard other.key != change.key else { return }
    guard let second = try applying([other], to: file.bytes),
      let one = try applying([other], to: first), let two = try applying([change], to: second)
    else { return }
    guard let both = try applying([change, other], to: file.bytes) else { return }
    // Without front matter a new one takes the line ends of the body, which the other change may take away.
    if file.hasNoFence, file.newlines != ["\n"] || [change, other].contains(where: \.bringsCarriageReturn) {
      return
    }
    if losesPlace(of: other) || losesPlace(of: change) {
      expect(
        file.isFlow || one.sortedLines == two.sortedLines && one.sortedLines == both.sortedLines,
        "with \(other)\n--- the other way round\n\(two.text)\n--- at once\n\(both.text)", one)
    } else {
      expect(one == two, "then \(other)\n--- the other way round\n\(two.text)", one)
      expect(both == one, "at once with \(other): \(both.text)", one)
    }
  }

  /// Whether a key or a list's item goes: of a comment that stood above it and one below nobody knows any more which
  /// is which, so a key that is added there may come to stand before or after either.
  private func losesPlace(of change: Change) -> Bool {
    switch change {
    case .remove: return true
    case .set(let key, let new):
      guard case .list(let items)? = before.values[key] else { return false }
      guard case .list(let newItems) = new else { return true }
      return Alignment.steps(from: items, to: newItems).contains {
        if case .remove = $0 { true } else { false }
      }
    case .body: return false
    }
  }
}

extension Change {
  /// The key that is changed; nil for the body.
  var key: String? {
    switch self {
    case .set(let key, _), .remove(let key): key
    case .body: nil
    }
  }

  fileprivate var bringsCarriageReturn: Bool {
    if case .body(let text) = self { text.utf8.contains(Byte.carriageReturn) } else { false }
  }
}

extension [UInt8] {
  fileprivate func commonPrefix(_ other: [UInt8]) -> Int {
    var count = 0
    while count < self.count, count < other.count, self[count] == other[count] { count += 1 }
    return count
  }

  fileprivate var sortedLines: [String] {
    filter { $0 != Byte.carriageReturn }.split(separator: Byte.lineFeed).map { Array($0).text }.sorted()
  }
}
