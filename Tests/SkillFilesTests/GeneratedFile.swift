@testable import SkillFiles

/// A generated file that knows which of its bytes belong to which key.
struct GeneratedFile {
  /// A key of the front matter's, with what was written for it.
  struct Entry {
    var key: String
    /// The key and its colon as written.
    var start: String
    /// nil where it comes from other keys or isn't worth saying.
    var value: Value?
    var layout: Layout
    /// In a block map the key's lines, with the comments that are indented under it; in a flow map all of it.
    var range: Range<Int>
  }

  var bytes: [UInt8] = []
  var entries: [Entry] = []
  var newlines = ["\n"]
  var hasNoFence = false
  /// Whether the front matter is `{…}`.
  var isFlow = false
  /// Keys that share values with others by anchors and merges, are written with `?` or in JSON: edits may be refused.
  var entangled: Set<String> = []

  var isMixed: Bool { newlines.count > 1 }

  func entry(_ key: String) -> Entry? { entries.first { $0.key.hasSameBytes(as: key) } }
}

/// How a value is written, as far as that says whether a change of it can be taken back byte for byte.
indirect enum Layout {
  /// Text on one line, or in a block `indicator` columns deeper than its key.
  case text(Node.ScalarStyle, indicator: Int, escapesAstral: Bool, inFlow: Bool)
  /// No text, and as the editor itself writes it.
  case canonical
  /// A list; `grows` unless a first item may have to share another's line.
  case list([Layout], grows: Bool)
  case map([String: Layout], grows: Bool)
  /// In a way that the editor never chooses: numbers like `0x10`, texts of several lines.
  case other

  /// Whether the value changed to another one is still written in the same style.
  func keepsStyle(from old: Value, to new: Value) -> Bool {
    if old == new { return true }
    switch (self, old, new) {
    case (.canonical, _, _): return true
    case (.text(let style, let indicator, let escapesAstral, let inFlow), .string(let old), .string(let new)):
      let rendered = ScalarText.styled(
        new, like: style, inFlow: inFlow, indentation: indicator, indicator: indicator,
        escapesAstral: escapesAstral)
      switch style {
      case .plain, .single: return rendered != nil
      case .double: return escapesAstral || !old.isAstral || new.isAstral
      case .literal: return rendered?.head.first == "|"
      case .folded: return rendered?.head.first == ">"
      }
    case (.list(let layouts, let grows), .list(let old), .list(let new)):
      return !old.isEmpty && !new.isEmpty
        && Alignment.steps(from: old, to: new).allSatisfy { step in
          switch step {
          case .keep(let one, let other): grows || one == other && old.count == new.count
          case .change(let one, let other):
            one == other && old.count == new.count && layouts[one].keepsStyle(from: old[one], to: new[other])
          case .insert(let index): grows && !old.contains(new[index])
          case .remove: false
          }
        }
    case (.map(let layouts, let grows), .map(let old), .map(let new)):
      return !old.isEmpty && !new.isEmpty && (grows || old.count == new.count)
        && old.entries.allSatisfy { entry in
          guard let value = new[entry.key], let layout = layouts[entry.key] else { return false }
          return layout.keepsStyle(from: entry.value, to: value)
        }
    default: return false
    }
  }
}

extension String {
  fileprivate var isAstral: Bool { unicodeScalars.contains { $0.value >= 0x10000 } }
}

extension Generator {
  /// A file of some of the keys in some order, with what else may stand in one.
  mutating func file() -> GeneratedFile {
    var file = GeneratedFile()
    if chance(1, of: 4) { file.newlines = chance(1, of: 6) ? ["\n", "\r\n"] : ["\r\n"] }
    if chance(1, of: 8) { file.bytes = [0xEF, 0xBB, 0xBF] }
    let body = pick(Self.bodies).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if chance(1, of: 20), body[0] != "---", body[0] != "--- x" {
      append(body, to: &file, endsLine: false)
      file.hasNoFence = true
      return file
    }
    let isJSON = chance(1, of: 40)
    append([isJSON ? "---json" : chance(1, of: 20) ? "---yaml" : "---"], to: &file)
    if isJSON {
      append(["{ \"title\": \"x\" }"], to: &file)
      file.entangled.formUnion(Self.keys)
    } else if chance(1, of: 20) {
      appendFlowMap(to: &file)
    } else {
      appendEntries(to: &file)
    }
    if chance(1, of: 25) { return file }
    append(
      [chance(1, of: 20) ? pick(["--- note", "---note", "--- "]) : "---"], to: &file,
      endsLine: chance(24, of: 25))
    if file.bytes.last == Byte.lineFeed { append(body, to: &file, endsLine: false) }
    return file
  }

