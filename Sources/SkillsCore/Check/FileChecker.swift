import Cryptography
import SkillFiles

/// Checks skill files one after the other, as an import would look at them: whether each can be read, and whether it can
/// be a skill beside those before it.
///
/// Of the files before it keeps ids, titles and paths only.
public struct FileChecker {
  /// The largest file that is read, in bytes.
  public static let largestFile = SkillFiles.largestFile

  private var pathsByID: [[UInt8]: String] = [:]
  private var pathsByTitle: [[UInt8]: String] = [:]
  private var pathsBySlug: [String: String] = [:]
  private var pathsByFoldedPath: [String: String] = [:]

  /// A check that has seen no file.
  public init() {}

  /// What is found in the file `bytes`, shown as `path`.
  public mutating func check(_ bytes: [UInt8], path: String) -> CheckedFile {
    var checked = CheckedFile(path: path)
    do {
      let document = try readDocument(bytes)
      let body = Array(document.body.utf8)
      checked.content = CheckedFile.Content(
        frontMatter: document.frontMatter, bodyDigest: hexadecimal(sha256(body)), bodyLength: body.count)
      if let problem = problem(with: document, path: path) ?? doubt(about: document) {
        let place = place(ofAnyOf: problem.keys, in: bytes)
        checked.finding = CheckFinding(message: problem.message, line: place.line, column: place.column)
        checked.counterpart = problem.counterpart
      } else if let line = tabbedLine(in: bytes) {
        checked.finding = CheckFinding(
          message: "this line is indented with a tab, which counts as nothing: use spaces", line: line,
          column: 1)
      }
    } catch {
      checked.finding = CheckFinding(message: error.message, line: error.line, column: error.column)
    }
    if let line = conflictMarker(in: bytes, before: checked.finding) {
      checked.finding = CheckFinding(
        message: "a merge conflict isn't settled here: keep one of its texts, and delete the lines with "
          + "<<<<<<<, ======= and >>>>>>>", line: line, column: 1)
    }
    if let finding = checked.finding { checked.findingLine = line(finding.line, of: bytes) }
    return checked
  }

  /// What is found of a path that can't be read at all, in a sentence.
  public static func unreadable(_ path: String, because message: String) -> CheckedFile {
    CheckedFile(path: path, finding: CheckFinding(message: message, line: 1, column: 1))
  }

  /// Why the file can't be a skill beside those before it; nil if it can.
  private mutating func problem(with document: Document, path: String) -> CheckProblem? {
    guard case .map(let values) = document.frontMatter else {
      return CheckProblem(
        "the front matter must be keys with values (`title: …`), but is a single value or a list", [])
    }
    let file = SkillFile(values: values, body: document.body)
    let title: String
    let id: String?
    do {
      title = try SkillValues(file, fields: .all).title
    } catch {
      return CheckProblem(
        error.description, ["title", "name"] + (SkillValues.keyLikeTitle(in: values).map { [$0] } ?? []))
    }
    do {
      id = try skillID(in: file)
    } catch {
      return CheckProblem(error.description, ["id"])
    }

    // Upper and lower case, and accents written in one character or two, which Swift's texts take for the same.
    if let other = Self.owner(of: path.lowercased(), in: &pathsByFoldedPath, path: path) {
      return CheckProblem("many file systems take this name and \(other) for one: rename the file", [])
    }
    if let id, let other = Self.owner(of: Array(id.utf8), in: &pathsByID, path: path) {
      // Which of them is the copy, their contents don't tell; the older one without its id would be another skill.
      return CheckProblem(["id"], of: path, and: other) {
        "the id `\(id)` is also that of \($0): delete the id line of the newer one of the two"
      }
    }
    if let other = Self.owner(of: Array(title.utf8), in: &pathsByTitle, path: path) {
      return CheckProblem(["title", "name"], of: path, and: other) {
        "the title is also that of \($0): choose another for the newer one of the two"
      }
    }
    return slugProblem(title: title, id: id, path: path)
  }

  /// Two titles that come to one file name are fine once we have told them apart by a digest of the id.
  private mutating func slugProblem(title: String, id: String?, path: String) -> CheckProblem? {
    guard let slug = slug(of: title) else { return nil }
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    let name = path.dropFirst(folder.count)
    if let id, fileNames(title: title, id: id).dropFirst().contains(where: { "\($0).md" == name }) {
      return nil
    }
    guard let other = Self.owner(of: folder + slug, in: &pathsBySlug, path: path) else { return nil }
    return CheckProblem(["title", "name"], of: path, and: other) {
      "the title gives the file name \(slug).md, and so does that of \($0): choose a title that differs in letters or "
        + "digits"
    }
  }

  /// The path that has `key` already; else `path` has it from now on.
  private static func owner<Key: Hashable>(
    of key: Key, in paths: inout [Key: String], path: String
  ) -> String? {
    if let other = paths[key] { return other }
    paths[key] = path
    return nil
  }
}

/// What is wrong with a file that can be read.
struct CheckProblem {
  var message: String
  /// The keys that it is about, for its place.
  var keys: [String]
  var counterpart: CheckedFile.Counterpart?

  init(_ message: String, _ keys: [String]) {
    self.message = message
    self.keys = keys
  }

  /// A problem of two files; `message` names the other one.
  init(_ keys: [String], of path: String, and other: String, message: (String) -> String) {
    self.init(message(other), keys)
    counterpart = CheckedFile.Counterpart(
      path: other, finding: CheckFinding(message: message(path), line: 1, column: 1))
  }
}

/// A line as text.
private func line(_ number: Int, of bytes: [UInt8]) -> String {
  let line = numberedLines(of: bytes).dropFirst(number - 1).first { _ in true }?.line ?? []
  return String(decoding: line, as: UTF8.self)
}
