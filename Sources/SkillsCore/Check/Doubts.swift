import SkillFiles

/// What a file says that was hardly meant, though it can be a skill, and the keys that it is about; nil if nothing is odd.
func doubt(about document: Document) -> (message: String, keys: [String])? {
  guard case .map(let values) = document.frontMatter else { return nil }
  if document.isUnclosed {
    return ("the closing `---` is missing, so all of the file is read as front matter", [])
  }
  if case .date(let milliseconds) = values["title"] {
    return (
      "the title is read as a date, `\(isoTime(milliseconds: milliseconds))`: put it in quotes", ["title"]
    )
  }
  if let active = values["active"], active != .null, active != .boolean(true), active != .boolean(false) {
    return ("only `active: false` takes a skill out of use: write true or false", ["active"])
  }
  if case .map = values["categories"] {
    return ("the categories must be a list, or one text", ["categories"])
  }
  return nil
}

/// The line on which a conflict of git's begins, if it isn't after the finding that it may be the cause of.
///
/// Without one there is no conflict: a skill may be about git.
func conflictMarker(in bytes: [UInt8], before finding: CheckFinding?) -> Int? {
  guard let finding else { return nil }
  return firstLine(of: bytes) { number, line in
    number <= finding.line && line.starts(with: Array("<<<<<<< ".utf8))
  }
}

/// The first line of YAML front matter that begins with a tab and says something.
func tabbedLine(in bytes: [UInt8]) -> Int? {
  let fence = Array("---".utf8)
  var isFrontMatter = false
  return firstLine(of: bytes) { number, line in
    if number == 1 {
      isFrontMatter = String(decoding: line, as: UTF8.self).trimmed() == "---"
    } else if line.starts(with: fence) {
      isFrontMatter = false
    }
    return isFrontMatter && line.first == 9 && line.contains { $0 > 32 }
  }
}

/// The number, from 1, of the first line that ends with LF and fits.
private func firstLine(of bytes: [UInt8], _ fits: (Int, ArraySlice<UInt8>) -> Bool) -> Int? {
  var number = 0
  for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
    number += 1
    if fits(number, line) { return number }
  }
  return nil
}
