extension NodeEditor {
  /// Edits a block list item by item; false where a first item that shares its line would go or come.
  mutating func changeBlockList(_ items: [Node.Item], from old: [Value], to new: [Value]) -> Bool {
    guard let first = items.first, items.count == old.count else { return false }
    var previous: Node.Item?
    for step in Alignment.steps(from: old, to: new) {
      switch step {
      case .keep(let index, _): previous = items[index]
      case .change(let index, let newIndex):
        let item = items[index]
        let slot = Slot(place: .item, after: item.dash + 1, column: lines.column(of: item.dash))
        change(item.node, at: slot, from: old[index], to: new[newIndex])
        previous = item
      case .remove(let index):
        guard lines.isFirstInk(items[index].dash) else { return false }
        removeLines(from: items[index].dash, to: items[index].end)
      case .insert(let newIndex):
        guard previous != nil || lines.isFirstInk(first.dash) else { return false }
        let column = lines.column(of: first.dash)
        let item = rendering.item(new[newIndex], indentation: column)
        insert(item, at: column, after: previous?.end, orBefore: first.dash)
      }
    }
    return true
  }

  /// Edits a block map key by key; false where a key that changes is written with `?` or doesn't begin a line.
  ///
  /// A new key goes after the one before it in `new`, or else before the one after it.
  mutating func changeBlockMap(_ pairs: [Node.Pair], from old: Mapping, to new: Mapping, isRoot: Bool = false)
    -> Bool
  {
    guard let first = pairs.first else { return false }
    var present: [[UInt8]: Node.Pair] = [:]
    for pair in pairs where !Construction.isMerge(pair.key) {
      guard let key = Construction.plainKey(pair.key) else { continue }
      if pair.isExplicit, old[key] == new[key] {
        present[Array(key.utf8)] = pair
        continue
      }
      guard let afterColon = pair.afterColon, !pair.isExplicit else { return false }
      let start = start(of: pair)
      if let value = new[key] {
        let slot = Slot(place: .value, after: afterColon, column: lines.column(of: start))
        if isRoot, rewritten?.hasSameBytes(as: key) == true {
          rewrite(pair.value, at: slot, to: value)
        } else {
          change(pair.value, at: slot, from: old[key], to: value)
        }
        present[Array(key.utf8)] = pair
      } else {
        guard lines.isFirstInk(start) else { return false }
        removeLines(from: start, to: pair.end)
      }
    }

    let column = lines.column(of: start(of: first))
    let places = new.entries.map { present[Array($0.key.utf8)] }
    for (index, entry) in new.entries.enumerated() where places[index] == nil && old[entry.key] != entry.value
    {
      let before = places[..<index].last { $0 != nil } ?? nil
      let after = places[index...].first { $0 != nil } ?? nil
      let start = start(of: after ?? first)
      guard before != nil || lines.isFirstInk(start) else { return false }
      insert(rendering.entry(entry, indentation: column), at: column, after: before?.end, orBefore: start)
    }
    return true
  }

  /// Where the pair's key begins, or the `?` before it.
  private func start(of pair: Node.Pair) -> Int {
    pair.isExplicit ? lines.firstInk(of: pair.key.range.lowerBound) : pair.key.range.lowerBound
  }

  /// Removes whole lines, from the one where something begins to the one where it ends.
  private mutating func removeLines(from start: Int, to end: Int) {
    replace(
      lines.start(of: start)..<lines.afterBreak(of: lines.end(of: end, at: lines.column(of: start))),
      leavesBreak ? lines.newline : "")
  }

  /// Inserts whole lines after the line where something at the column ends, or before the one where something begins.
  private mutating func insert(_ text: [String], at column: Int, after end: Int?, orBefore start: Int) {
    guard let end else {
      let lineStart = lines.start(of: start)
      return replace(lineStart..<lineStart, text.map { $0 + lines.newline }.joined())
    }
    let lineEnd = lines.end(of: end, at: column)
    if lineEnd == lines.bytes.count {
      replace(lineEnd..<lineEnd, text.map { lines.newline + $0 }.joined())
    } else {
      let next = lines.afterBreak(of: lineEnd)
      replace(next..<next, text.map { $0 + lines.newline }.joined())
    }
  }
}
