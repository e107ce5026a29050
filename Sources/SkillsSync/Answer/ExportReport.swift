import SkillsCore

/// What an export did: the answer of `skills-to-git`.
///
/// Lists hold skill ids and are cut at 1,000 items; `counts` is complete.
public struct ExportReport: Encodable, Sendable {
  /// A skill that was set aside, and why.
  public struct Failed: Encodable, Sendable, Equatable {
    /// The skill's id.
    public var skillId: String
    /// The reason, and what a person can do.
    public var error: String

    init(_ failure: Failure) {
      skillId = failure.skillID ?? ""
      error = "\(failure.reason.rawValue): \(failure.message)"
    }
  }

  /// Made anew.
  public var created: [String] = []
  /// Changed.
  public var updated: [String] = []
  /// Moved to another path.
  public var renamed: [String] = []
  /// Deleted.
  public var deleted: [String] = []
  /// Skills that the event named and that were as they should be.
  public var unchanged: [String] = []
  /// Left as they are on both sides, until a person decides.
  public var conflicts: [String] = []
  /// Set aside, with the reason.
  public var failed: [Failed] = []
  /// Files whose deletion waits for a confirmation.
  public var held: HeldReport?
  /// Whether a person stopped both functions, so that nothing was done.
  public var isPaused = false
  /// Whether `SYNC_DIRECTION` has it the other way alone, so that nothing was done.
  public var isOtherWay = false
  /// The commits that were pushed.
  public var commits: [String] = []
  /// How many changes still wait in the outbox.
  public var pending = 0
  /// For SQS, the messages that failed, to be delivered again; nil for other events.
  public var batchItemFailures: [BatchItemFailure]?

  /// A report of nothing done.
  public init() {}

  mutating func add(_ plan: ExportPlan, named: Set<String>) {
    for item in plan.items {
      switch item.kind {
      case .create: created.append(item.skillID)
      case .update: updated.append(item.skillID)
      case .rename: renamed.append(item.skillID)
      case .delete: deleted.append(item.skillID)
      }
    }
    unchanged += plan.unchanged.filter(named.contains)
    conflicts += plan.conflicts
    // What was set aside before in this run, and tried again or found to be as before.
    let looked = Set(plan.items.map(\.skillID) + plan.failures.map { $0.skillID ?? "" })
    failed.removeAll { looked.contains($0.skillId) }
    failed += plan.failures.map(Failed.init)
  }

  /// Adds what was set aside after it was refused.
  mutating func setAside(_ failures: [Failure]) {
    let skills = Set(failures.map { $0.skillID ?? "" })
    failed.removeAll { skills.contains($0.skillId) }
    failed += failures.map(Failed.init)
  }

  /// How many skills each list has, uncut.
  public var counts: [String: Int] {
    [
      "created": created.count, "updated": updated.count, "renamed": renamed.count, "deleted": deleted.count,
      "unchanged": unchanged.count, "conflicts": conflicts.count, "failed": failed.count,
      "commits": commits.count,
    ]
  }

  /// Writes the lists, cut, and the counts.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(shortened(created), forKey: .created)
    try container.encode(shortened(updated), forKey: .updated)
    try container.encode(shortened(renamed), forKey: .renamed)
    try container.encode(shortened(deleted), forKey: .deleted)
    try container.encode(shortened(unchanged), forKey: .unchanged)
    try container.encode(shortened(conflicts), forKey: .conflicts)
    try container.encode(shortened(failed), forKey: .failed)
    try container.encode(held, forKey: .held)
    try container.encode(isPaused, forKey: .paused)
    try container.encode(isOtherWay, forKey: .otherWay)
    try container.encode(commits, forKey: .commits)
    try container.encode(pending, forKey: .pending)
    try container.encode(counts, forKey: .counts)
    try container.encodeIfPresent(batchItemFailures, forKey: .batchItemFailures)
  }

  private enum Keys: CodingKey {
    case created, updated, renamed, deleted, unchanged, conflicts, failed, held, paused, otherWay, commits,
      pending,
      counts,
      batchItemFailures
  }
}

/// An SQS message that is to be delivered again
/// (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
public struct BatchItemFailure: Encodable, Sendable, Equatable {
  /// The message's id.
  public var itemIdentifier: String
}
