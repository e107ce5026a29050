import Cryptography

/// Which side a change comes to.
public enum SyncWay: String, CaseIterable, Sendable {
  /// From files to rows.
  case `import`
  /// From rows to files.
  case export
}

/// Deletions that are kept from being carried out until a person confirms just these.
public struct HeldDeletions: Equatable, Sendable {
  /// The side that they would come to.
  public var way: SyncWay
  /// The skills that would go, in order.
  public var skillIDs: [String]

  /// These skills, in whatever order.
  public init(_ way: SyncWay, skillIDs: some Sequence<String>) {
    self.way = way
    self.skillIDs = skillIDs.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Twelve hexadecimal digits of SHA-256 over way and skills: what a person confirms, so that a set that grew meanwhile
  /// needs another confirmation.
  public var digest: String {
    // No id holds a line feed.
    let text = ([way.rawValue] + skillIDs).joined(separator: "\n")
    return String(hexadecimal(sha256(Array(text.utf8))).prefix(12))
  }
}

/// Tells the deletions of every day from those that nobody may have meant: a folder that was moved away, a table that was
/// emptied, a branch that was made anew.
public enum DeletionGuard {
  /// However few skills there are, so many may go.
  public static let alwaysAllowed = 10

  /// The deletions of one run that are held; nil for none.
  ///
  /// What was held before stays so until it is confirmed, although what is left of it would be few by now.
  ///
  /// - Parameters:
  ///   - deletions: the skills that would go; a file that moved isn't one.
  ///   - skills: how many both sides had.
  ///   - placeIsGone: whether the folder of the skills is gone. With a single skill that is how its deletion looks, so
  ///     then it says nothing.
  ///   - recorded: what was held before.
  ///   - confirmation: the digest of the set that a person lets through.
  public static func held(
    _ way: SyncWay, deletions: [String], of skills: Int, placeIsGone: Bool = false, recorded: HeldDeletions?,
    confirmation: String?
  ) -> HeldDeletions? {
    let areMany =
      deletions.count > alwaysAllowed && deletions.count * 2 > skills || placeIsGone && skills > 1
    let before = Set(recorded?.skillIDs ?? [])
    let held = HeldDeletions(way, skillIDs: areMany ? deletions : deletions.filter(before.contains))
    return held.skillIDs.isEmpty || held.digest == confirmation ? nil : held
  }
}
