/// What is to be done about one skill. Both executables ask the same question and each carries out its own part:
/// an import the row's, an export the file's.
public struct Decision: Equatable, Sendable {
  /// Why, as a constant text shared by logs, records and answers.
  public enum Reason: String, CaseIterable, Sendable {
    case nothing
    case createFile = "create file"
    case createRow = "create row"
    case adopt
    case conflict
    case bothDeleted = "both deleted"
    case createRowAnew = "create row anew"
    case createFileAnew = "create file anew"
    case deleteFile = "delete file"
    case archiveRow = "archive row"
    case editBeatsDelete = "edit beats delete"
    case sameChange = "same change"
    case writeRow = "write row"
    case writeFile = "write file"
    case staleSave = "a save undid an import"
    case merge
    case lastWriteWins = "last write wins"
  }

  public enum RowEffect: Equatable, Sendable {
    case keep
    /// Write these values; an archived row comes back into use.
    case write(SkillValues)
    case archive
    case delete
  }

  public enum FileEffect: Equatable, Sendable {
    case keep
    case write(SkillValues)
    case delete
  }

  public enum BaseEffect: Equatable, Sendable {
    case keep
    /// The base becomes the file as it was found.
    case asFound
    case tombstone
  }

  /// What loses, kept where a person finds it.
  public enum Record: Equatable, Sendable {
    case none
    /// Decided; both texts are kept for reference.
    case settled
    /// Waits for a person; both sides stay.
    case open
  }

  public var reason: Reason
  public var row: RowEffect
  public var file: FileEffect
  public var base: BaseEffect
  public var record: Record

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

  public static let nothing = Decision(.nothing)
}
