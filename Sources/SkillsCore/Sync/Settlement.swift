/// What a person takes where a conflict waits.
public enum Settlement: Equatable, Sendable {
  /// What the row says; an export brings it into the file.
  case row
  /// What the file says.
  case file
  /// Something else, on both sides.
  case values(SkillValues)
}

/// Decides about a conflict as a person did, in place of `reconcile`: the base becomes the file as it was found, so that
/// what the row says otherwise is a change for the next export, and both texts are kept.
public func settle(_ settlement: Settlement, row: Row, file: File) -> Decision {
  let effect: Decision.RowEffect =
    switch settlement {
    case .row: .keep
    case .file: .write(file.values)
    case .values(let values): .write(values)
    }
  return Decision(.settledByHand, row: effect, base: .asFound, record: .settled)
}
