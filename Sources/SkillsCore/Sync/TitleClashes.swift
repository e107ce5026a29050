/// Sets aside what would give two rows one title, in tables where titles are unique.
///
/// Titles that trade places are fine. Where two want one title, the one that comes with it is set aside, not the one that has it.
///
/// - Parameters:
///   - wanted: skill id → the title that its row is to have, for the rows that are to be written.
///   - current: skill id → the title that its row has, for all rows that have or want one of those titles.
/// - Returns: skill id → id of the skill that has the title, for those that must wait.
public func titleClashes(wanted: [String: String], current: [String: String]) -> [String: String] {
  var clashes: [String: String] = [:]
  var wanted = wanted
  while true {
    var holders: [String: [String]] = [:]
    for (id, title) in current.merging(wanted, uniquingKeysWith: { _, new in new }) {
      holders[title, default: []].append(id)
    }
    let contested = holders.filter { $0.value.count > 1 && $0.value.contains { wanted[$0] != nil } }
    guard let (title, ids) = contested.min(by: { $0.key < $1.key }) else { return clashes }
    let candidates = ids.filter { wanted[$0] != nil }.sorted()
    let newcomers = candidates.filter { current[$0] != title }
    guard let out = newcomers.last ?? candidates.last else { return clashes }
    clashes[out] = ids.sorted().first { $0 != out }
    wanted[out] = nil
  }
}
