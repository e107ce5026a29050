/// What is to be done about one skill.
///
/// Both executables ask the same question and each carries out its own part: an import the row's, an export the file's.
public struct Decision: Equatable, Sendable {
  /// Why, as a constant text shared by logs, records and answers.
  public enum Reason: String, CaseIterable, Sendable {
    /// Both sides are as they are recorded.
    case nothing
    /// Only a published row: git gets its file.
    case createFile = "create file"
    /// Only a file: the database gets its row.
    case createRow = "create row"
    /// Both were there before the first sync, and say the same.
    case adopt
    /// Both differ, and nothing tells which is right: a person decides.
    case conflict
    /// Neither side has it any more.
    case bothDeleted = "both deleted"
    /// The file of a deleted skill was added again.
    case createRowAnew = "create row anew"
    /// The row of a skill that was taken out is in use again.
    case createFileAnew = "create file anew"
    /// The row was deleted, and nobody edited the file.
    case deleteFile = "delete file"
    /// The file was deleted, and nobody edited the row.
    case archiveRow = "archive row"
    /// One side deleted what the other edited.
    case editBeatsDelete = "edit beats delete"
    /// Both say the same, and the base is behind.
    case sameChange = "same change"
    /// Only the file changed.
    case writeRow = "write row"
    /// Only the row changed.
    case writeFile = "write file"
    /// The row is back at what it said before the last import: a form opened before that was saved after it.
    case staleSave = "a save undid an import"
    /// Both changed: their changes are joined.
    case merge
    /// Both changed: the later one wins as a whole.
    case lastWriteWins = "last write wins"
    /// A person decided about a conflict.
    case settledByHand = "settled by hand"
  }

  /// What an import does to the row.
  public enum RowEffect: Equatable, Sendable {
    /// Nothing.
    case keep
    /// Write these values; where the base is a tombstone, an archived row comes back into use.
    case write(SkillValues)
    /// Take it out of use, whatever it says.
    case archive
    /// Delete it.
    case delete
  }

  /// What an export does to the file.
  public enum FileEffect: Equatable, Sendable {
    /// Nothing.
    case keep
    /// Write these values, into the file as it is where there is one.
    case write(SkillValues)
    /// Delete it.
    case delete
  }

  /// What becomes of the base when an import carries the decision out.
  public enum BaseEffect: Equatable, Sendable {
    /// Nothing.
    case keep
    /// The base becomes the file as it was found.
    case asFound
    /// The base becomes a tombstone.
    case tombstone
  }

  /// What loses, kept where a person finds it.
  public enum Record: Equatable, Sendable {
    /// Nothing lost.
    case none
    /// Decided; both texts are kept for reference.
    case settled
    /// Waits for a person; both sides stay.
    case open
  }

  /// Why.
  public var reason: Reason
  /// The row's part.
  public var row: RowEffect
  /// The file's part.
  public var file: FileEffect
  /// The base's part.
  public var base: BaseEffect
  /// What is kept for a person to look at.
  public var record: Record

  /// A decision that, unless something else is said, changes nothing.
  public init(
    _ reason: Reason, row: RowEffect = .keep, file: FileEffect = .keep, base: BaseEffect = .keep,
    record: Record = .none
  ) {
    self.reason = reason
    self.row = row
    self.file = file
    self.base = base
    self.record = record
  }

  /// Nothing is to be done.
  public static let nothing = Decision(.nothing)
}
