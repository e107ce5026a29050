/// How one list becomes another: which elements stay, change, go and come.
enum Alignment: Equatable {
  case keep(old: Int, new: Int)
  case change(old: Int, new: Int)
  case remove(old: Int)
  case insert(new: Int)

  /// Beyond this many pairs of elements, a search for the longest common subsequence would take too long.
  private static let mostPairs = 250_000

  /// Equal elements stay, first of all those at both ends, then as many as possible; between them elements are changed
  /// one for one, and what is left over is removed or inserted.
  static func steps(from old: [Value], to new: [Value]) -> [Alignment] {
    var steps: [Alignment] = []
    var nextOld = 0
    var nextNew = 0
    for (keptOld, keptNew) in common(old, new) + [(old.count, new.count)] {
      while nextOld < keptOld, nextNew < keptNew {
        steps.append(.change(old: nextOld, new: nextNew))
        nextOld += 1
        nextNew += 1
      }
      steps += (nextOld..<keptOld).map { .remove(old: $0) }
      steps += (nextNew..<keptNew).map { .insert(new: $0) }
      if keptOld < old.count { steps.append(.keep(old: keptOld, new: keptNew)) }
      nextOld = keptOld + 1
      nextNew = keptNew + 1
    }
    return steps
  }

  private static func common(_ old: [Value], _ new: [Value]) -> [(Int, Int)] {
    let shorter = Swift.min(old.count, new.count)
    let start = (0..<shorter).first { old[$0] != new[$0] } ?? shorter
    let end =
      (0..<shorter - start).first { old[old.count - 1 - $0] != new[new.count - 1 - $0] } ?? shorter - start
    let within = subsequence(Array(old[start..<old.count - end]), Array(new[start..<new.count - end]))
    return (0..<start).map { ($0, $0) } + within.map { ($0 + start, $1 + start) }
      + (0..<end).reversed().map { (old.count - 1 - $0, new.count - 1 - $0) }
  }

  private static func subsequence(_ old: [Value], _ new: [Value]) -> [(Int, Int)] {
    guard old.count * new.count <= mostPairs else {
      return zip(old, new).enumerated().filter { $0.element.0 == $0.element.1 }.map { ($0.offset, $0.offset) }
    }
    // lengths[i][j]: of the longest common subsequence of old[i...] and new[j...].
    var lengths = Array(repeating: Array(repeating: 0, count: new.count + 1), count: old.count + 1)
    for i in old.indices.reversed() {
      for j in new.indices.reversed() {
        lengths[i][j] =
          old[i] == new[j] ? lengths[i + 1][j + 1] + 1 : Swift.max(lengths[i + 1][j], lengths[i][j + 1])
      }
    }
    var pairs: [(Int, Int)] = []
    var (i, j) = (0, 0)
    while i < old.count, j < new.count {
      if old[i] == new[j] {
        pairs.append((i, j))
        (i, j) = (i + 1, j + 1)
      } else if lengths[i + 1][j] >= lengths[i][j + 1] {
        i += 1
      } else {
        j += 1
      }
    }
    return pairs
  }
}
