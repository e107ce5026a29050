import Foundation
import TestSupport
import Testing

/// What needs a person is published to SNS, each cause once an hour.
@Suite(.onOwnThreads) struct NoticeTests {
  private let aws: TestAWS
  private let world: World
  private let queue: String

  init() throws {
    aws = try TestAWS()
    world = try World()
    let topic = try aws.createTopic()
    queue = topic.queue
    world.environment.merge(aws.environment) { _, new in new }
    world.environment["ALERT_TOPIC_ARN"] = topic.arn
  }

  private func notices() throws -> [TestAWS.Notice] { try aws.notices(in: queue) }

  /// Commits files that are no skills.
  private func commitBadFiles(_ names: [String]) throws {
    try world.repository.commit { for name in names { try $0.write("skills/\(name).md", "---\n: [\n---\n") } }
  }

  /// As if an hour had passed.
  private func letAnHourPass() throws {
    try world.sql("UPDATE skill_sync.notice SET published_at = published_at - interval '61 minutes'")
  }

  @Test func aRunWithoutTroublePublishesNothing() throws {
    try world.create("s1", title: "Alpha")
    try world.export()
    try world.import()
    #expect(try notices() == [])
  }

  @Test func aRefusedPushIsToldOfOnceAnHourWithTheServersWordsAndTheCommand() throws {
    try world.create("s1", title: "Alpha")
    try world.export()
    try world.repository.hook(
      "pre-receive", "echo 'error: GH006: Protected branch update failed' >&2; exit 1")
    try world.save("s1", "content", "Changed.")
    for _ in 1...3 { #expect(try world.run(.skillsToGit, .sync).status == 1) }
    let first = try notices()
    #expect(first.map(\.Subject) == ["Git-Backed Skills: the repository refuses pushes"])
    let text = try #require(first.first).Message
    #expect(text.contains("PushRejected.protectedBranch") && text.contains("GH006"), "\(text)")
    #expect(text.contains("skills-to-git export"))
    #expect(text.contains(world.repository.name))
    try letAnHourPass()
    for _ in 1...2 { #expect(try world.run(.skillsToGit, .sync).status == 1) }
    #expect(try notices().count == 1)
  }

  @Test func whatIsSetAsideIsToldOfInOneMessageAndEachOnce() throws {
    try commitBadFiles(["one", "two"])
    #expect(try world.import(.schedule).counts["failed"] == 2)
    let first = try notices()
    #expect(first.map(\.Subject) == ["Git-Backed Skills: skills were set aside"])
    let text = try #require(first.first).Message
    #expect(text.contains("- skills/one.md: unreadable file") && text.contains("- skills/two.md"), "\(text)")
    #expect(text.contains("skills-to-git status"))
    try commitBadFiles(["three"])
    try world.import(.schedule)
    let second = try notices().map(\.Message)
    #expect(second.count == 1)
    #expect(second.first?.contains("three") == true && second.first?.contains("one.md") == false)
  }

  @Test func aFileOfThatAnExportTookInIsToldOfToo() throws {
    try commitBadFiles(["one"])
    try world.export(.export)
    #expect(try notices().count == 1)
  }

  @Test func heldDeletionsAreToldOfWithTheCommandThatLetsThemThrough() throws {
    for number in 1...12 { try world.create("s\(number)", title: "Skill \(number)") }
    try world.export()
    try world.application(#"DELETE FROM "Skill""#)
    let held = try #require(try world.export(.schedule).held)
    try world.export(.schedule)
    let messages = try notices()
    #expect(messages.map(\.Subject) == ["Git-Backed Skills: deletions are held"])
    #expect(messages.first?.Message.contains(held.command) == true, "\(messages)")
  }

  @Test func ofTwoProcessesAtOnceOnePublishes() throws {
    try world.import()
    try commitBadFiles((1...5).map { "bad-\($0)" })
    let runs = try (1...4).map { _ in try world.start(.gitToSkills, .schedule) }
    for run in runs { #expect(try run.wait().status == 0) }
    let lines = try notices().flatMap { $0.Message.split(separator: "\n").filter { $0.hasPrefix("- ") } }
    #expect(lines.count == 5, "\(lines)")
    #expect(Set(lines).count == 5)
  }

  @Test func credentialsThatAreRefusedAreToldOfAlsoThoseOfTheDatabase() throws {
    let url = try #require(world.environment["DATABASE_URL"])
    world.environment["DATABASE_URL"] = url.replacing("test_sync@", with: "nobody@")
    #expect(try world.run(.skillsToGit, .sync).status == 1)
    #expect(try notices().map(\.Subject) == ["Git-Backed Skills: the database can't be entered"])
    world.environment["DATABASE_URL"] = url
    world.environment["GITHUB_REPO"] = "\(try Servers.git)/private/\(world.repository.name).git"
    world.environment["GITHUB_TOKEN"] = "wrong-token-5f2b"
    try world.create("s1", title: "Alpha")
    #expect(try world.run(.skillsToGit, .sync).status == 1)
    let text = try #require(try notices().first).Message
    #expect(text.contains("GitError.authentication") && !text.contains("wrong-token"), "\(text)")
  }

  @Test func aRunThatOthersOvertakeAgainAndAgainIsToldOf() throws {
    try world.create("s1", title: "Alpha")
    try world.export()
    // Whenever we push, somebody else was just a moment faster.
    try world.repository.hook(
      "pre-receive",
      """
      unset $(env | sed -n 's/^\\(GIT_[A-Z_]*\\)=.*/\\1/p')
      export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x
      git update-ref refs/heads/main "$(git commit-tree -p main -m "$(date +%N)" 'main^{tree}')"
      """)
    try world.save("s1", "content", "Changed.")
    #expect(try world.run(.skillsToGit, .sync).json(ErrorAnswer.self).errorType == "Busy")
    #expect(try notices().map(\.Subject) == ["Git-Backed Skills: a run gave up"])
  }

  @Test func aWebhookThatCannotBeQueuedIsToldOfOnceByAProcess() throws {
    world.environment["WEBHOOK_QUEUE_URL"] = try aws.createQueue() + "-missing"
    let emulator = try Emulator(.gitToSkills, in: world)
    let push = try Event.push("0123456789012345678901234567890123456789")
    for _ in 1...2 { #expect(try emulator.invoke(push).answer(WebhookAnswer.self).statusCode == 502) }
    #expect(try notices().map(\.Subject) == ["Git-Backed Skills: AWS refuses a call"])
  }

  @Test func aNoticeThatCannotBePublishedFailsNoRunAndIsPublishedLater() throws {
    try commitBadFiles(["one"])
    let finished = try world.run(
      .gitToSkills, .schedule, environment: ["AWS_ENDPOINT_URL_SNS": "http://127.0.0.1:\(try freePort())"])
    #expect(finished.status == 0)
    #expect(finished.errors.contains("a notice can't be published"), "\(finished.errors)")
    #expect(try notices() == [])
    try world.import(.schedule)
    #expect(try notices().count == 1)
  }

  @Test func whatCannotBeRememberedIsToldAllTheSame() throws {
    try world.sql("REVOKE ALL ON skill_sync.notice FROM test_sync")
    try commitBadFiles(["one"])
    #expect(try world.import(.schedule).counts["failed"] == 1)
    #expect(try notices().count == 1)
  }

  @Test func aLookThatChangesNothingPublishesNothing() throws {
    try commitBadFiles(["one"])
    #expect(try world.run(.gitToSkills, "import", "--dry-run").status == 0)
    #expect(try world.run(.skillsToGit, "status").status == 0)
    #expect(try notices() == [])
  }
}
