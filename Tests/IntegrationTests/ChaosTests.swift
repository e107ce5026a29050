import Foundation
import Postgres
import TestSupport
import Testing

/// Random histories on the real servers: people edit on both sides while runs are killed, stopped, cut off and refused.
///
/// `CHAOS_HISTORIES` says how many (`make chaos`), `CHAOS_SEED` from which seed on; a failure names its own.
@Suite(.onOwnThreads) struct ChaosTests {
  private static let histories = number("CHAOS_HISTORIES") ?? 8
  private static let seed = number("CHAOS_SEED") ?? Int(Date().timeIntervalSince1970)
  /// As many at once; each takes its part of the seeds.
  private static let shares = 4

  private static func number(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }

  @Test(arguments: 0..<shares)
  func whateverHappensBothSidesEndUpTheSameAndNobodysWordsAreLost(share: Int) throws {
    var faults: [String: Int] = [:]
    var failed: [Int] = []
    for seed in stride(from: Self.seed + share, to: Self.seed + Self.histories, by: Self.shares) {
      do {
        let history = try History(seed: UInt64(seed))
        try history.run()
        faults.merge(history.faults, uniquingKeysWith: +)
        let problems = try history.problems()
        if problems.isEmpty { continue }
        Issue.record(
          "CHAOS_SEED=\(seed): \(problems.joined(separator: "\n"))\n\(history.log.joined(separator: "\n"))")
      } catch {
        Issue.record("CHAOS_SEED=\(seed): \(error)")
      }
      failed.append(seed)
    }
    print(
      "chaos, share \(share) from CHAOS_SEED=\(Self.seed): faults \(faults.sorted { $0.key < $1.key }), failed \(failed)"
    )
  }
}

/// One history: what people did, and what must be found in the end.
private final class History {
  private(set) var log: [String] = []
  private(set) var faults: [String: Int] = [:]
  private let world: World
  private var random: SeededRandom
  /// Every word that anybody saved, and those that somebody took out who had them in front of them.
  private var words: Set<String> = []
  private var removed: Set<String> = []
  private var nextWord = 0
  /// What each row said before the last save of the application, for an undo.
  private var earlier: [String: String] = [:]
  private var sleepers: [Program] = []

  init(seed: UInt64) throws {
    random = SeededRandom(state: seed)
    world = try World()
    for number in 1...4 {
      try world.create(
        "s\(number)", title: "Skill \(number)", content: (1...6).map { "line \($0)\n\n" }.joined())
    }
    try world.export()
    try world.import()
  }

  func run() throws {
    for _ in 0..<Int.random(in: 6...20, using: &random) {
      switch Int.random(in: 0..<24, using: &random) {
      case 0..<5: try save()
      case 5..<9: try push()
      case 9: try undo()
      case 10: try rename()
      case 11: try move()
      case 12: try deleteRow()
      case 13: try deleteFile()
      case 14: try rewind()
      default: try runOne()
      }
    }
    for program in sleepers where program.isRunning { kill(program.pid, SIGCONT) }
    for program in sleepers { eventually(within: .seconds(30)) { !program.isRunning } }
    try? FileManager.default.removeItem(atPath: try hookPath())
    // After a refused push a person asks again.
    _ = try world.run(.skillsToGit, "export")
    for _ in 0..<4 { try world.sweep() }
  }

  // MARK: People

  private func pick<Element>(_ choices: [Element]) -> Element? { choices.randomElement(using: &random) }

  private func newWord() -> String {
    nextWord += 1
    return "word\(nextWord)"
  }

  /// A text with one line changed, added or taken out.
  private func edited(_ text: String) -> String {
    var lines = text.components(separatedBy: "\n\n").filter { !$0.isEmpty }
    let place = Int.random(in: 0...lines.count, using: &random)
    if place < lines.count, Int.random(in: 0..<4, using: &random) == 0 {
      lines.remove(at: place)
    } else if place < lines.count, Bool.random(using: &random) {
      lines[place] += " \(newWord())"
    } else {
      lines.insert(newWord(), at: place)
    }
    return lines.map { $0 + "\n\n" }.joined()
  }

