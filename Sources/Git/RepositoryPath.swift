/// Why a commit of ours can't hold `path`, or nil.
public func problemWithPath(_ path: String) -> String? {
  do { try validatePath(path) } catch { return "\(error)" }
  return nil
}

/// Refuses a path that a commit must not hold: one that git, or a checkout on some system, would take
/// for something else than a file of that name below the repository's root.
///
/// - Throws: ``GitError`` with the code `invalidPath`.
func validatePath(_ path: String) throws {
  if isPlain(path) { return }
  func invalid(_ reason: String) -> GitError {
    GitError(.invalidPath, "the path \"\(path.printable)\" \(reason)", suggestion: "rename it")
  }
  guard !path.isEmpty else { throw invalid("is empty") }
  // PATH_MAX, with room for the folder of a checkout.
  guard path.utf8.count <= 3_900 else { throw invalid("is too long") }
  for scalar in path.unicodeScalars {
    if scalar.properties.generalCategory == .control { throw invalid("has a control character") }
    if scalar == "\\" { throw invalid("has a backslash, which Windows takes for a folder") }
  }
  for component in path.parts(between: "/") {
    guard !component.isEmpty else { throw invalid("is absolute or has an empty component") }
    guard component != ".", component != ".." else { throw invalid("has a component \"\(component)\"") }
    // NAME_MAX of every usual file system.
    guard component.utf8.count <= 255 else { throw invalid("has a component of more than 255 bytes") }
    guard !isGitFolder(component) else { throw invalid("goes into git's own folder") }
  }
}

/// Whether a path is made of letters, digits, dashes and single dots between them, as most are: nothing of the rest applies.
private func isPlain(_ path: String) -> Bool {
  let (slash, dot) = (UInt8(ascii: "/"), UInt8(ascii: "."))
  var previous = slash
  var length = 0
  for byte in path.utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      length += 1
    case slash, dot:
      if previous == slash || previous == dot { return false }
      length = byte == slash ? 0 : length + 1
    default: return false
    }
    if length > 255 { return false }
    previous = byte
  }
  return previous != slash && previous != dot && path.utf8.count <= 3_900
}

/// Whether some file system takes `component` for `.git`: HFS+ ignores some characters and case, NTFS
/// trailing dots, spaces, what follows a colon, and knows `.git` by its short name too
/// (git's own `verify_path`; CVE-2014-9390, CVE-2019-1352).
private func isGitFolder(_ component: String) -> Bool {
  let visible = component.unicodeScalars.filter {
    switch $0.value {
    case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: false
    default: true
    }
  }
  var name = visible.prefix { $0 != ":" }.map { $0.properties.lowercaseMapping }
  while let last = name.last, last == " " || last == "." { name.removeLast() }
  return name.joined() == ".git" || name.joined() == "git~1"
}
