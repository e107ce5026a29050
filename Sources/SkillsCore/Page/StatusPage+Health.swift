/// Something that keeps the two sides from agreeing, and how it is put right.
struct Finding: Equatable {
  /// How much it stops.
  enum Severity: String, Equatable { case stopped, attention }

  var severity: Severity
  /// What is wrong, as the beginning of a sentence.
  var what: String
  /// What a person does about it, as its end; the command comes after it.
  var advice: String
  var command: String
  /// In a word or two, for a list.
  var short: String
  /// The section that has more about it.
  var section: Section?

  enum Section: String { case refused, held, conflicts, failed, waiting }
}

extension StatusPage {
  /// After so many seconds a change that waits has missed its event, and a schedule, too.
  private static let longestWait = 3_600
  /// After so many seconds several schedules have failed, or there are none.
  private static let longestBlindness = 3 * 3_600

  /// What is wrong, the worst first.
  var findings: [Finding] {
    [pause, beginning, blind, refused].compactMap { $0 } + held.map(finding)
      + [undecided, setAside, late].compactMap { $0 }
  }

  private var pause: Finding? {
    guard isPaused else { return nil }
    return Finding(
      severity: .stopped, what: "Somebody paused the sync, and nothing is changed on either side",
      advice: "it goes on after", command: "skills-to-git resume", short: "paused")
  }

  private var beginning: Finding? {
    guard tip == nil else { return nil }
    return Finding(
      severity: .attention, what: "Nothing was synced yet", advice: "begin with",
      command: "git-to-skills import --dry-run", short: "not begun")
  }

  private var blind: Finding? {
    guard let tipAge, tipAge > Self.longestBlindness, !isPaused else { return nil }
    return Finding(
      severity: .stopped, what: "No run has come through for \(words(seconds: tipAge))",
      advice: "the functions' log says why; here you see it by", command: "git-to-skills import",
      short: "not running")
  }

  private var refused: Finding? {
    refusal.map {
      Finding(
        severity: .stopped, what: "The repository refuses pushes (\($0.rule))",
        advice: "\($0.advice), then run", command: "skills-to-git export", short: "pushes refused",
        section: .refused)
    }
  }

  private func finding(_ held: Held) -> Finding {
    let sides = held.isOfFiles ? ("file", "files") : ("row", "rows")
    let counted = counted(held.skills.count, sides.0, sides.1)
    return Finding(
      severity: .attention, what: "The deletion of \(counted) waits for a confirmation",
      advice: "look at them, and if they are meant to go, run", command: held.command,
      short: "\(counted) held", section: .held)
  }

  private var undecided: Finding? {
    guard conflicts.count > 0 else { return nil }
    let one = conflicts.count == 1 ? conflicts.items.first.map { " show \($0.number)" } : nil
    return Finding(
      severity: .attention,
      what: "\(counted(conflicts.count, "conflict waits", "conflicts wait")) for a person to decide",
      advice: "see", command: "skills-to-git conflicts\(one ?? "")",
      short: counted(conflicts.count, "conflict", "conflicts"), section: .conflicts)
  }

  private var setAside: Finding? {
    guard failed.count > 0 else { return nil }
    return Finding(
      severity: .attention,
      what: "\(counted(failed.count, "row or file is", "rows or files are")) set aside",
      advice: "put right what is listed below, then run", command: "skills-to-git drift --repair",
      short: "\(grouped(failed.count)) set aside", section: .failed)
  }

  private var late: Finding? {
    guard exports, let oldest = waiting.items.first, oldest.age > Self.longestWait else { return nil }
    return Finding(
      severity: .attention, what: "Changes have waited for \(words(seconds: oldest.age))",
      advice: "bring them to git with",
      command: "skills-to-git export", short: "changes are late", section: .waiting)
  }
}
