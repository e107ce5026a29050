/// How one list becomes another: which elements stay, change, go and come.
enum Alignment: Equatable {
  case keep(old: Int, new: Int)
  case change(old: Int, new: Int)
  case remove(old: Int)
  case insert(new: Int)

  /// Beyond this many comparisons of values, each with all of the other list, the search for the best matches would
  /// take too long.
  private static let mostComparisons = 200_000

  /// What it counts that two elements are equal; maps that are alike count what they have in common.
  private static let equal = 1000

  /// The steps in order: equal elements stay, first of all those at both ends, then as many as possible.
  ///
  /// Of the others, maps are changed into those that they have most in common with, so that an owner's comments stay
  /// with that owner; what is left between them is changed one for one, and the rest goes or comes.
  static func steps(from old: [Value], to new: [Value]) -> [Alignment] {
    var steps: [Alignment] = []
    var nextOld = 0
    var nextNew = 0
    for (matchedOld, matchedNew) in matches(old, new) + [(old.count, new.count)] {
      while nextOld < matchedOld, nextNew < matchedNew {
        steps.append(.change(old: nextOld, new: nextNew))
        nextOld += 1
        nextNew += 1
      }
      steps += (nextOld..<matchedOld).map { .remove(old: $0) }
      steps += (nextNew..<matchedNew).map { .insert(new: $0) }
      if matchedOld < old.count {
        let isKept = old[matchedOld] == new[matchedNew]
        steps.append(
          isKept ? .keep(old: matchedOld, new: matchedNew) : .change(old: matchedOld, new: matchedNew))
      }
      nextOld = matchedOld + 1
      nextNew = matchedNew + 1
    }
    return steps
  }

  private static func matches(_ old: [Value], _ new: [Value]) -> [(Int, Int)] {
    let shorter = Swift.min(old.count, new.count)
    let start = (0..<shorter).first { old[$0] != new[$0] } ?? shorter
    let end =
      (0..<shorter - start).first { old[old.count - 1 - $0] != new[new.count - 1 - $0] } ?? shorter - start
    let within = bestMatches(Array(old[start..<old.count - end]), Array(new[start..<new.count - end]))
    return (0..<start).map { ($0, $0) } + within.map { ($0 + start, $1 + start) }
      + (0..<end).reversed().map { (old.count - 1 - $0, new.count - 1 - $0) }
  }

  /// The matches in order that count most in all.
  private static func bestMatches(_ old: [Value], _ new: [Value]) -> [(Int, Int)] {
    guard old.reduce(0, { $0 + comparisons($1) }) * new.count <= mostComparisons else {
      return zip(old, new).enumerated().filter { $0.element.0 == $0.element.1 }.map { ($0.offset, $0.offset) }
    }
    // best[i][j]: what the matches of old[i...] and new[j...] count at best.
    var best = Array(repeating: Array(repeating: 0, count: new.count + 1), count: old.count + 1)
    for i in old.indices.reversed() {
      for j in new.indices.reversed() {
        best[i][j] = Swift.max(
          best[i + 1][j + 1] + likeness(old[i], new[j]), best[i + 1][j], best[i][j + 1])
      }
    }
    var pairs: [(Int, Int)] = []
    var (i, j) = (0, 0)
    while i < old.count, j < new.count {
      let likeness = likeness(old[i], new[j])
      if likeness > 0, best[i][j] == best[i + 1][j + 1] + likeness {
        pairs.append((i, j))
        (i, j) = (i + 1, j + 1)
      } else if best[i + 1][j] >= best[i][j + 1] {
        i += 1
      } else {
        j += 1
      }
    }
    return pairs
  }

  /// How many values of an element are compared with those of another.
  private static func comparisons(_ value: Value) -> Int {
    if case .map(let mapping) = value { mapping.count + 1 } else { 1 }
  }

  private static func likeness(_ old: Value, _ new: Value) -> Int {
    if old == new { return equal }
    guard case .map(let old) = old, case .map(let new) = new else { return 0 }
    return Swift.min(old.entries.count { new[$0.key] == $0.value }, equal - 1)
  }
}
