import Git
import Postgres
import SkillsCore

extension Session {
  /// What is recorded, for a page that people read: the first of what may be many, with titles and differences.
  ///
  /// Changes nothing, and needs no repository.
  public func statusPage(deadline: Deadline) async throws -> StatusPage {
    try await withRun(deadline, progress: Progress(isShown: false), isReadOnly: true) { run in
      let reading = StatusPageReading(run: run)
      let results = try run.connection.pipeline(reading.statements)
      var page = try reading.page(results)
      try await compare(results[StatusPageReading.conflictsIndex], in: &page, deadline)
      return page
    }
  }

  /// Puts what each side changed beside each other, of the conflicts whose texts were read.
  private func compare(
    _ rows: [Postgres.Row], in page: inout StatusPage, _ deadline: Deadline
  ) async throws {
    let difference = TextDifference(
      workDirectory: settings.workDirectory, git: try git, remainingTime: { deadline.remaining })
    let conflicts = try rows.prefix(StatusPage.mostComparisons).map { row in
      (
        base: try row.optionalText("base_text"), row: try row.optionalText("row_text") ?? "",
        file: try row.optionalText("file_text") ?? ""
      )
    }
    // One process for all of them.
    let edits = try await difference.edits(
      of: conflicts.flatMap { texts -> [(old: String, new: String)] in
        guard let base = texts.base else { return [(texts.row, texts.file)] }
        return [(base, texts.row), (base, texts.file)]
      })
    var next = edits.map { $0.map { LineEdit(range: $0.range, lines: $0.lines) } }[...]
    for (index, texts) in conflicts.enumerated() {
      if let base = texts.base {
        page.conflicts.items[index].comparison = SideBySide(
          "agreed", lines: textLines(base),
          others: [("row", next.removeFirst()), ("file", next.removeFirst())])
      } else {
        page.conflicts.items[index].comparison = SideBySide(
          "row", lines: textLines(texts.row), others: [("file", next.removeFirst())])
      }
    }
  }
}

/// The lines as `git diff` counts them.
private func textLines(_ text: String) -> [String] {
  var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
  if lines.last == "" { lines.removeLast() }
  return lines
}

/// The queries for a status page, and what their rows say.
private struct StatusPageReading {
  let run: SyncRun

  static let conflictsIndex = 3

  var statements: [Statement] { [summary, waiting, failed, conflicts, held, history] }

  func page(_ results: [[Postgres.Row]]) throws -> StatusPage {
    let summary = results[0][0]
    let settings = run.settings
    var page = StatusPage(
      repository: settings.repositoryName, branch: settings.branch, directory: settings.skillsDirectory,
      table: run.table.key, readAt: try summary.text("read_at"), tip: run.state.tip,
      skills: try summary.integer("skills"), exports: settings.direction != .import)
    page.isPaused = run.state.isPaused
    page.tipAge = run.state.tipAge.map { Int($0) }
    page.refusal = try run.state.refusal.map {
      StatusPage.Refusal(
        rule: $0.rule.rawValue, advice: $0.rule.suggestion, words: $0.words,
        age: try summary.integer("refused_age"), probeAt: $0.probeAt)
    }
    page.waiting = try listed(results[1]) {
      .init(skill: try skill($0), changes: try $0.integer("changes"), age: try $0.integer("age"))
    }
    page.failed = try listed(results[2], failure)
    page.conflicts = try listed(results[Self.conflictsIndex]) {
      .init(
        number: try $0.integer("id"), skill: try skill($0), reason: try $0.text("decision"),
        age: try $0.integer("age"), rowBy: try $0.optionalText("row_by"),
        fileBy: try $0.optionalText("file_by"))
    }
    page.held = try held(results[4])
    page.syncs = try results[5].map(sync)
    return page
  }

  private func listed<Item>(
    _ rows: [Postgres.Row], _ item: (Postgres.Row) throws -> Item
  ) throws -> StatusPage.Listed<Item> {
    .init(count: try rows.first?.integer("total") ?? 0, try rows.map(item))
  }

  private func skill(_ row: Postgres.Row) throws -> StatusPage.Skill {
    .init(
      id: try row.optionalText("skill_id"), title: try row.optionalText("title"),
      path: try row.optionalText("path"))
  }

  private func failure(_ row: Postgres.Row) throws -> StatusPage.Failed {
    .init(
      skill: try skill(row), reason: try row.text("reason"), message: try row.text("message"),
      command: Failure.command(reason: try row.text("reason"), path: try row.optionalText("path")),
      age: try row.integer("age"))
  }

  private func held(_ rows: [Postgres.Row]) throws -> [StatusPage.Held] {
    try HeldDeletions.sets(rows).map { set in
      let skills = try rows.filter { try $0.text("direction") == set.way.rawValue }
        .prefix(StatusPage.mostItems).map(skill)
      return .init(
        isOfFiles: set.way == .export, skills: .init(count: set.skillIDs.count, skills), command: set.command)
    }
  }

