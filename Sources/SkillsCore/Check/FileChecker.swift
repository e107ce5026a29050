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
      if let (message, keys) = problem(with: document, path: path) ?? doubt(about: document) {
        let place = place(ofAnyOf: keys, in: bytes)
        checked.finding = CheckFinding(message: message, line: place.line, column: place.column)
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

  /// Why the file can't be a skill beside those before it, and the keys that it is about; nil if it can.
  private mutating func problem(
    with document: Document, path: String
  ) -> (message: String, keys: [String])? {
    guard case .map(let values) = document.frontMatter else {
      return ("the front matter must be keys with values (`title: …`), but is a single value or a list", [])
    }
    let file = SkillFile(values: values, body: document.body)
    let title: String
    let id: String?
    do {
      title = try SkillValues(file, fields: .all).title
    } catch {
      return (
        error.description, ["title", "name"] + (SkillValues.keyLikeTitle(in: values).map { [$0] } ?? [])
      )
    }
    do {
      id = try skillID(in: file)
    } catch {
      return (error.description, ["id"])
    }

    // Upper and lower case, and accents written in one character or two, which Swift's texts take for the same.
    if let other = Self.owner(of: path.lowercased(), in: &pathsByFoldedPath, path: path) {
      return (
        "many file systems take this name and \(other) for one: rename the file", []
      )
    }
    if let id, let other = Self.owner(of: Array(id.utf8), in: &pathsByID, path: path) {
      return (
        "the id `\(id)` is already that of \(other): delete the id line to make this a skill of its own",
        ["id"]
      )
    }
    if let other = Self.owner(of: Array(title.utf8), in: &pathsByTitle, path: path) {
      return ("the title is already that of \(other): choose another", ["title", "name"])
    }
    return slugProblem(title: title, id: id, path: path)
  }

  /// Two titles that come to one file name are fine once we have told them apart by a digest of the id.
  private mutating func slugProblem(
    title: String, id: String?, path: String
  ) -> (message: String, keys: [String])? {
    guard let slug = slug(of: title) else { return nil }
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    let name = path.dropFirst(folder.count)
    if let id, fileNames(title: title, id: id).dropFirst().contains(where: { "\($0).md" == name }) {
      return nil
    }
    guard let other = Self.owner(of: folder + slug, in: &pathsBySlug, path: path) else { return nil }
    return (
      "the title gives the file name \(slug).md, and so does that of \(other): choose a title that differs in "
        + "letters or digits", ["title", "name"]
    )
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

/// A line as text.
private func line(_ number: Int, of bytes: [UInt8]) -> String {
  let line = numberedLines(of: bytes).dropFirst(number - 1).first { _ in true }?.line ?? []
  return String(decoding: line, as: UTF8.self)
}
