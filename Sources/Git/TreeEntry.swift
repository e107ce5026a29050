/// A file of a commit.
public struct TreeEntry: Hashable, Sendable {
  /// What an entry is (https://git-scm.com/docs/git-fast-import#_filemodify lists the modes).
  public enum Kind: String, Sendable {
    /// An ordinary file.
    case file = "100644"
    /// A file that may be executed.
    case executable = "100755"
    /// A symbolic link; its content is the target.
    case symbolicLink = "120000"
    /// A commit of another repository.
    case submodule = "160000"
  }

  /// From the repository's root, parts separated by `/`.
  public let path: String
  /// Whether `path` is the path.
  ///
  /// If not, it isn't UTF-8 in the repository: a replacement character stands for each part that isn't, and
  /// no such file can be written.
  public let isPathExact: Bool
  /// What it is.
  public let kind: Kind
  /// The content: a blob's, or a submodule's commit.
  public let object: ObjectID

  /// As git prints its parts.
  init(path: ArraySlice<UInt8>, mode: String, object: ObjectID) {
    let exact = String(validating: path, as: UTF8.self)
    self.path = exact ?? String(decoding: path, as: UTF8.self)
    isPathExact = exact != nil
    // Old tools wrote 100664 and the like.
    kind = Kind(rawValue: mode) ?? .file
    self.object = object
  }

  /// What `git fast-import` answers when it is asked for `path`: `<mode> SP <type> SP <object> TAB <path>`; nil for a folder
  /// and `missing SP <path>` (https://git-scm.com/docs/git-fast-import#_ls).
  init?(answer: String, of path: String) {
    let parts = answer.parts(between: "\t")
    let words = parts[0].parts(between: " ")
    guard parts.count == 2, words.count == 3, words[1] != "tree", let object = ObjectID(words[2]) else {
      return nil
    }
    self.init(path: Array(path.utf8)[...], mode: words[0], object: object)
  }
}

/// A file that differs between two commits.
public struct TreeChange: Hashable, Sendable {
  /// As it was; nil for a new one.
  public let old: TreeEntry?
  /// As it is; nil where it is gone.
  public let new: TreeEntry?

  /// Reads what `git diff-tree --raw -z` prints of each:
  /// `:<old mode> SP <new mode> SP <old object> SP <new object> SP <status> NUL <path> NUL`.
  static func list(_ output: [UInt8]) throws -> [TreeChange] {
    let parts = output.split(separator: 0)
    return try stride(from: 0, to: parts.count, by: 2).map { index in
      let words = String(decoding: parts[index].dropFirst(), as: UTF8.self).parts(between: " ")
      guard words.count == 5, index + 1 < parts.count, let old = ObjectID(words[2]),
        let new = ObjectID(words[3])
      else { throw GitError(.corruptCache, command: "diff-tree", "a line can't be read") }
      func entry(_ mode: String, _ object: ObjectID) -> TreeEntry? {
        mode == "000000" ? nil : TreeEntry(path: parts[index + 1], mode: mode, object: object)
      }
      return TreeChange(old: entry(words[0], old), new: entry(words[1], new))
    }
  }
}

/// Reads what `git ls-tree -z` prints: `<mode> SP <type> SP <object> TAB <path> NUL`.
struct TreeListing {
  private(set) var entries: [TreeEntry] = []
  private var rest: [UInt8] = []

  mutating func append(_ piece: [UInt8]) throws {
    rest += piece
    var start = 0
    while let end = rest[start...].firstIndex(of: 0) {
      entries.append(try entry(rest[start..<end]))
      start = end + 1
    }
    rest.removeFirst(start)
  }

  private func entry(_ line: ArraySlice<UInt8>) throws -> TreeEntry {
    let fields = line.split(separator: UInt8(ascii: "\t"), maxSplits: 1)
    let words = fields.first.map { String(decoding: $0, as: UTF8.self).parts(between: " ") } ?? []
    guard fields.count == 2, words.count == 3, let object = ObjectID(words[2]) else {
      throw GitError(.corruptCache, command: "ls-tree", "a line can't be read")
    }
    return TreeEntry(path: fields[1], mode: words[0], object: object)
  }
}
