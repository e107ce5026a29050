import Foundation
import TestSupport
import Testing

/// What `skills-to-git status` shows people: a page, or a text that fits a terminal.
@Suite(.onOwnThreads) struct StatusPageTests {
  private func page(_ world: World) throws -> String {
    let finished = try world.run(.skillsToGit, "status", "--html")
    #expect(finished.status == 0, "\(finished.errors)")
    let problems = try Program(
      [Servers.projectFolder("Tests/Page/validate")], environment: ProcessInfo.processInfo.environment,
      input: finished.output
    ).wait()
    #expect(problems.status == 0, "\(problems.output)\(problems.errors)")
    return finished.output
  }

  /// The page from where a section begins to its end.
  private func section(_ name: String, of page: String) throws -> String {
    let start = try #require(page.range(of: "<section id=\"\(name)\">"), "\(name)")
    let end = try #require(page.range(of: "</section>", range: start.upperBound..<page.endIndex))
    return String(page[start.upperBound..<end.lowerBound])
  }

  @Test func aPageOfWhatIsInOrderHasTheLastSyncs() throws {
    let world = try World()
    #expect(try page(world).contains("Nothing was synced yet"))
    try world.create("s1", title: "Alpha")
    try world.export()
    try world.push("A body.", "Edited.")
    try world.import()
    let page = try page(world)
    #expect(page.contains("All is in order: nothing waits."))
    let tip = try #require(try world.repository.tip)
    #expect(page.contains("<code>\(tip.prefix(12))</code>"))
    #expect(page.contains("<td>rows to git</td>\n<td>1 created</td>"))
    #expect(page.contains("<td>git to rows</td>\n<td>1 updated</td>"))
    #expect(!page.contains("not known"))
  }

