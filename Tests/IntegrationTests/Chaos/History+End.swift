import Foundation
import TestSupport

/// How a history ends: a person settles what is for a person to settle, and then this must hold.
extension History {
  /// Does what `status` says of each skill that was set aside, and settles open conflicts; returns whether there were any.
  func settleByHand() throws -> Bool {
    let failed = try world.sql(
      "SELECT side, reason, message, skill_id, path FROM skill_sync.failed ORDER BY side, subject")
    for row in failed {
      let (reason, path) = (try row.text("reason"), try row.optionalText("path"))
      let title = "Settled \(account.newWord())"
      log.append("by hand: \(reason), \(path ?? ""): \(title)")
      switch (reason, try row.text("side"), path) {
      case ("duplicate id", "file", let path?):
        try world.repository.commit {
          try $0.write(path, Self.asAnotherSkill(try $0.read(path), title: title))
        }
      case ("title taken", "file", let path?):
        try world.repository.commit { try $0.write(path, Self.withTitle(title, $0.read(path))) }
      default: throw TestSupportError("set aside: \(reason): \(try row.text("message"))")
      }
    }
    let conflicts = try world.sql(
      "SELECT id::text AS id, skill_id FROM skill_sync.conflict WHERE resolved_at IS NULL")
    for row in conflicts {
      let (id, skill) = (try row.text("id"), try row.text("skill_id"))
      account.leaveOpen(skill)
      // The import that settled the one before may have seen that nothing is left of this one.
      if try world.count("skill_sync.conflict WHERE id = \(id) AND resolved_at IS NOT NULL") == 1 { continue }
      // The row's text can always be taken; the file's only if nobody has its title.
      let sides = Bool.random(using: &random) ? ["row"] : ["file", "row"]
      log.append("by hand: conflict of \(skill), take \(sides)")
      var refusals: [String] = []
      let taken = try sides.contains {
        let run = try world.run(.skillsToGit, "conflicts", "resolve", id, "--take", $0)
        refusals.append(run.output + run.errors)
        return run.status == 0
      }
      guard taken else { throw TestSupportError("conflict \(id) of \(skill): \(refusals)") }
    }
    return !failed.isEmpty || !conflicts.isEmpty
  }

  /// What differs between the rows and the files.
  func differences() throws -> [String] {
    var problems: [String] = []
    let rows = try world.rows()
    let paths = try world.sql("SELECT skill_id, path FROM skill_sync.base WHERE state = 'present'")
    let skills = Dictionary(
      try paths.map { (try $0.text("path"), try $0.text("skill_id")) }, uniquingKeysWith: { one, _ in one })
    var files: [String: (title: String?, body: String?)] = [:]
    for path in try skillPaths() {
      guard let id = try world.value("id", in: path) ?? skills[path] else {
        problems.append("\(path) belongs to no skill")
        continue
      }
      if files[id] != nil { problems.append("\(id) has two files") }
      files[id] = (try world.value("title", in: path), try world.body(path)?.trimmed)
    }
    for row in rows where row.isActive {
      if files[row.id]?.body != row.content.trimmed {
        problems.append(
          "\(row.id): the row says \(row.content.debugDescription), the file \(files[row.id]?.body ?? "nothing")"
        )
      }
      if files[row.id]?.title != row.title {
        problems.append(
          "\(row.id): the row's title is \(row.title), the file's \(files[row.id]?.title ?? "none")")
      }
    }
    for id in files.keys where !rows.contains(where: { $0.id == id && $0.isActive }) {
      problems.append("\(id) has a file and no row")
    }
    return problems
  }

  func problems() throws -> [String] {
    var problems = try differences()
    let rows = try world.rows()
    let files = try skillPaths().compactMap { try world.repository.file($0) }
    let conflicts = try world.sql(
      "SELECT concat_ws(' ', base_text, row_text, file_text) AS text FROM skill_sync.conflict"
    ).map { try $0.text("text") }
    let lost = account.lost(from: (rows.map(\.content) + files + conflicts).joined(separator: " "))
    if !lost.isEmpty { problems.append("lost: \(lost)") }
    for (id, text) in account.lastTexts.sorted(by: { $0.key < $1.key }) {
      let found = rows.first { $0.id == id }?.content ?? "nothing"
      if found.trimmed != text.trimmed {
        problems.append("\(id) was last made \(text.debugDescription), and is \(found.debugDescription)")
      }
    }
    // An intent stays for as long as its push may still land.
    for table in ["outbox", "failed"] where try world.count("skill_sync.\(table)") != 0 {
      problems.append("skill_sync.\(table) isn't empty")
    }
    if try !world.openConflicts().isEmpty { problems.append("a conflict is open") }
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
