import SkillsCore

/// What an import did: the answer of `git-to-skills`.
///
/// Lists are cut at 1,000 items; `counts` is complete.
public struct ImportReport: Encodable, Sendable {
  /// A skill that something happened to, and its file's path.
  public struct Item: Encodable, Sendable, Equatable {
    /// The skill's id.
    public var skillId: String
    /// The file's path in the repository.
    public var path: String
  }

  /// A file that was set aside, and why.
  public struct Failed: Encodable, Sendable, Equatable {
    /// The skill's id.
    public var skillId: String?
    /// The file's path in the repository.
    public var path: String
    /// The reason, and what a person can do.
    public var error: String

    /// Writes the lists, cut, and the counts.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Keys.self)
      // null, not left out, where the file belongs to no skill.
      try container.encode(skillId, forKey: .skillId)
      try container.encode(path, forKey: .path)
      try container.encode(error, forKey: .error)
    }

    private enum Keys: CodingKey { case skillId, path, error }
  }

  /// Made anew.
  public var created: [Item] = []
  /// Changed.
  public var updated: [Item] = []
  /// Moved to another path.
  public var renamed: [Item] = []
  /// Made inactive, as the file was deleted.
  public var archived: [Item] = []
  /// Deleted.
  public var deleted: [Item] = []
  /// Skills that an event named and that were as they should be: an import's events name none.
  public var unchanged: [Item] = []
  /// Left as they are on both sides, until a person decides.
  public var conflicts: [Item] = []
  /// Set aside, with the reason.
  public var failed: [Failed] {
    failures.map {
      Failed(skillId: $0.skillID, path: $0.path ?? "", error: "\($0.reason.rawValue): \($0.message)")
    }
  }
  /// The files that are set aside.
  var failures: [Failure] = []
  /// Those of them that weren't set aside before with the same content.
  var newFailures: [Failure] = []
  /// Rows whose deletion waits for a confirmation.
  public var held: HeldReport?
  /// Whether a person stopped both functions, so that nothing was done.
  public var isPaused = false
  /// Whether `SYNC_DIRECTION` has it the other way alone, so that nothing was done.
  public var isOtherWay = false
  /// The recorded tip afterwards.
  public var tip: String?
  /// The commit that an import made the recorded tip; nil where it was before, or became it as one of ours.
  var imported: String?
  /// For SQS, the messages that failed, to be delivered again; nil for other events.
  public var batchItemFailures: [BatchItemFailure]?

  /// A report of nothing done.
  public init() {}

  mutating func add(_ outcomes: [ImportPlan.Outcome]) {
    for outcome in outcomes {
      let item = Item(skillId: outcome.skillID, path: outcome.path)
      switch outcome.kind {
      case .created: created.append(item)
      case .updated: updated.append(item)
      case .renamed: renamed.append(item)
      case .archived: archived.append(item)
      case .deleted: deleted.append(item)
      case .conflict: conflicts.append(item)
      case .recorded: break
      }
    }
  }

  /// How many skills each list has, uncut.
  public var counts: [String: Int] {
    [
      "created": created.count, "updated": updated.count, "renamed": renamed.count,
      "archived": archived.count,
      "deleted": deleted.count, "unchanged": unchanged.count, "conflicts": conflicts.count,
      "failed": failures.count,
    ]
  }

  /// Writes the lists, cut, and the counts.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(shortened(created), forKey: .created)
    try container.encode(shortened(updated), forKey: .updated)
    try container.encode(shortened(renamed), forKey: .renamed)
    try container.encode(shortened(archived), forKey: .archived)
    try container.encode(shortened(deleted), forKey: .deleted)
    try container.encode(shortened(unchanged), forKey: .unchanged)
    try container.encode(shortened(conflicts), forKey: .conflicts)
    try container.encode(shortened(failed), forKey: .failed)
    try container.encode(held, forKey: .held)
    try container.encode(isPaused, forKey: .paused)
    try container.encode(isOtherWay, forKey: .otherWay)
    try container.encode(tip, forKey: .tip)
    try container.encode(counts, forKey: .counts)
    try container.encodeIfPresent(batchItemFailures, forKey: .batchItemFailures)
  }

  private enum Keys: CodingKey {
    case created, updated, renamed, archived, deleted, unchanged, conflicts, failed, held, paused, otherWay,
      tip,
      counts,
      batchItemFailures
  }
}

/// The part of a list that an answer shows: it must stay under Lambda's 6 MB.
func shortened<Element>(_ list: [Element]) -> [Element] { Array(list.prefix(1_000)) }
