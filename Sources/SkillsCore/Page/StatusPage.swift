/// What `skills-to-git status --html` shows a person; ``html`` is the page.
///
/// Ages are in seconds, at the moment when it was read.
public struct StatusPage: Codable, Equatable, Sendable {
  /// The first items of a list that may be long, and how many there are.
  public struct Listed<Item: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
    /// How many there are.
    public var count: Int
    /// The first of them, at most ``StatusPage/mostItems``.
    public var items: [Item]

    /// The first of `count` items.
    public init(count: Int, _ items: [Item]) {
      self.count = count
      self.items = items
    }
  }

  /// A skill, by what is known of it.
  public struct Skill: Codable, Equatable, Sendable {
    /// The skill's id.
    public var id: String?
    /// The title of its row, or of its file when both sides agreed.
    public var title: String?
    /// Its file's path in the repository.
    public var path: String?

    /// A skill of which this much is known.
    public init(id: String?, title: String?, path: String?) {
      self.id = id
      self.title = title
      self.path = path
    }
  }

  /// A push that a rule of the repository refused.
  public struct Refusal: Codable, Equatable, Sendable {
    /// The rule, as `protected-branch`.
    public var rule: String
    /// What a person can do, as a part of a sentence.
    public var advice: String
    /// The server's words.
    public var words: String
    /// When it was refused.
    public var age: Int
    /// Before this, ISO 8601, no push is tried but by hand.
    public var probeAt: String

    /// A refused push.
    public init(rule: String, advice: String, words: String, age: Int, probeAt: String) {
      self.rule = rule
      self.advice = advice
      self.words = words
      self.age = age
      self.probeAt = probeAt
    }
  }

  /// Deletions that wait for a confirmation.
  public struct Held: Codable, Equatable, Sendable {
    /// Whether files would go; else rows.
    public var isOfFiles: Bool
    /// The skills that would go.
    public var skills: Listed<Skill>
    /// What a person runs to let them through.
    public var command: String

    /// A set of held deletions.
    public init(isOfFiles: Bool, skills: Listed<Skill>, command: String) {
      self.isOfFiles = isOfFiles
      self.skills = skills
      self.command = command
    }
  }

  /// A conflict that waits for a person.
  public struct Conflict: Codable, Equatable, Sendable {
    /// What commands know it by.
    public var number: Int
    /// Whose it is.
    public var skill: Skill
    /// Why it is one.
    public var reason: String
    /// When it was found.
    public var age: Int
    /// The row's owner, and the author of the commit that brought the file; nil if that isn't known.
    public var rowBy, fileBy: String?
    /// What each side changed; nil where it isn't shown.
    public var comparison: SideBySide?

    /// A conflict.
    public init(number: Int, skill: Skill, reason: String, age: Int, rowBy: String?, fileBy: String?) {
      self.number = number
      self.skill = skill
      self.reason = reason
      self.age = age
      self.rowBy = rowBy
      self.fileBy = fileBy
    }
  }

  /// A row or a file that is set aside.
  public struct Failed: Codable, Equatable, Sendable {
    /// Whose it is.
    public var skill: Skill
    /// Why, in a few words that stay.
    public var reason: String
    /// What is wrong, and what a person can do.
    public var message: String
    /// What a person runs.
    public var command: String
    /// When it was set aside.
    public var age: Int

    /// Something set aside.
    public init(skill: Skill, reason: String, message: String, command: String, age: Int) {
      self.skill = skill
      self.reason = reason
      self.message = message
      self.command = command
      self.age = age
    }
  }

  /// A skill whose changes wait in the outbox.
  public struct Waiting: Codable, Equatable, Sendable {
    /// Whose they are; without an id where the whole table was emptied.
    public var skill: Skill
    /// How many changes.
    public var changes: Int
    /// How long the oldest has waited.
    public var age: Int

    /// A skill that waits.
    public init(skill: Skill, changes: Int, age: Int) {
      self.skill = skill
      self.changes = changes
      self.age = age
    }
  }

  /// A run that brought something to the other side.
  public struct Sync: Codable, Equatable, Sendable {
    /// Whether rows went to git; else files to the database.
    public var isExport: Bool
    /// The commit that was pushed or imported.
    public var commit: String?
    /// What became of how many skills: `created`, `updated` …, none of nothing.
    public var counts: [Count]
    /// How long the oldest of what it brought had waited, in seconds; nil if that isn't known.
    public var lag: Double?
    /// When.
    public var age: Int

    /// So many skills of which something became.
    public struct Count: Codable, Equatable, Sendable {
      /// What.
      public var what: String
      /// How many.
      public var count: Int

      /// So many of which `what` became.
      public init(_ what: String, _ count: Int) {
        self.what = what
        self.count = count
      }
    }

    /// A run.
    public init(isExport: Bool, commit: String?, counts: [Count], lag: Double?, age: Int) {
      self.isExport = isExport
      self.commit = commit
      self.counts = counts
      self.lag = lag
      self.age = age
    }
  }

  /// How many items of a list are shown.
  public static let mostItems = 200
  /// How many conflicts are shown with what each side changed.
  public static let mostComparisons = 20
  /// How many runs are shown.
  public static let mostSyncs = 30

  /// The repository's URL, the branch and the folder in it.
  public var repository, branch, directory: String
  /// The skill table.
  public var table: String
  /// When it was read, ISO 8601.
  public var readAt: String
  /// The recorded tip; nil before the first sync.
  public var tip: String?
  /// How many seconds ago a run last saw that the branch's tip is imported; nil before the first.
  public var tipAge: Int?
  /// How many skills both sides agreed on.
  public var skills: Int
  /// Whether what is saved is to come to git at all.
  public var exports: Bool
  /// Whether a person stopped both functions.
  public var isPaused = false
  /// A push that was refused, where none was accepted since.
  public var refusal: Refusal?
  /// Deletions that wait for a confirmation.
  public var held: [Held] = []
  /// Conflicts that wait for a person, oldest first.
  public var conflicts = Listed<Conflict>(count: 0, [])
  /// What is set aside, oldest first.
  public var failed = Listed<Failed>(count: 0, [])
  /// What waits in the outbox, oldest first.
  public var waiting = Listed<Waiting>(count: 0, [])
  /// The last runs that changed something, newest first.
  public var syncs: [Sync] = []

  /// A page about a repository and a table in which nothing waits.
  public init(
    repository: String, branch: String, directory: String, table: String, readAt: String, tip: String?,
    skills: Int, exports: Bool
  ) {
    self.repository = repository
    self.branch = branch
    self.directory = directory
    self.table = table
    self.readAt = readAt
    self.tip = tip
    self.skills = skills
    self.exports = exports
  }
}
