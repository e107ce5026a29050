/// Sets aside what would give two rows one title, in tables where titles are unique.
///
/// Titles that trade places are fine. Where two want one title, the one that comes with it is set aside, not the one that
/// has it; of several newcomers the one with the smallest id gets a title that nobody has. Titles are compared byte for
/// byte, as the database's index does.
///
/// - Parameters:
///   - wanted: skill id → the title that its row is to have, for the rows that are to be written.
///   - current: skill id → the title that its row has, for all rows that have or want one of those titles.
/// - Returns: skill id → id of the skill that has the title, for those that must wait.
public func titleClashes(wanted: [String: String], current: [String: String]) -> [String: String] {
  let after = current.merging(wanted) { _, new in new }.mapValues { Array($0.utf8) }
  let before = current.mapValues { Array($0.utf8) }
  var holders: [[UInt8]: Set<String>] = [:]
  for (id, title) in after { holders[title, default: []].insert(id) }
  var waiting: [String: String] = [:]
  // One that is set aside keeps its old title, which another may have wanted: that title is looked at again.
  var open = holders.filter { $0.value.count > 1 }.keys.sorted { $1.lexicographicallyPrecedes($0) }
  while let title = open.popLast() {
    let ids = holders[title, default: []].sorted()
    guard ids.count > 1 else { continue }
    let owner = ids.first { before[$0] == title } ?? ids[0]
    for id in ids where id != owner && before[id] != title {
      waiting[id] = owner
      holders[title]?.remove(id)
      guard let old = before[id] else { continue }
      holders[old, default: []].insert(id)
      open.append(old)
    }
  }
  return waiting
}
