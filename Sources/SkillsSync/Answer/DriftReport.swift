import SkillsCore

/// How the rows and the files stand to each other at this moment.
public struct DriftReport: Encodable, Sendable {
  /// A skill, or a file that belongs to none.
  public struct Skill: Encodable, Sendable, Equatable {
    /// The skill's id; nil for a file that belongs to no skill yet.
    public var skillId: String?
    /// The file's path in the repository: where it is, or was when both sides agreed.
    public var path: String?
    /// What its sides wait for.
    public var state: DriftState
  }

  /// The branch's tip; nil for a branch without a commit.
  public var tip: String?
  /// Skills in the database: rows that are published, or have a file.
  public var rows = 0
  /// Skill files in git.
  public var files = 0
  /// State → how many; every state is there.
  public var counts: [String: Int]
  /// All skills and files, by id and path.
  public var skills: [Skill]
  /// What keeps from going what waits, with the command that shows or ends it; nil for nothing.
  var hindrance: String?

  private enum CodingKeys: String, CodingKey { case tip, rows, files, counts, skills }

  init(tip: String?, rows: Int, files: Int, skills: [Skill]) {
    self.tip = tip
    self.rows = rows
    self.files = files
    counts = Dictionary(uniqueKeysWithValues: DriftState.allCases.map { ($0.rawValue, 0) })
    for skill in skills { counts[skill.state.rawValue, default: 0] += 1 }
    self.skills = skills
  }

  /// Whether every skill's sides agree.
  public var isInSync: Bool { skills.allSatisfy { $0.state == .inSync } }

  /// The report without skills that are in sync, and no more than 1,000 others: what an answer of Lambda can hold.
  var short: DriftReport {
    var report = self
    report.skills = Array(skills.lazy.filter { $0.state != .inSync }.prefix(1_000))
    return report
  }

  /// For a terminal.
  public var text: String {
    var lines = ["\(rows) skills in the database, \(files) files in git"]
    for state in DriftState.allCases {
      guard let count = counts[state.rawValue], count > 0 else { continue }
      lines.append("\(state.rawValue): \(count)")
      if state == .inSync { continue }
      let skills = skills.filter { $0.state == state }
      lines += firstLines(
        skills.map { terminalLine("  \($0.skillId ?? "no skill yet")  \($0.path ?? "no file")") },
        of: state.rawValue)
    }
    return (lines + advice).joined(separator: "\n")
  }

  /// What a person can do about what was found.
  private var advice: [String] {
    func has(_ states: DriftState...) -> Bool { states.contains { counts[$0.rawValue] ?? 0 > 0 } }
    var lines: [String] = []
    if has(.conflict) { lines.append("conflicts: `skills-to-git conflicts` lists them and settles them") }
    if has(.failed) { lines.append("failed: `skills-to-git status` has each reason") }
    if has(.held) { lines.append("held: `skills-to-git status` has the command that lets them through") }
    if has(.pendingExport, .pendingImport) {
      lines.append("pending: " + (hindrance ?? "goes with the next event or schedule"))
    }
    if has(.missingInGit, .missingInDatabase, .differs) {
      lines.append("missing or different: `skills-to-git drift --repair` brings both sides together")
    }
    if has(.missingInDatabase) {
      lines.append("  where a row is gone, that deletes its file: `skills-to-git export --dry-run` shows it")
    }
    return lines
  }
}
