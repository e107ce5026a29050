import Foundation
import TestSupport
import Testing

/// The project's `Events`, each as the README beside them says.
@Suite(.onOwnThreads) struct EventTests {
  /// A world in which whatever isn't refused would change something: a save and a commit wait.
  private func waitingWorld() throws -> World {
    let world = try World()
    try world.create("s1", title: "Alpha")
    try world.export()
    try world.save("s1", "categories", ["saved"])
    try world.repository.commit { try $0.write("skills/new.md", "---\ntitle: New\n---\nText.\n") }
    return world
  }

  /// A fixture that is refused, and how.
  struct Refusal: CustomTestStringConvertible, Sendable {
    var path: String
    /// The status over HTTP; nil for an error that Lambda reports.
    var status: Int?
    var words: String
    var testDescription: String { path }

    init(_ path: String, status: Int? = nil, says words: String) {
      (self.path, self.status, self.words) = (path, status, words)
    }
  }

  static let refusals = [
    Refusal("skills-to-git/bad/unknown-action.json", says: "unknown action"),
    Refusal("skills-to-git/bad/unknown-operation.json", says: "unknown operation"),
    Refusal("skills-to-git/bad/no-skill-id.json", says: "skillId"),
    Refusal("skills-to-git/bad/empty-object.json", says: "not an event that skills-to-git knows"),
    Refusal("skills-to-git/bad/array.json", says: "must be a JSON object"),
    Refusal("skills-to-git/bad/not-json.json", says: "isn't JSON"),
    Refusal("git-to-skills/bad/wrong-signature.json", status: 401, says: "X-Hub-Signature-256"),
    Refusal("git-to-skills/bad/no-signature.json", status: 401, says: "X-Hub-Signature-256"),
    Refusal("git-to-skills/bad/sha1-signature-only.json", status: 401, says: "X-Hub-Signature-256"),
    Refusal("git-to-skills/bad/malformed-body.json", status: 400, says: "JSON"),
    Refusal("git-to-skills/bad/form-encoded-body.json", status: 400, says: "application/json"),
    Refusal("git-to-skills/bad/unknown-action.json", says: "unknown action"),
    Refusal("git-to-skills/bad/empty-object.json", says: "not an event that git-to-skills knows"),
    Refusal("git-to-skills/bad/array.json", says: "must be a JSON object"),
    Refusal("git-to-skills/bad/not-json.json", says: "isn't JSON"),
  ]

  @Test func everyBadFixtureIsTested() throws {
    var found: [String] = []
    for function in ["skills-to-git", "git-to-skills"] {
      let folder = Servers.projectFolder("Events/\(function)/bad")
      found += try FileManager.default.contentsOfDirectory(atPath: folder).map { "\(function)/bad/\($0)" }
    }
    let batches = ["skills-to-git", "git-to-skills"].map { "\($0)/bad/sqs-one-bad-record.json" }
    #expect(Set(found) == Set(Self.refusals.map(\.path) + batches))
  }

  @Test func badEventsGetTheirErrorAndChangeNothing() throws {
    let world = try waitingWorld()
    let (database, references) = (try world.database.dump(), try world.repository.references())
    for refusal in Self.refusals {
      let executable: Executable = refusal.path.hasPrefix("skills") ? .skillsToGit : .gitToSkills
      let finished = try world.run(executable, .fixture(refusal.path))
      try check(finished, refusal, status: 1)
      #expect(try world.database.dump() == database, "\(refusal.path)")
      #expect(try world.repository.references() == references, "\(refusal.path)")
    }
  }

  /// Expects the error, alone on standard output.
  private func check(_ finished: Finished, _ refusal: Refusal, status: Int32) throws {
    if let expected = refusal.status {
      #expect(finished.status == 0, "\(refusal.path)")
      let answer = try finished.json(WebhookAnswer.self)
      #expect(answer.statusCode == expected, "\(refusal.path)")
      #expect(answer.body.contains(refusal.words), "\(refusal.path): \(answer.body)")
    } else {
      #expect(finished.status == status, "\(refusal.path)")
      let error = try finished.json(ErrorAnswer.self)
      #expect(error.errorType == "InvalidEvent", "\(refusal.path)")
      #expect(error.errorMessage.contains(refusal.words), "\(refusal.path): \(error.errorMessage)")
    }
  }

  @Test(arguments: [Executable.skillsToGit, .gitToSkills])
  func aFunctionSurvivesBadEventsUnderTheEmulator(executable: Executable) throws {
    let world = try waitingWorld()
    let emulator = try Emulator(executable, in: world)
    let good: Event = executable == .skillsToGit ? .sync : .import
    _ = try emulator.invoke(good).answer() as Counted
    let process = try #require(emulator.functionPID)
    let (database, references) = (try world.database.dump(), try world.repository.references())
    for refusal in Self.refusals where refusal.path.hasPrefix(executable.rawValue) {
      try check(try emulator.invoke(.fixture(refusal.path)), refusal, status: 0)
    }
    #expect(try world.database.dump() == database)
    #expect(try world.repository.references() == references)
    try world.save("s1", "content", "Saved since.")
    let commit = try world.repository.commit { try $0.edit("skills/new.md", "Text.", "Edited.") }
    _ = try emulator.invoke(good).answer() as Counted
    if executable == .skillsToGit {
      #expect(try world.repository.file("skills/alpha.md")?.hasSuffix("Saved since.\n") == true)
    } else {
      #expect(try world.row(titled: "New")?.content == "Edited.")
      #expect(try world.repository.tip == commit)
    }
    #expect(emulator.functionPID == process)
  }

  /// What both answers have.
  private struct Counted: Decodable { var counts: [String: Int] }

