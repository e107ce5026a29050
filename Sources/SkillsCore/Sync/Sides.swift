import SkillFiles

/// Whether the web application shows a row to its readers.
public enum Publication: Equatable, Sendable {
  case published
  /// A draft, or in review: what it says stays in the database.
  case draft
  /// Taken out of use.
  case archived
}

/// The database's side of a skill.
public struct Row: Equatable, Sendable {
  public var values: SkillValues
  public var publication: Publication

  public init(values: SkillValues, publication: Publication = .published) {
    self.values = values
    self.publication = publication
  }
}

/// Git's side of a skill: the values projected out of a file's bytes.
public struct File: Equatable, Sendable {
  public var path: String
  public var blob: String
  public var values: SkillValues

  public init(path: String, blob: String, values: SkillValues) {
    self.path = path
    self.blob = blob
    self.values = values
  }
}

/// The last version that both sides agreed on.
public struct Base: Equatable, Sendable {
  public enum State: String, Sendable {
    case present
    /// What was deleted or archived, kept so that it doesn't come back.
    case tombstone
  }

  public var path: String
  public var blob: String
  public var values: SkillValues
  /// What the base said before the last import wrote the row; nil if none did since the last export.
  public var previousValues: SkillValues?
  public var state: State

  public init(
    path: String, blob: String, values: SkillValues, previousValues: SkillValues? = nil, state: State = .present
  ) {
    self.path = path
    self.blob = blob
    self.values = values
    self.previousValues = previousValues
    self.state = state
  }
}