  private func sync(_ row: Postgres.Row) throws -> StatusPage.Sync {
    let counts = try ["created", "updated", "renamed", "archived", "deleted"].map {
      StatusPage.Sync.Count($0, try row.integer($0))
    }
    return .init(
      isExport: try row.text("direction") == SyncWay.export.rawValue, commit: try row.optionalText("commit"),
      counts: counts.filter { $0.count > 0 }, lag: try row.optionalText("lag").flatMap(Double.init),
      age: try row.integer("age"))
  }

  private var id: Parameter { .integer(run.state.id) }

  /// SQL: how long ago, in seconds.
  private func age(_ time: String) -> String {
    "greatest(0, extract(epoch FROM clock_timestamp() - \(time)))::bigint AS age"
  }

  /// SQL: the title and the path of the skill of `x`, in a query without its base or its row.
  private func named(_ path: String) -> (columns: String, joins: String) {
    (
      "coalesce(s.title::text, b.title) AS title, \(path) AS path",
      """
      LEFT JOIN skill_sync.base b ON b.repository_id = $1 AND b.skill_id = x.skill_id
      LEFT JOIN \(run.table.quotedName) s ON \(run.table.id("s")) = x.skill_id
      """
    )
  }

  private var summary: Statement {
    Statement(
      "read the summary",
      """
      SELECT \(isoTime("clock_timestamp()")) AS read_at,
        (SELECT extract(epoch FROM clock_timestamp() - refused_at)::bigint FROM skill_sync.repository WHERE id = $1) AS refused_age,
        (SELECT count(*) FROM skill_sync.base WHERE repository_id = $1 AND state = 'present') AS skills
      """, [id])
  }

  private var waiting: Statement {
    let named = named("b.path")
    return Statement(
      "read what waits",
      """
      SELECT x.skill_id, x.changes, x.total, \(age("x.oldest")), \(named.columns)
      FROM (SELECT skill_id, count(*) AS changes, min(changed_at) AS oldest, count(*) OVER () AS total
        FROM skill_sync.outbox o WHERE skill_table = $2
          AND NOT EXISTS (SELECT FROM skill_sync.held h WHERE h.repository_id = $1 AND h.skill_id = o.skill_id)
        GROUP BY skill_id ORDER BY min(changed_at), skill_id
        LIMIT \(StatusPage.mostItems)) x
      \(named.joins) ORDER BY x.oldest, x.skill_id
      """, [id, .text(run.table.key)])
  }

  private var failed: Statement {
    let named = named("coalesce(x.path, b.path)")
    return Statement(
      "read what was set aside",
      """
      SELECT x.skill_id, x.reason, x.message, x.total, \(age("x.failed_at")), \(named.columns)
      FROM (SELECT *, count(*) OVER () AS total FROM skill_sync.failed WHERE repository_id = $1
        ORDER BY failed_at, side, subject LIMIT \(StatusPage.mostItems)) x
      \(named.joins) ORDER BY x.failed_at, x.side, x.subject
      """, [id])
  }

  private var conflicts: Statement {
    let named = named("coalesce(x.path, b.path)")
    func text(_ column: String) -> String {
      "CASE WHEN x.number <= \(StatusPage.mostComparisons) THEN x.\(column) END AS \(column)"
    }
    return Statement(
      "read conflicts with their texts",
      """
      SELECT x.id, x.skill_id, x.decision, x.row_by, x.file_by, x.total, \(age("x.detected_at")), \(named.columns),
        \(["base_text", "row_text", "file_text"].map(text).joined(separator: ", "))
      FROM (SELECT *, count(*) OVER () AS total, row_number() OVER (ORDER BY id) AS number
        FROM skill_sync.conflict WHERE repository_id = $1 AND resolved_at IS NULL
        ORDER BY id LIMIT \(StatusPage.mostItems)) x
      \(named.joins) ORDER BY x.id
      """, [id])
  }

  /// All of them, as the command to confirm them follows from their ids.
  private var held: Statement {
    Statement(
      "read what is held",
      """
      SELECT h.direction, h.skill_id, b.title, b.path FROM skill_sync.held h
      LEFT JOIN skill_sync.base b ON b.repository_id = $1 AND b.skill_id = h.skill_id
      WHERE h.repository_id = $1 ORDER BY h.direction, b.title, h.skill_id
      """, [id])
  }

  private var history: Statement {
    Statement(
      "read the history",
      """
      SELECT direction, commit, created, updated, renamed, archived, deleted, lag_seconds::text AS lag, \(age("synced_at"))
      FROM skill_sync.history WHERE repository_id = $1 ORDER BY id DESC LIMIT \(StatusPage.mostSyncs)
      """, [id])
  }
}
