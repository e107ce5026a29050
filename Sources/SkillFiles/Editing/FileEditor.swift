/// Edits one file: what the changes come to, the edit itself, and the proof that it reads as wanted.
struct FileEditor {
  let bytes: [UInt8]
  let file: ParsedFile
  private let lines: Lines

  init(_ bytes: [UInt8]) throws(Failure) {
    self.bytes = bytes
    file = try ParsedFile(bytes)
    lines = Lines(bytes)
  }

  func applying(_ changes: [Change]) throws(Failure) -> [UInt8] {
    let body = changes.reduce(nil as String?) { if case .body(let text) = $1 { text } else { $0 } }
    var bodyEditor = BodyEditor(lines: lines, fences: file.fences)
    let wanted = try wanted(after: changes)
    if wanted != nil, file.fences.language == .json {
      throw Failure(.edit, at: 0, "front matter in JSON is read but not edited: write it as YAML")
    }
    let bodyChange = body.map { bodyEditor.replacements(for: $0) } ?? []
    guard let wanted else {
      if bodyChange.isEmpty { return bytes }
      if let result = try? verified(edited([], bodyChange), values: nil, body: body) { return result }
      bodyEditor.keepsLastBreak = true
      return try verified(
        edited([], body.map { bodyEditor.replacements(for: $0) } ?? []), values: nil, body: body)
    }

    // Where a fence is to be added, what it comes after must be written first.
    if let body, file.fences.opens, file.fences.closing == nil {
      let keys = changes.filter { if case .body = $0 { false } else { true } }
      return try FileEditor(applying(keys)).applying([.body(body)])
    }
    if let result = edited(replacements(for: wanted), bodyChange),
      let result = try? verified(result, values: wanted, body: body)
    {
      return result
    }
    return try applyingOneByOne(wanted, body: body)
  }

  /// The values that the changes ask for, in the order to write new ones in; nil if they are what the file has.
  private func wanted(after changes: [Change]) throws(Failure) -> Mapping? {
    let touchesKeys = changes.contains { if case .body = $0 { false } else { true } }
    guard touchesKeys else { return nil }
    guard case .map(let values) = file.frontMatter else {
      throw Failure(
        .edit, at: file.fences.frontMatter.lowerBound,
        "the front matter isn't keys with values: no key can be set")
    }
    var wanted = values
    for change in changes {
      switch change {
      case .set(let key, let value):
        if value.isDeeper(than: YAMLReader.deepest - 1) {
          throw Failure(
            .limit, at: 0, "the new value of `\(key)` is nested more than \(YAMLReader.deepest) levels deep")
        }
        wanted[key] = value
      case .remove(let key): wanted[key] = nil
      case .body: break
      }
    }
    if wanted == values { return nil }
    return ordered(wanted)
  }

  /// The entries with those that the file doesn't write itself (new ones, merged ones) at the application's places.
  private func ordered(_ wanted: Mapping) -> Mapping {
    // In the order of the lines: a key that overrides a merged one has that one's place among the values.
    var written = Mapping()
    if case .map(let pairs, _)? = file.root?.content {
      for key in pairs.compactMap({ Construction.plainKey($0.key) }) { written[key] = wanted[key] }
    }
    guard case .map(let values) = file.frontMatter else { return wanted }
    let others = wanted.entries.filter { written[$0.key] == nil }
    // What only comes from elsewhere and stays has no place in the file.
    let added = others.filter { values[$0.key] != $0.value }
    let merged = others.filter { values[$0.key] == $0.value }
    return Mapping(KeyOrder.adding(added, to: written.entries) + merged)
  }

  /// The replacements in the front matter; nil where it can't be edited.
  private func replacements(
    for wanted: Mapping, rewriting key: String? = nil, _ rendering: Rendering = Rendering(),
    leavesBreak: Bool = false
  ) -> [Replacement]? {
    guard let root = file.root, case .map(let values) = file.frontMatter else {
      return [insertion(of: wanted, rendering)]
    }
    var editor = NodeEditor(
      lines: lines, rendering: rendering, rewritten: key, leavesBreak: leavesBreak)
    switch root.content {
    case .map(let pairs, .flow) where pairs.isEmpty:
      let place = root.start + 1
      return [
        Replacement(range: place..<place, text: String(Rendering.flow(.map(wanted)).dropFirst().dropLast()))
      ]
    case .map(let pairs, .flow):
      return editor.changeFlowMap(pairs, from: values, to: wanted) ? editor.replacements : nil
    case _ where values.isEmpty: return [insertion(of: wanted, rendering)]
    case .map(let pairs, .block):
      return editor.changeBlockMap(pairs, from: values, to: wanted, isRoot: true) ? editor.replacements : nil
    default: return nil
    }
  }

