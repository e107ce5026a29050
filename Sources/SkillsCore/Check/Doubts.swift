import SkillFiles

/// What a file says that was hardly meant, though it can be a skill; nil if nothing is odd.
func doubt(about document: Document) -> CheckProblem? {
  guard case .map(let values) = document.frontMatter else { return nil }
  if document.isUnclosed {
    return CheckProblem("the closing `---` is missing, so all of the file is read as front matter", [])
  }
  if case .date(let milliseconds) = values["title"] {
    return CheckProblem(
      "the title is read as a date, `\(isoTime(milliseconds: milliseconds))`: put it in quotes", ["title"])
  }
  if let active = values["active"], active != .null, active != .boolean(true), active != .boolean(false) {
    return CheckProblem("only `active: false` takes a skill out of use: write true or false", ["active"])
  }
  if case .map = values["categories"] {
    return CheckProblem("the categories must be a list, or one text", ["categories"])
  }
  return nil
}

/// The line on which a conflict of git's begins, if it isn't after the finding that it may be the cause of.
///
/// Without one there is no conflict: a skill may be about git.
func conflictMarker(in bytes: [UInt8], before finding: CheckFinding?) -> Int? {
  guard let finding else { return nil }
  let marker = Array("<<<<<<< ".utf8)
  for (number, line) in numberedLines(of: bytes).prefix(finding.line) where line.starts(with: marker) {
    return number
  }
  return nil
}

/// The first line of YAML front matter that begins with a tab and says something.
func tabbedLine(in bytes: [UInt8]) -> Int? {
  let fence = Array("---".utf8)
  for (number, line) in numberedLines(of: bytes) {
    if number == 1 {
      guard String(decoding: line, as: UTF8.self).trimmed() == "---" else { return nil }
    } else if line.starts(with: fence) {
      return nil
    }
    if line.first == 9, line.contains(where: { $0 > 32 }) { return number }
  }
  return nil
}

/// The lines as `Place` counts them, from 1, without their ends; each is looked for when it is asked for.
func numberedLines(of bytes: [UInt8]) -> some Sequence<(number: Int, line: ArraySlice<UInt8>)> {
  sequence(state: (number: 0, rest: Optional(bytes[...]))) { state in
    guard let rest = state.rest else { return nil }
    state.number += 1
    guard let end = rest.firstIndex(where: { $0 == 10 || $0 == 13 }) else {
      state.rest = nil
      return (state.number, rest)
    }
    let isPair = rest[end] == 13 && end + 1 < rest.endIndex && rest[end + 1] == 10
    state.rest = rest[(end + (isPair ? 2 : 1))...]
    return (state.number, rest[..<end])
  }
}