  @Test func oneBadRecordOfABatchLeavesTheOthersDone() throws {
    let world = try waitingWorld()
    let exported = try world.export(.fixture("skills-to-git/bad/sqs-one-bad-record.json"))
    let records = try records("skills-to-git/bad/sqs-one-bad-record.json")
    #expect(exported.batchItemFailures?.map(\.itemIdentifier) == [records[1]])
    #expect(exported.updated == ["s1"])
    try world.repository.commit { try $0.edit("skills/new.md", "Text.", "Edited.") }
    let imported = try world.import(.fixture("git-to-skills/bad/sqs-one-bad-record.json"))
    let webhooks = try self.records("git-to-skills/bad/sqs-one-bad-record.json")
    #expect(imported.batchItemFailures?.map(\.itemIdentifier) == [webhooks[1]])
    #expect(try world.row(titled: "New")?.content == "Edited.")
  }

  @Test func aBatchIsOnePushAndFailsOnlyWhereARecordIsBad() throws {
    let world = try World()
    for number in 1...3 { try world.create("s\(number)", title: "Skill \(number)") }
    let answer = try world.export(
      try .queue([Event.updated("s1").json, "{", Event.updated("s2").json, #"{"skillId":5}"#]))
    #expect(answer.batchItemFailures?.map(\.itemIdentifier) == ["message-2", "message-4"])
    #expect(answer.counts["created"] == 3)
    #expect(answer.commits.count == 1)
  }

  private func records(_ path: String) throws -> [String] {
    struct Batch: Decodable {
      struct Record: Decodable { var messageId: String }
      var Records: [Record]
    }
    let json = try Event.fixture(path).json
    return try JSONDecoder().decode(Batch.self, from: Data(json.utf8)).Records.map(\.messageId)
  }

  @Test(arguments: [
    "skill-created", "skill-updated", "skill-deleted", "sqs-batch", "sns", "skill-and-operation",
    "rds-instance-event", "schedule", "sync", "sync-one-skill", "export", "export-one-skill",
  ])
  func everyEventOfSkillsToGitBringsWhatWaits(name: String) throws {
    let world = try waitingWorld()
    let answer = try world.export(.fixture("skills-to-git/\(name).json"))
    #expect(answer.updated == ["s1"])
    #expect(answer.failed == [])
    #expect((answer.batchItemFailures == []) == (name == "sqs-batch"))
    #expect(try world.repository.file("skills/alpha.md")?.contains("  - saved\n") == true)
  }

  @Test(arguments: [
    "push-rest-api", "push-http-api", "push-function-url", "push-base64", "push-odd-case-headers",
    "push-multi-value-headers",
  ])
  func everyShapeOfAPushImports(name: String) throws {
    let world = try waitingWorld()
    let answer = try world.run(.gitToSkills, .fixture("git-to-skills/\(name).json")).answer(
      WebhookAnswer.self)
    #expect(answer.statusCode == 200, "\(answer.body)")
    #expect(answer.headers["content-type"] == "application/json")
    #expect(try world.row(titled: "New") != nil)
  }

  @Test(arguments: ["sqs-push", "sqs-verified-push", "schedule", "import"])
  func everyOtherEventOfGitToSkillsImports(name: String) throws {
    let world = try waitingWorld()
    let answer = try world.import(.fixture("git-to-skills/\(name).json"))
    #expect(answer.created.map(\.path) == ["skills/new.md"])
    #expect((answer.batchItemFailures == []) == name.hasPrefix("sqs-"))
  }

  @Test func whatIsNotOursIsAnsweredAndDoesNothing() throws {
    let world = try waitingWorld()
    let (database, references) = (try world.database.dump(), try world.repository.references())
    for (name, status) in [
      ("ping", 200), ("issues", 202), ("push-other-branch", 202), ("push-tag", 202),
      ("push-branch-deletion", 202),
    ] {
      let answer = try world.run(.gitToSkills, .fixture("git-to-skills/\(name).json")).answer(
        WebhookAnswer.self)
      #expect(answer.statusCode == status, "\(name): \(answer.body)")
    }
    #expect(try world.database.dump() == database)
    #expect(try world.repository.references() == references)
  }

  @Test func aWebhookWhoseWorkFailsIsAnsweredWith500() throws {
    let world = try waitingWorld()
    world.environment["GITHUB_REPO"] = "http://127.0.0.1:\(try freePort())/x/y.git"
    let answer = try world.run(.gitToSkills, .push("0123456789012345678901234567890123456789"))
      .answer(WebhookAnswer.self)
    #expect(answer.statusCode == 500)
    #expect(answer.body.contains(#""errorType":"GitError.network""#), "\(answer.body)")
  }

  @Test func bothWebhookSecretsAreValidDuringARotationAndNoneIsNeverValid() throws {
    let world = try waitingWorld()
    let rotation = ["GITHUB_WEBHOOK_SECRET": "new", "GITHUB_WEBHOOK_SECRET_PREVIOUS": Event.webhookSecret]
    let tip = try world.repository.tip ?? ""
    for secret in ["new", Event.webhookSecret, "other", ""] {
      let answer = try world.run(.gitToSkills, .push(tip, secret: secret), environment: rotation)
        .answer(WebhookAnswer.self)
      #expect(answer.statusCode == (["new", Event.webhookSecret].contains(secret) ? 200 : 401), "\(secret)")
    }
    let empty = try world.run(
      .gitToSkills, .push(tip, secret: ""), environment: ["GITHUB_WEBHOOK_SECRET": ""])
    #expect(empty.status == 1)
    #expect(try empty.json(ErrorAnswer.self).errorMessage.contains("GITHUB_WEBHOOK_SECRET is empty"))
  }
}
