import SkillFiles

/// Whether the web application shows a row to its readers.
public enum Publication: Equatable, Sendable {
  /// Its readers see it.
  case published
  /// A draft, or in review: what it says stays in the database.
  case draft
  /// Taken out of use.
  case archived
}

/// The database's side of a skill.
public struct Row: Equatable, Sendable {
  /// What it says.
  public var values: SkillValues
  /// Whether the application shows it.
  public var publication: Publication

  /// A row that says `values`.
  public init(values: SkillValues, publication: Publication = .published) {
    self.values = values
    self.publication = publication
  }
}

/// Git's side of a skill: the values projected out of a file's bytes.
public struct File: Equatable, Sendable {
  /// Where it is, from the repository's root.
  public var path: String
  /// The id of its blob, in hexadecimal digits.
  public var blob: String
  /// What it says.
  public var values: SkillValues

  /// A file that says `values`.
  public init(path: String, blob: String, values: SkillValues) {
    self.path = path
    self.blob = blob
    self.values = values
  }
}

/// The last version that both sides agreed on.
public struct Base: Equatable, Sendable {
  /// Whether both sides had the skill.
  public enum State: String, Sendable {
    /// They had.
    case present
    /// What was deleted or archived, kept so that it doesn't come back.
    case tombstone
  }

  /// Where the file was, from the repository's root.
  public var path: String
  /// The id of the file's blob, in hexadecimal digits.
  public var blob: String
  /// What the file said.
  public var values: SkillValues
  /// What the base said before the last import wrote the row; nil if none did since the last export.
  public var previousValues: SkillValues?
  /// Whether it stands for a skill that is there or for one that was taken out.
  public var state: State

  /// A base that says `values`.
  public init(
    path: String, blob: String, values: SkillValues, previousValues: SkillValues? = nil,
    state: State = .present
  ) {
    self.path = path
    self.blob = blob
    self.values = values
    self.previousValues = previousValues
    self.state = state
  }
}
