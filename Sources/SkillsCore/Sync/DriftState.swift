/// Whether both sides of a skill agree, and if they don't, what they wait for.
public enum DriftState: String, CaseIterable, Encodable, Sendable {
  /// Row, base and file say the same.
  case inSync = "in sync"
  /// The row was changed, and the outbox has it.
  case pendingExport = "pending export"
  /// The branch moved, and the file with it.
  case pendingImport = "pending import"
  /// Both sides were changed, and a person decides.
  case conflict
  /// The row or the file is set aside.
  case failed
  /// Its deletion waits for a confirmation.
  case held
  /// There is a row and no file, and nothing waits that would explain it.
  case missingInGit = "missing in git"
  /// There is a file and no row, and nothing waits that would explain it.
  case missingInDatabase = "missing in database"
  /// Row or file isn't at the base, and nothing waits that would explain it.
  case differs
}

/// What is known of a skill's two sides without reading their texts.
public struct DriftSides: Equatable, Sendable {
  /// One side beside the base; without a base, what is there counts as changed.
  public enum Side: Sendable, CaseIterable { case atBase, changed, missing }

  /// The row.
  public var row: Side
  /// The file.
  public var file: Side
  /// Whether there is a base, and no tombstone.
  public var hasBase: Bool
  /// Whether the outbox has a change of the row.
  public var isRowWaiting: Bool
  /// Whether the branch is elsewhere than the recorded tip.
  public var isTipNew: Bool

  /// What is known of a skill's two sides.
  public init(row: Side, file: Side, hasBase: Bool, isRowWaiting: Bool, isTipNew: Bool) {
    self.row = row
    self.file = file
    self.hasBase = hasBase
    self.isRowWaiting = isRowWaiting
    self.isTipNew = isTipNew
  }

  /// What the sides wait for, of a skill that isn't held, in conflict or set aside.
  public var state: DriftState {
    let isImportPending = isTipNew && (hasBase ? file != .atBase : file == .changed)
    switch (row, file) {
    case (.atBase, .atBase): return .inSync
    case _ where isImportPending: return .pendingImport
    case _ where isRowWaiting && row != .atBase: return .pendingExport
    case (.missing, .missing): return hasBase ? .differs : .inSync
    case (_, .missing): return .missingInGit
    case (.missing, _): return .missingInDatabase
    default: return .differs
    }
  }
}