  @Test func aPageOfEverythingThatIsWrongSaysWhyAndWhatRepairsIt() throws {
    let title = #"<script>alert("1")</script> ]]> & '"#
    let world = try World()
    world.environment["CONFLICT_POLICY"] = "manual"
    // Both had it before the first sync, and differ: nothing was ever agreed on.
    try world.create("both", title: "Both", content: "By the user.\n")
    try world.repository.commit {
      try $0.write("skills/both.md", World.skillFile(id: "both", title: "Both", body: "By the engineer.\n"))
    }
    try world.create("s1", title: "Alpha", content: "One.\n\nTwo is two.\n\nThree.\n")
    for number in 2...14 { try world.create("s\(number)", title: "Skill \(number)") }
    try world.export(.schedule)
    try world.push("Two is two.", "Two is <b>2</b>.")
    try world.rewrite("Two is two.", "Two is zwei.")
    try world.repository.commit { try $0.write("skills/it's.md", "---\ntitle: [\n---\n") }
    try world.sweep()
    #expect(try world.openConflicts().sorted() == ["both", "s1"])

    try world.application(#"DELETE FROM "Skill" WHERE id LIKE 's_' AND id <> 's1' OR id LIKE 's1_'"#)
    try world.repository.hook(
      "pre-receive", "echo 'error: GH006: Protected branch update <failed>.' >&2; exit 1")
    try world.create("new", title: title)
    try world.sql(
      "UPDATE skill_sync.outbox SET changed_at = changed_at - interval '2 hours' WHERE skill_id = 'new'")
    #expect(try world.run(.skillsToGit, .sync).status == 1)

    let page = try page(world)
    #expect(page.contains("The repository refuses pushes (protected-branch): let the GitHub App"))
    for link in ["13 files held", "2 conflicts", "1 set aside", "changes are late"] {
      #expect(page.contains("\">\(link)</a>"), "\(link)")
    }
    let refused = try section("refused", of: page)
    #expect(
      refused.contains("<pre>\nerror: GH006: Protected branch update &lt;failed&gt;.</pre>"), "\(refused)")
    let held = try section("held", of: page)
    #expect(
      held.contains("Files in git whose rows are gone: 13")
        && held.contains("skills-to-git export --confirm "))
    #expect(held.contains("Skill 14") && held.contains("skills/skill-14.md"))
    let conflicts = try section("conflicts", of: page)
    #expect(conflicts.contains("Two is <mark>zwei.</mark>"), "\(conflicts)")
    #expect(conflicts.contains("Two is <mark>&lt;b&gt;2&lt;/b&gt;.</mark>"))
    #expect(
      conflicts.contains("By the <mark>user.</mark>") && conflicts.contains("By the <mark>engineer.</mark>"))
    #expect(conflicts.components(separatedBy: "<th scope=\"col\">agreed</th>").count == 2)
    #expect(conflicts.contains("--take file</code>"))
    let failed = try section("failed", of: page)
    #expect(
      failed.contains("unreadable file")
        && failed.contains("git-to-skills check &#39;skills/it&#39;\\&#39;&#39;s.md&#39;"))
    let waiting = try section("waiting", of: page)
    #expect(waiting.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; ]]&gt; &amp; &#39;"))
    #expect(waiting.contains(">2 h</td>"))
    #expect(!page.contains("<script"))

    let before = (try world.rows(), try world.count("skill_sync.outbox"))
    #expect(try world.run(.skillsToGit, "pause").status == 0)
    #expect(try self.page(world).contains("Somebody paused the sync"))
    #expect((try world.rows(), try world.count("skill_sync.outbox")) == before)
  }

  /// Titles that a browser, a terminal or a reader could take for something else, on their way through everything.
  @Test(arguments: [
    "<img src=x onerror=alert(1)>", "\"' onclick='x", "]]><!-- -->", "</title></style></pre>",
    "fdp.\u{202E}exe",
    "\u{1}\u{7F}\u{9B}31m", String(repeating: "long ", count: 20_000),
  ])
  func hostileTitlesAreShownAsTextEverywhere(title: String) throws {
    let world = try World.agreeing()
    try world.save("s1", "title", .text(title))
    try world.sql(
      """
      INSERT INTO skill_sync.failed (repository_id, side, subject, skill_id, path, reason, message)
      SELECT id, 'row', 's1', 's1', left($1, 1000), $1, $1 FROM skill_sync.repository
      """, [.text(title)])
    try world.sql(
      """
      INSERT INTO skill_sync.conflict (repository_id, skill_id, path, base_text, row_text, file_text, decision, row_by, file_by)
      SELECT id, 's1', $1, 'a', $1 || E'\\nb', $1, $1, $1, $1 FROM skill_sync.repository
      """, [.text(title)])
    try world.sql(
      "INSERT INTO skill_sync.held (repository_id, direction, skill_id) SELECT id, 'import', 's1' FROM skill_sync.repository"
    )
    try world.sql(
      """
      UPDATE skill_sync.repository SET refused_at = now(), refused_reason = 'x', refused_message = $1,
        refused_configuration = '', refusal_search = '{"stage":"alone","skills":[],"fruitless":0}', probe_at = now()
      """, [.text(title)])
    let html = try page(world)
    #expect(html.utf8.count < 100_000)
    #expect(!html.contains("<img") && !html.contains("\u{202E}"))
    let text = try world.run(.skillsToGit, "status").output
    #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
    #expect(text.split(separator: "\n").allSatisfy { $0.unicodeScalars.count <= 80 })
  }

  @Test func thePlainTextFitsATerminal() throws {
    let world = try World.agreeing()
    let message = "line 3: " + String(repeating: "漢字かな ", count: 40) + String(repeating: "x", count: 200)
    try world.sql(
      """
      INSERT INTO skill_sync.failed (repository_id, side, subject, path, reason, message)
      SELECT r.id, 'file', 'f' || n, 'skills/' || repeat('folder/', 20) || n || '.md', 'unreadable file',
        CASE n WHEN 1 THEN $1 ELSE repeat('many words ', 200) END FROM skill_sync.repository r, generate_series(1, 30) n
      """, [.text(message)])
    let text = try world.run(.skillsToGit, "status").output
    let lines = text.split(separator: "\n")
    for line in lines {
      let columns = line.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x3000 ? 2 : 1) }
      #expect(columns <= 80, "\(line)")
    }
    #expect(lines.contains { $0.hasPrefix("    ") && $0.contains("漢字かな") })
    #expect(lines.last == "… and 10 more set aside: --json lists them", "\(text)")
    #expect(lines.count < 6 + 20 * 8 + 2)
    struct Status: Decodable {
      struct Failed: Decodable { var error, command: String }
      var tip: String
      var outbox, conflicts: Int
      var failed: [Failed]
      var held: [HeldAnswer]
      var paused: Bool
    }
    let json = try world.run(.skillsToGit, "status", "--json").answer(Status.self)
    #expect(json.failed.count == 30 && json.failed.contains { $0.error.contains(message) })
  }
}
