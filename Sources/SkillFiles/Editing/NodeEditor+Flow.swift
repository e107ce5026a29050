extension NodeEditor {
  /// Edits `[…]` item by item; false where the items aren't the list's elements.
  mutating func changeFlowList(_ items: [Node.Item], from old: [Value], to new: [Value]) -> Bool {
    guard items.count == old.count else { return false }
    let ranges = items.map(\.node.range)
    var stays = Array(repeating: false, count: items.count)
    var previous: Range<Int>?
    for step in Alignment.steps(from: old, to: new) {
      switch step {
      case .keep(let index, _):
        stays[index] = true
        previous = ranges[index]
      case .change(let index, let newIndex):
        let slot = Slot(place: .flow, after: ranges[index].lowerBound, column: 0, separator: "")
        change(items[index].node, at: slot, from: old[index], to: new[newIndex])
        stays[index] = true
        previous = ranges[index]
      case .insert(let newIndex):
        insertFlow(Rendering.flow(new[newIndex]), after: previous, orBefore: ranges[0])
      case .remove: break
      }
    }
    removeFlow(ranges, but: stays)
    return true
  }

  /// Edits `{…}` key by key; false where a key is no plain text, and where keys come but none stays.
  ///
  /// A new key goes after the one before it in `new`, or else first.
  mutating func changeFlowMap(_ pairs: [Node.Pair], from old: Mapping, to new: Mapping) -> Bool {
    let keys = pairs.compactMap { Construction.plainKey($0.key) }
    guard keys.count == pairs.count, keys.count == old.count, !pairs.contains(where: \.isExplicit) else {
      return false
    }
    if !new.isEmpty, keys.allSatisfy({ new[$0] == nil }) { return false }
    let ranges = pairs.map { $0.key.range.lowerBound..<$0.end }
    var present: [[UInt8]: Range<Int>] = [:]
    var stays = Array(repeating: false, count: pairs.count)
    for (index, key) in keys.enumerated() {
      guard let value = new[key] else { continue }
      let pair = pairs[index]
      let slot = Slot(
        place: .flow, after: pair.afterColon ?? pair.key.range.upperBound, column: 0,
        separator: pair.afterColon == nil ? ": " : " ")
      change(pair.value, at: slot, from: old[key], to: value)
      present[Array(key.utf8)] = ranges[index]
      stays[index] = true
    }
    var previous: Range<Int>?
    for entry in new.entries {
      if let range = present[Array(entry.key.utf8)] {
        previous = range
      } else {
        let text = Rendering.flow(.string(entry.key)) + ": " + Rendering.flow(entry.value)
        insertFlow(text, after: previous, orBefore: ranges[0])
      }
    }
    removeFlow(ranges, but: stays)
    return true
  }

  private mutating func insertFlow(_ text: String, after previous: Range<Int>?, orBefore first: Range<Int>) {
    if let end = previous?.upperBound {
      replace(end..<end, ", " + text)
    } else {
      replace(first.lowerBound..<first.lowerBound, text + ", ")
    }
  }

  /// Removes entries, each up to the next one, and those after the last that stays from its end on.
  private mutating func removeFlow(_ entries: [Range<Int>], but stays: [Bool]) {
    let end = entries[entries.count - 1].upperBound
    guard let last = stays.lastIndex(of: true) else {
      // A comma may stand after the last entry, but not alone.
      let next = lines.bytes[end...].firstIndex { !$0.isSpace } ?? end
      replace(entries[0].lowerBound..<(lines.bytes[next] == Byte.comma ? next + 1 : end), "")
      return
    }
    for index in 0..<last where !stays[index] {
      replace(entries[index].lowerBound..<entries[index + 1].lowerBound, "")
    }
    replace(entries[last].upperBound..<end, "")
  }
}