  /// The first keys of a file that has none: in the place of a written `~`, with fences where it has no front matter.
  private func insertion(of values: Mapping, _ rendering: Rendering) -> Replacement {
    let newline = lines.newline
    let entries = values.entries.flatMap { rendering.entry($0, indentation: 0) }
    if case .scalar? = file.root?.content, let root = file.root {
      return Replacement(range: root.range, text: lines.joined(entries))
    }
    let text = entries.map { $0 + newline }.joined()
    guard file.fences.opens else {
      let start = file.fences.start
      return Replacement(range: start..<start, text: "---" + newline + text + "---" + newline)
    }
    let place = file.fences.closing ?? bytes.count
    let separator = bytes[place - 1].isLineBreak ? "" : newline
    return Replacement(range: place..<place, text: separator + text)
  }

  private func edited(_ replacements: [Replacement]?, _ bodyChange: [Replacement]) -> [UInt8]? {
    replacements.flatMap { Replacement.apply($0 + bodyChange, to: bytes) }
  }

  /// Makes the changes key by key, each in place or else written anew, to name the one that can't be made.
  private func applyingOneByOne(_ wanted: Mapping, body: String?) throws(Failure) -> [UInt8] {
    guard case .map(let values) = file.frontMatter else { return bytes }
    var result = bytes
    var reached = values
    let keys = wanted.keys + values.keys.filter { wanted[$0] == nil }
    for key in keys where values[key] != wanted[key] {
      let current = try FileEditor(result)
      reached[key] = wanted[key]
      let next = current.ordered(reached)
      // Under a block scalar an indented comment would become text: then the text stays on its line.
      let oneLine = Rendering(keepsTextOnOneLine: true)
      let manners = [
        (nil, Rendering(), false), (nil, oneLine, false), (key, Rendering(), false), (key, oneLine, false),
        (nil, Rendering(), true),
      ]
      let found = manners.lazy.compactMap { rewritten, rendering, leavesBreak -> [UInt8]? in
        let replacements = current.replacements(
          for: next, rewriting: rewritten, rendering, leavesBreak: leavesBreak)
        return try? verified(current.edited(replacements, []), values: next, body: nil)
      }.first
      guard let found else { throw refusal(of: key) }
      result = found
    }
    guard let body else { return result }
    return try FileEditor(result).applying([.body(body)])
  }

  private func refusal(of key: String) -> Failure {
    var offset = file.fences.frontMatter.lowerBound
    var reason = "it comes from another key or shares its lines"
    if let root = file.root, case .map(let pairs, _) = root.content,
      let index = pairs.firstIndex(where: { Construction.plainKey($0.key)?.hasSameBytes(as: key) == true })
    {
      let pair = pairs[index]
      offset = pair.key.range.lowerBound
      if pair.isExplicit {
        reason = "it is written with `?`"
      } else if pair.value.holdsAnchor {
        reason = "its value has an anchor (`&…`) that other keys use"
      } else if index > 0, keepsLineBreaks(pairs[index - 1].value) {
        reason = "the text before it keeps the line breaks that follow it (`+`)"
      }
    }
    return Failure(
      .edit, at: offset,
      "the key `\(key)` can't be changed without touching other keys: \(reason). Change it by hand")
  }

  /// Whether the value is a block scalar whose header says `+`.
  private func keepsLineBreaks(_ node: Node) -> Bool {
    switch node.content {
    case .scalar(_, .literal), .scalar(_, .folded):
      bytes[node.start...].prefix { !$0.isSpace }.contains(UInt8(ascii: "+"))
    default: false
    }
  }

  /// The bytes, once they were read again and have the wanted values and body.
  private func verified(_ result: [UInt8]?, values: Mapping?, body: String?) throws(Failure) -> [UInt8] {
    guard let result else {
      throw Failure(.edit, at: 0, "the changes overlap in this file: change it by hand")
    }
    let read: ParsedFile
    do {
      read = try ParsedFile(result)
    } catch {
      // Its offset is the result's, which nobody gets to see.
      throw Failure(
        error.code == .limit ? .limit : .edit, at: 0,
        "with the change the file can't be read: \(error.message)")
    }
    let wantedValues = values.map(Value.map) ?? file.frontMatter
    let before = file.document(of: bytes).body
    let after = read.document(of: result).body
    let bodyHolds = body.map { BodyEditor.areEqual($0, after) } ?? after.hasSameBytes(as: before)
    guard read.frontMatter == wantedValues, bodyHolds else {
      throw Failure(
        .edit, at: 0, "the change can't be written so that it reads the same: change the file by hand")
    }
    return result
  }
}

extension Node {
  /// Whether an anchor stands in the value, which aliases elsewhere may use.
  var holdsAnchor: Bool {
    if anchor != nil { return true }
    return switch content {
    case .list(let items, _): items.contains { $0.node.holdsAnchor }
    case .map(let pairs, _): pairs.contains { $0.key.holdsAnchor || $0.value.holdsAnchor }
    case .under(let inner): inner.holdsAnchor
    case .empty, .alias, .scalar: false
    }
  }
}