  private func note(from old: String, to new: String) {
    let (before, after) = (Self.words(old), Self.words(new))
    words.formUnion(after)
    removed.formUnion(before.subtracting(after))
    removed.subtract(after)
  }

  static func words(_ text: String) -> Set<String> {
    Set(text.split { !$0.isLetter && !$0.isNumber }.map { String($0) }.filter { $0.hasPrefix("word") })
  }

  private func save() throws {
    guard let row = pick(try world.rows()) else { return }
    let text = edited(row.content)
    // Only if nobody saved meanwhile: a form with an old text is another matter.
    let saved = try world.application(
      #"UPDATE "Skill" SET content = $2, "updatedAt" = timezone('utc', now()) WHERE id = $1 AND content = $3 RETURNING id"#,
      [.text(row.id), .text(text), .text(row.content)])
    guard !saved.isEmpty else { return }
    earlier[row.id] = row.content
    note(from: row.content, to: text)
    log.append("save \(row.id): \(text.debugDescription)")
  }

  private func undo() throws {
    guard let (id, text) = pick(earlier.map { ($0, $1) }.sorted { $0.0 < $1.0 }), let row = try world.row(id),
      row.content != text
    else { return }
    let saved = try world.application(
      #"UPDATE "Skill" SET content = $2, "updatedAt" = timezone('utc', now()) WHERE id = $1 AND content = $3 RETURNING id"#,
      [.text(id), .text(text), .text(row.content)])
    guard !saved.isEmpty else { return }
    earlier[id] = nil
    note(from: row.content, to: text)
    log.append("undo \(id): \(text.debugDescription)")
  }

  private func rename() throws {
    guard let row = pick(try world.rows()) else { return }
    let title = "Title \(newWord())"
    try world.save(row.id, "title", .text(title))
    log.append("rename \(row.id): \(title)")
  }

  private func deleteRow() throws {
    guard let row = pick(try world.rows()), Bool.random(using: &random) else { return }
    let gone = try world.application(
      #"DELETE FROM "Skill" WHERE id = $1 AND content = $2 RETURNING id"#,
      [.text(row.id), .text(row.content)])
    if !gone.isEmpty { removed.formUnion(Self.words(row.content)) }
    log.append("delete row \(row.id)")
  }

  /// Changes the branch as engineers do, unless somebody was faster.
  private func commit(_ what: String, _ change: (Worktree, [String]) throws -> Void) throws {
    let paths = try world.repository.paths.filter { $0.hasPrefix("skills/") }
    guard !paths.isEmpty else { return }
    do {
      try world.repository.commit(what) { try change($0, paths) }
      log.append("git: \(what)")
    } catch let error as TestSupportError {
      log.append("git: \(what) was refused: \(error.description.prefix(80))")
      throw error
    }
  }

  private func push() throws {
    var change: (String, String)?
    do {
      try commit("edit") { files, paths in
        guard let path = pick(paths) else { return }
        let text = try files.read(path)
        guard let end = text.range(of: "\n---\n") else { return }
        let body = String(text[end.upperBound...])
        let new = edited(body)
        try files.write(path, text[..<end.upperBound] + new)
        change = (body, new)
        log.append("push \(path): \(new.debugDescription)")
      }
      if let (old, new) = change { note(from: old, to: new) }
    } catch is TestSupportError {}
  }

  private func move() throws {
    do {
      try commit("move") { files, paths in
        guard let path = pick(paths) else { return }
        try files.move(path, to: "skills/folder\(Int.random(in: 1...3, using: &random))/\(newWord()).md")
      }
    } catch is TestSupportError {}
  }

  private func deleteFile() throws {
    guard Bool.random(using: &random) else { return }
    var gone: Set<String> = []
    do {
      try commit("delete") { files, paths in
        guard let path = pick(paths) else { return }
        gone = Self.words(try files.read(path))
        try files.remove(path)
      }
      removed.formUnion(gone)
    } catch is TestSupportError {}
  }

  /// Takes the branch back by a commit: who does it has seen what goes.
  private func rewind() throws {
    guard try world.repository.log().count > 2, let tip = try world.repository.tip else { return }
    let before = try texts(of: tip)
    guard (try? world.repository.onServer("update-ref", "refs/heads/main", "\(tip)~1", tip)) != nil else {
      return
    }
    let after = try texts(of: "\(tip)~1")
    removed.formUnion(Self.words(before).subtracting(Self.words(after)))
    log.append("rewind by one commit")
  }

