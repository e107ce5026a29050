/// What both functions measure, by the name that CloudWatch shows.
public enum Metric: String, CaseIterable, Sendable {
  /// Invocations, by the event's kind and its outcome.
  case invocations = "Invocations"
  /// Skills that came to be on the other side.
  case created = "SkillsCreated"
  /// Skills that were changed on the other side.
  case updated = "SkillsUpdated"
  /// Skills whose file or title moved.
  case renamed = "SkillsRenamed"
  /// Skills that went: files deleted, rows deleted or archived.
  case removed = "SkillsRemoved"
  /// From the oldest saved change that a push took along to its commit on the branch.
  case exportLag = "ExportLag"
  /// From the commit of what an import brought to its rows.
  case importLag = "ImportLag"
  /// How long the invocation waited for others: the lease, the interval between pushes, another try.
  case waitTime = "WaitTime"
  /// How long PostgreSQL was waited for.
  case databaseTime = "DatabaseTime"
  /// How long git fetched.
  case fetchTime = "FetchTime"
  /// How long git pushed.
  case pushTime = "PushTime"
  /// The rest: reading, deciding, writing.
  case reconcileTime = "ReconcileTime"
  /// Pushes that were accepted.
  case pushes = "Pushes"
  /// Pushes that a rule of the repository refused.
  case refusedPushes = "RefusedPushes"
  /// How often somebody else was faster, and the work was begun anew.
  case races = "Races"
  /// Conflicts that wait for a person.
  case openConflicts = "OpenConflicts"
  /// Rows and files that are set aside.
  case failedSkills = "FailedSkills"
  /// Deletions that wait for a confirmation.
  case heldDeletions = "HeldDeletions"
  /// Changes that wait to be exported.
  case outboxSize = "OutboxSize"
  /// The age of the oldest of them.
  case oldestChangeAge = "OldestChangeAge"
  /// For how long nobody has seen that the branch's tip is imported.
  case importedTipAge = "ImportedTipAge"
  /// Skills that aren't in sync, as `drift` found.
  case drift = "Drift"
  /// Skills in the database that are published or have a file, as `drift` counted.
  case skillsInDatabase = "SkillsInDatabase"
  /// Skill files in git, as `drift` counted.
  case skillsInGit = "SkillsInGit"
  /// The local copy of the repository.
  case cacheSize = "CacheSize"
  /// Answers of GitHub's API that it was asked too much.
  case rateLimitAnswers = "RateLimitAnswers"
  /// Webhooks that were refused.
  case rejectedWebhooks = "RejectedWebhooks"

  /// A unit of CloudWatch's
  /// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html).
  public enum Unit: String, Sendable {
    case count = "Count"
    case seconds = "Seconds"
    case milliseconds = "Milliseconds"
    case bytes = "Bytes"
  }

  /// What its values are counted in.
  public var unit: Unit {
    switch self {
    case .waitTime, .databaseTime, .fetchTime, .pushTime, .reconcileTime: .milliseconds
    case .exportLag, .importLag, .oldestChangeAge, .importedTipAge: .seconds
    case .cacheSize: .bytes
    default: .count
    }
  }
}
