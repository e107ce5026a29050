import Testing

@testable import SkillsCore

/// What the page says, and that nothing of what people write can change what it is.
@Suite struct StatusPageTests {
  private func page(tip: String? = "0123456789abcdef") -> StatusPage {
    StatusPage(
      repository: "https://github.com/acme/skills", branch: "main", directory: "skills",
      table: "public.Skill",
      readAt: "2026-11-26T03:15:00.123Z", tip: tip, skills: 1_200, exports: true)
  }

  private func skill(_ number: Int) -> StatusPage.Skill {
    .init(id: "s\(number)", title: "Skill \(number)", path: "skills/skill-\(number).md")
  }

  /// Everything that can be wrong, `count` times where it can be.
  private func troubled(_ count: Int, title: String? = nil) -> StatusPage {
    var page = page()
    let skills = (0..<min(count, StatusPage.mostItems)).map { number in
      var skill = skill(number)
      if let title { skill = .init(id: title, title: title, path: title) }
      return skill
    }
    let text = title ?? "a text"
    page.refusal = .init(
      rule: "protected-branch", advice: "allow the app", words: text, age: 7_200,
      probeAt: "2026-11-26T04:00:00.000Z")
    page.held = [
      .init(
        isOfFiles: true, skills: .init(count: count, skills), command: "skills-to-git export --confirm abc"),
      .init(
        isOfFiles: false, skills: .init(count: count, skills), command: "git-to-skills import --confirm def"),
    ]
    page.conflicts = .init(
      count: count,
      skills.enumerated().map { index, skill in
        var conflict = StatusPage.Conflict(
          number: index, skill: skill, reason: "overlap", age: 60, rowBy: text, fileBy: text)
        guard index < StatusPage.mostComparisons else { return conflict }
        conflict.comparison = SideBySide(
          "row", lines: [text, "same"], others: [("file", [LineEdit(range: 0..<1, lines: ["other", text])])])
        return conflict
      })
    page.failed = .init(
      count: count,
      skills.map {
        .init(skill: $0, reason: "unreadable file", message: text, command: "git-to-skills check x", age: 9)
      })
    page.waiting = .init(count: count, skills.map { .init(skill: $0, changes: 2, age: 7_300) })
    page.syncs = [
      .init(isExport: true, commit: "fedcba9876543210", counts: [.init("updated", 3)], lag: 1.26, age: 30),
      .init(isExport: false, commit: nil, counts: [.init("archived", 1)], lag: nil, age: 90_000),
    ]
    return page
  }

  @Test func inOrderItSaysSoAndHasNoSectionOfTrouble() {
    var page = page()
    page.syncs = troubled(1).syncs
    #expect(page.html.contains("<p>All is in order: nothing waits.</p>"))
    #expect(page.html.contains("<title>In order: github.com/acme/skills</title>"))
    #expect(
      page.html.contains("rows to git") && page.html.contains(">1.3 s<") && page.html.contains("3 updated"))
    #expect(page.html.contains("git to rows") && page.html.contains(">not known<"))
    for section in ["refused", "held", "conflicts", "failed", "waiting"] {
      #expect(!page.html.contains("id=\"\(section)\""))
    }
    page.waiting = .init(count: 1, [.init(skill: skill(1), changes: 1, age: 20)])
    #expect(page.html.contains("what waits goes with the next run") && page.html.contains("id=\"waiting\""))
  }

  @Test func theWorstIsSaidFirstWithItsCommandAndTheOthersAreLinked() {
    var page = troubled(5)
    page.isPaused = true
    #expect(
      page.findings.map(\.command) == [
        "skills-to-git resume", "skills-to-git export", "skills-to-git export --confirm abc",
        "git-to-skills import --confirm def", "skills-to-git conflicts", "skills-to-git drift --repair",
        "skills-to-git export",
      ])
    #expect(page.html.contains("<div class=\"health stopped\">\n<p>Somebody paused the sync"))
    #expect(page.html.contains("<code class=\"command\">skills-to-git resume</code>"))
    #expect(page.html.contains("<a href=\"#failed\">5 set aside</a>"))
    page.isPaused = false
    #expect(
      page.html.contains("<p>The repository refuses pushes (protected-branch): allow the app, then run"))
  }

  @Test func oneConflictIsShownByItsNumberAndALateChangeOnlyWhereThereIsAnExport() {
    var page = page()
    page.conflicts = .init(
      count: 1, [.init(number: 7, skill: skill(1), reason: "overlap", age: 5, rowBy: nil, fileBy: nil)])
    #expect(page.findings.map(\.command) == ["skills-to-git conflicts show 7"])
    page.conflicts = .init(count: 0, [])
    page.waiting = .init(count: 1, [.init(skill: skill(1), changes: 1, age: 3_601)])
    #expect(page.findings.map(\.what) == ["Changes have waited for 1 h"])
    page.exports = false
    #expect(page.findings == [])
    #expect(self.page(tip: nil).findings.map(\.command) == ["git-to-skills import --dry-run"])
  }

  @Test func aThousandsListIsCutAndSaysWhatListsTheRest() {
    let html = troubled(5_000).html
    #expect(html.utf8.count < 600_000, "\(html.utf8.count)")
    for listing in [
      "skills-to-git conflicts", "skills-to-git status --json", "skills-to-git drift --json",
    ] {
      #expect(
        html.contains("<p>… and 4,800 more: <code class=\"command\">\(listing)</code> lists them all.</p>"))
    }
    #expect(html.contains("5,000 conflicts"))
    #expect(!troubled(200).html.contains(" more: <code"))
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x", "]]><!--",
    "</style></pre></table>",
    "a\u{202E}b", "\u{1B}[2J\u{7}", "&lt;script&gt;", String(repeating: "<b>", count: 33_334),
  ])
  func hostileTextsStayText(text: String) {
    let (hostile, tame) = (troubled(3, title: text).html, troubled(3, title: "x").html)
    // The markup is the same, tag for tag: only what stands between differs.
    func tags(_ html: String) -> [Substring] {
      html.split(separator: "<").dropFirst().map { $0.prefix { $0 != ">" } }
    }
    #expect(tags(hostile).map { $0.prefix { $0 != " " } } == tags(tame).map { $0.prefix { $0 != " " } })
    #expect(!hostile.unicodeScalars.contains { $0.value == 0x202E || $0.value == 0x1B })
    #expect(hostile.utf8.count < 250_000, "\(hostile.utf8.count)")
  }

  @Test func itAsksForNothingElse() {
    let html = troubled(3).html
    for word in ["<script", "src=", "url(", "@import", "http:"] { #expect(!html.contains(word), "\(word)") }
    #expect(html.contains("default-src 'none'"))
    #expect(html.contains("prefers-color-scheme: dark") && html.contains("width=device-width"))
  }

  @Test func theValueSurvivesJSON() throws {
    let page = troubled(3)
    #expect(try JSON.decode(StatusPage.self, from: JSON.text(page)) == page)
  }
}