  private func texts(of commit: String) throws -> String {
    try world.repository.onServer("ls-tree", "-r", "-z", "--name-only", commit).split(separator: "\0").map {
      try world.repository.onServer("cat-file", "blob", "\(commit):\($0)")
    }.joined(separator: "\n")
  }

  // MARK: Runs and faults

  private func hookPath() throws -> String {
    try world.repository.onServer("rev-parse", "--absolute-git-dir").trimmed + "/hooks/pre-receive"
  }

  private func runOne() throws {
    let isExport = Bool.random(using: &random)
    let executable = isExport ? Executable.skillsToGit : .gitToSkills
    let event = pick(isExport ? [Event.sync, .schedule, .updated("s1")] : [.import, .schedule]) ?? .schedule
    var environment: [String: String] = [:]
    var fault = "none"
    switch Int.random(in: 0..<12, using: &random) {
    case 0..<4:
      fault = "kill"
      environment["FAILPOINT_KILL"] = "\(Int.random(in: 1...70, using: &random))"
    case 4, 5:
      fault = "sleep"
      environment["FAILPOINT_STOP"] = "\(Int.random(in: 1...70, using: &random))"
    case 6:
      fault = "refused push"
      try world.repository.hook("pre-receive", "rm -f \"$0\"; echo 'error: GH013: no' >&2; exit 1")
    case 7: fault = "connection ended"
    case 8: fault = "twice at once"
    default: break
    }
    faults[fault, default: 0] += 1
    log.append("run \(executable.rawValue) \(fault) \(environment)")
    let program = try world.start(executable, event, environment: environment)
    if fault == "twice at once" {
      let other = try world.start(isExport ? .gitToSkills : .skillsToGit, .schedule)
      eventually(within: .seconds(60)) { !other.isRunning }
    }
    if fault == "connection ended" {
      usleep(UInt32.random(in: 0...150_000, using: &random))
      try world.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'test_sync'"
      )
    }
    if fault == "sleep" {
      eventually(within: .seconds(60)) { !program.isRunning || program.isStopped }
      if program.isRunning { sleepers.append(program) }
      return
    }
    eventually(within: .seconds(60)) { !program.isRunning }
  }

  // MARK: What must hold

  func problems() throws -> [String] {
    var problems: [String] = []
    let rows = try world.rows()
    var files: [String: String] = [:]
    for path in try world.repository.paths where path.hasPrefix("skills/") {
      guard let id = try world.value("id", in: path) else { continue }
      files[id] = try world.body(path)?.trimmed
    }
    for row in rows where row.isActive && files[row.id] != row.content.trimmed {
      problems.append(
        "\(row.id): the row says \(row.content.debugDescription), the file \(files[row.id] ?? "nothing")")
    }
    for id in files.keys where !rows.contains(where: { $0.id == id }) { problems.append("\(id) has no row") }
    let conflicts = try world.sql(
      "SELECT concat_ws(' ', base_text, row_text, file_text) AS text FROM skill_sync.conflict")
    let kept = Self.words(
      (rows.map { $0.content + " " + $0.title } + files.values + (try conflicts.map { try $0.text("text") }))
        .joined(separator: " "))
    let lost = words.subtracting(removed).subtracting(kept)
    if !lost.isEmpty { problems.append("lost: \(lost.sorted())") }
    if try world.count("skill_sync.outbox") != 0 { problems.append("the outbox isn't empty") }
    let commits = try world.repository.log("%cn %T")
    for (one, next) in zip(commits, commits.dropFirst())
    where one.hasPrefix("Git-Backed") && one.split(separator: " ").last == next.split(separator: " ").last {
      problems.append("a commit without a change")
    }
    let before = (rows, try world.repository.tip)
    try world.sweep()
    if try (world.rows(), world.repository.tip) != before {
      problems.append("a further run changed something")
    }
    return problems
  }
}

extension Program {
  /// Whether it was stopped by a signal.
  fileprivate var isStopped: Bool {
    let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    return status.split(separator: ")").last?.split(separator: " ").first == "T"
  }
}
