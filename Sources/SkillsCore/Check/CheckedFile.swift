import SkillFiles

/// What is wrong with a file, and where: the form of `error` and `warning` in a check's output.
public struct CheckFinding: Equatable, Sendable {
  /// What is wrong and what can be done, in a sentence without the place.
  public var message: String
  /// The file's line, from 1.
  public var line: Int
  /// The column on it, from 1, in Unicode scalars.
  public var column: Int

  /// A finding at a place.
  public init(message: String, line: Int, column: Int) {
    self.message = message
    self.line = line
    self.column = column
  }
}

/// What a check found in one file.
public struct CheckedFile: Equatable, Sendable {
  /// What was read of a file that can be read.
  public struct Content: Equatable, Sendable {
    /// The front matter; an empty map where there is none.
    public var frontMatter: Value
    /// SHA-256 of the body's bytes in UTF-8, in hexadecimal digits.
    public var bodyDigest: String
    /// How many bytes the body has in UTF-8.
    public var bodyLength: Int
  }

  /// Another file that the finding is about as well: which of the two is the newer one a check can't know.
  public struct Counterpart: Equatable, Sendable {
    /// Its path as it is to be shown.
    public var path: String
    /// Its own finding.
    public var finding: CheckFinding

    /// Another file that a finding is about.
    public init(path: String, finding: CheckFinding) {
      self.path = path
      self.finding = finding
    }
  }

  /// The path as it is to be shown.
  public var path: String
  /// What was read; nil for a file that can't be.
  public var content: Content?
  /// Why it can't be read, or why it can't be a skill; nil where nothing is wrong.
  public var finding: CheckFinding?
  /// The other file of an id or a title that two files have.
  public var counterpart: Counterpart?
  /// The line that the finding is about, without its line end; empty where nothing is wrong.
  public var findingLine = ""

  /// Whether the file can be read.
  public var isReadable: Bool { content != nil }
}
