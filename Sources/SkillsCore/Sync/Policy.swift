/// What happens where both sides changed the same thing.
public enum ConflictPolicy: String, CaseIterable, Sendable {
  /// Field by field and line by line; what overlaps goes to the last writer.
  case merge
  /// The whole skill goes to the last writer.
  case lastWriteWins = "last-write-wins"
  /// Both sides stay as they are until a person decides.
  case manual
}

/// What happens to the row of a skill whose file was deleted in git.
public enum GitDeletePolicy: String, CaseIterable, Sendable {
  /// The row becomes inactive.
  case archive
  /// The row is deleted.
  case delete
}
