extension NodeEditor {
  /// Edits `[…]`: item by item where their number stays, else written anew with the source of the items that stay.
  mutating func changeFlowList(_ node: Node, _ items: [Node.Item], from old: [Value], to new: [Value]) {
    if items.count == old.count, old.count == new.count {
      for (index, item) in items.enumerated() {
        let slot = Slot(place: .flow, after: item.node.range.lowerBound, column: 0, separator: "")
        change(item.node, at: slot, from: old[index], to: new[index])
      }
      return
    }
    var texts: [String] = []
    for step in Alignment.steps(from: old, to: new) {
      switch step {
      case .keep(let index, _) where items.count == old.count && !items[index].node.range.isEmpty:
        texts.append(lines.text(items[index].node.range))
      case .keep(_, let index), .change(_, let index), .insert(let index):
        texts.append(Rendering.flow(new[index]))
      case .remove: break
      }
    }
    writeFlow(texts, over: node)
  }

  /// Edits `{…}`: value by value where the keys stay, else written anew with the source of the entries that stay;
  /// false where a key is no plain text.
  mutating func changeFlowMap(_ node: Node, _ pairs: [Node.Pair], from old: Mapping, to new: Mapping) -> Bool
  {
    let keys = pairs.compactMap { Construction.plainKey($0.key) }
    guard keys.count == pairs.count, keys.count == old.count else { return false }
    if keys.count == new.count, keys.allSatisfy({ new[$0] != nil }) {
      for (key, pair) in zip(keys, pairs) {
        let slot = Slot(
          place: .flow, after: pair.afterColon ?? pair.key.range.upperBound, column: 0,
          separator: pair.afterColon == nil ? ": " : " ")
        change(pair.value, at: slot, from: old[key], to: new[key] ?? .null)
      }
      return true
    }
    var texts: [String] = []
    for (key, pair) in zip(keys, pairs) {
      guard let value = new[key] else { continue }
      let source = lines.text(pair.key.range.lowerBound..<pair.end)
      texts.append(value == old[key] ? source : Rendering.flow(.string(key)) + ": " + Rendering.flow(value))
    }
    for entry in new.entries where old[entry.key] == nil {
      texts.append(Rendering.flow(.string(entry.key)) + ": " + Rendering.flow(entry.value))
    }
    writeFlow(texts, over: node)
    return true
  }

  /// Writes a flow collection's entries between its own brackets, with a space inside them where there was one.
  private mutating func writeFlow(_ texts: [String], over node: Node) {
    let source = lines.text(node.range)
    let inner = source.dropFirst().first == " " ? " " : ""
    replace(
      node.range, source.prefix(1) + inner + texts.joined(separator: ", ") + inner + source.suffix(1))
  }
}
