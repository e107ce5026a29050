import SkillsCore

/// A skill file of the simulated repository; its blob id is all that it holds.
struct RepositoryFile: Hashable, CustomStringConvertible {
  var id: String?
  var text: SkillText
  /// Comments and formatting, which say nothing.
  var format = 0
  var blob: String { "\(id ?? "-") \(text) \(format)" }
  var description: String { blob }
}

/// What a skill says.
///
/// The body is a set of marks, one a line (think: paragraphs): a loss is a missing mark.
struct SkillText: Hashable, CustomStringConvertible {
  var title: String
  var body: String
  var isActive = true

  init(title: String, marks: Set<String>, isActive: Bool = true) {
    (self.title, body, self.isActive) = (title, marks.sorted().joined(separator: "\n"), isActive)
  }

  init(_ values: SkillValues) { (title, body, isActive) = (values.title, values.body, values.active) }

  var description: String {
    "\(title)[\(body.split(separator: "\n").joined(separator: " "))]\(isActive ? "" : " inactive")"
  }

  var values: SkillValues { SkillValues(title: title, body: body, active: isActive) }

  var marks: Set<String> {
    get { SkillsCoreTests.marks(body) }
    set { body = newValue.sorted().joined(separator: "\n") }
  }
}

func marks(_ body: String) -> Set<String> { Set(body.split(separator: "\n").map(String.init)) }

/// What the application's table holds of a skill.
struct TableRow: Hashable, CustomStringConvertible {
  var text: SkillText
  var isDraft = false

  var description: String { "\(text)\(isDraft ? " draft" : "")" }
}

struct ConflictRecord: Hashable {
  var skill: String
  var texts: [SkillText?]
  var isOpen: Bool
}

/// What is recorded of a push under way.
struct PushIntent {
  var expectedTip: Int
  var bases: [String: Base]
  var entries: Set<Int>
  var conflicts: [ConflictRecord]
}

/// PostgreSQL: the application's rows and what the sync records.
struct Database {
  struct Entry {
    var skill: String
    var time: Int
  }

  struct SetAside: Equatable {
    var blob: String
    /// Nil for a file with another's id.
    var skill: String?
  }

  var rows: [String: TableRow] = [:]
  var bases: [String: Base] = [:]
  var outbox: [Int: Entry] = [:]
  /// By the commit's id.
  var intents: [Int: PushIntent] = [:]
  var conflicts: Set<ConflictRecord> = []
  /// By path.
  var setAside: [String: SetAside] = [:]
  var lastEntry = 0
  var tip = 0
  /// Whether each file of the recorded tip is at its base or recorded: not so while a row that is being saved is left out.
  var isWhole = true
  var generation = 0

  mutating func enqueue(_ skill: String, at time: Int) {
    lastEntry += 1
    outbox[lastEntry] = Entry(skill: skill, time: time)
  }

  /// Whether every file that belongs to no base can't be there.
  var hasOnlyKnownFiles: Bool { isWhole && setAside.isEmpty && !conflicts.contains { $0.isOpen } }

  mutating func closeConflicts(of skill: String) {
    conflicts = Set(
      conflicts.map { $0.skill == skill ? ConflictRecord(skill: skill, texts: $0.texts, isOpen: false) : $0 })
  }

  /// The row as the reconciler takes it: inactive with a tombstone is archived.
  func side(of skill: String) -> Row? {
    rows[skill].map { row in
      let isArchived = bases[skill]?.state == .tombstone && !row.text.isActive
      return Row(
        values: row.text.values, publication: isArchived ? .archived : row.isDraft ? .draft : .published)
    }
  }
}

typealias Tree = [String: RepositoryFile]

/// Both sides, the people who edit them, and the runs between them.
final class World {
  struct Commit {
    var parent: Int?
    var tree: Tree
  }

  var database = Database()
  var commits = [Commit(parent: nil, tree: [:])]
  var head = 0
  var clock = 0
  var policy = ConflictPolicy.merge
  var deletePolicy = GitDeletePolicy.archive
  var books = Books()
  var runs: [Run] = []

  /// Two skills that both sides have, and that have been edited once.
  init() {
    var trees: [Tree] = [[:], [:]]
    for (id, title) in [("s1", "A"), ("s2", "B")] {
      let path = "skills/\(title.lowercased()).md"
      let old = RepositoryFile(id: id, text: SkillText(title: title, marks: ["\(title)0"]))
      let new = RepositoryFile(id: id, text: SkillText(title: title, marks: ["\(title)0", "\(title)1"]))
      (trees[0][path], trees[1][path]) = (old, new)
      database.rows[id] = TableRow(text: new.text)
      database.bases[id] = Base(path: path, blob: new.blob, values: new.text.values)
      books.saved.formUnion(marks(of: id, new.text))
      books.previousSave[id] = TableRow(text: old.text)
    }
    for tree in trees { head = commit(tree, onto: head) }
    database.tip = head
  }

  func commit(_ tree: Tree, onto parent: Int) -> Int {
    commits.append(Commit(parent: parent, tree: tree))
    return commits.count - 1
  }

  /// The commit and all before it, newest first.
  func history(of commit: Int) -> [Int] { Array(sequence(first: commit) { self.commits[$0].parent }) }

  /// The marks of a text and of its title, which counts for one.
  func marks(of skill: String?, _ text: SkillText?) -> Set<String> {
    guard let text else { return [] }
    guard let skill, !skill.contains("#") else { return text.marks }
    return text.marks.union(["\(skill)=\(text.title)"])
  }
}