  /// Appends lines with one of the file's line ends each; without the last one's if it isn't to be ended.
  private mutating func append(_ lines: [String], to file: inout GeneratedFile, endsLine: Bool = true) {
    for (index, line) in lines.enumerated() {
      file.bytes += line.utf8
      if endsLine || index < lines.count - 1 { file.bytes += pick(file.newlines).utf8 }
    }
  }

  private mutating func appendEntries(to file: inout GeneratedFile) {
    let keys = Self.keys.shuffled(using: &random).prefix(Int.random(in: 0...7, using: &random))
    let tangled = chance(1, of: 6) ? pick(Self.tangles) : []
    let places = tangled.map { _ in Int.random(in: 0...keys.count, using: &random) }.sorted()
    for (index, key) in keys.enumerated() {
      for (lines, place) in zip(tangled, places) where place == index { appendTangle(lines, to: &file) }
      if chance(1, of: 4) {
        append([pick(["# about: this", "", "\t", "#"])], to: &file)
      }
      appendEntry(key, to: &file)
    }
    for (lines, place) in zip(tangled, places) where place == keys.count { appendTangle(lines, to: &file) }
  }

  private mutating func appendEntry(_ key: String, to file: inout GeneratedFile) {
    let value = value()
    let lower = file.bytes.count
    let start = written(key: key)
    let written = written(value, column: 0, place: .value, gap: 1)
    append([line(start, written)] + written.lines, to: &file)
    if written.takesCommentBelow, chance(1, of: 10) {
      append(["  # under it"], to: &file)
    }
    file.entries.append(
      GeneratedFile.Entry(
        key: key, start: start, value: value, layout: written.layout, range: lower..<file.bytes.count))
  }

  private mutating func appendFlowMap(to file: inout GeneratedFile) {
    file.isFlow = true
    let keys = Self.keys.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random))
    let lower = file.bytes.count
    var lines: [String] = []
    for key in keys {
      let value = value()
      let start = written(key: key)
      let written = written(value, column: 0, place: .flow, gap: 1)
      lines.append(start + " " + written.head)
      file.entries.append(
        GeneratedFile.Entry(key: key, start: start, value: value, layout: written.layout, range: 0..<0))
    }
    let separator = pick([", ", ",\n  ", " , "])
    let text = "{" + lines.joined(separator: separator) + pick(["", " ", ","]) + "}"
    append(text.split(separator: "\n").map(String.init), to: &file)
    for index in file.entries.indices { file.entries[index].range = lower..<file.bytes.count }
  }

  private mutating func appendTangle(_ lines: [String], to file: inout GeneratedFile) {
    let lower = file.bytes.count
    append(lines, to: &file)
    let key = String(lines[0].prefix { $0 != ":" })
    if lines[0].hasPrefix(key + ":"), key != "<<" {
      file.entries.append(
        GeneratedFile.Entry(
          key: key, start: key + ":", value: nil, layout: .other, range: lower..<file.bytes.count))
    }
    file.entangled.formUnion(["base", "copy", "merged", "name", "email"])
  }

  /// Groups of lines that stand in this order, with other keys between them.
  static let tangles = [
    [["base: &base", "  name: n # note", "  email: 'e'"], ["<<: *base"]],
    [["base: &base {name: n, email: e}"], ["merged:", "  <<: *base", "  extra: 1"]],
    [["base: &base # note", "  - x", "  - y"], ["copy: *base"]],
    [["base: &base 'text'"], ["copy: [*base, b]"]],
    [["base:", "  - &base", "    name: x", "  - *base"], ["copy: *base # note"]],
    [["? base", ": - x"]],
    [["base: !!str 12"], ["copy: !!set {a, b}"]],
    [["merged:", "  <<: {name: n}", "  name: m"]],
  ]
}
