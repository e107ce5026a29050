import SkillsCore
import Testing

/// Every file in `Events`, read as the functions read it.
struct EventFileTests {
  private static let secret = "it-is-a-test-secret"

  enum Outcome: Equatable {
    case export(ExportRequest)
    case exportBatch([ExportRequest?])
    case drift
    case sweep
    case webhook(Webhook)
    case importBatch([Webhook])
    case invalid(String)
  }

  private static let main = Webhook.push(after: "")

  private static let outcomes: [String: Outcome] = [
    "skills-to-git/drift.json": .drift,
    "skills-to-git/export-one-skill.json": .export(.skills(["skill-code-review"])),
    "skills-to-git/export.json": .export(.everything),
    "skills-to-git/rds-instance-event.json": .export(.outbox),
    "skills-to-git/schedule.json": .export(.everything),
    "skills-to-git/skill-and-operation.json": .export(.skills(["skill-code-review"])),
    "skills-to-git/skill-created.json": .export(.skills(["skill-incident-response"])),
    "skills-to-git/skill-deleted.json": .export(.skills(["skill-onboarding"])),
    "skills-to-git/skill-updated.json": .export(.skills(["skill-code-review"])),
    "skills-to-git/sns.json": .export(.skills(["skill-code-review"])),
    "skills-to-git/sqs-batch.json": .exportBatch([
      .skills(["skill-incident-response"]), .skills(["skill-code-review"]), .skills(["skill-onboarding"]),
    ]),
    "skills-to-git/sync-one-skill.json": .export(.skills(["skill-code-review"])),
    "skills-to-git/sync.json": .export(.outbox),
    "skills-to-git/bad/array.json": .invalid("must be a JSON object"),
    "skills-to-git/bad/empty-object.json": .invalid("not an event that skills-to-git knows"),
    "skills-to-git/bad/no-skill-id.json": .invalid("no \"skillId\""),
    "skills-to-git/bad/not-json.json": .invalid("isn't JSON"),
    "skills-to-git/bad/sqs-one-bad-record.json": .exportBatch([
      .skills(["skill-incident-response"]), nil, .skills(["skill-onboarding"]),
    ]),
    "skills-to-git/bad/unknown-action.json": .invalid("unknown action \"destroy\""),
    "skills-to-git/bad/unknown-operation.json": .invalid("unknown operation \"rename\""),
    "git-to-skills/import.json": .sweep,
    "git-to-skills/schedule.json": .sweep,
    "git-to-skills/issues.json": .webhook(.notOurs("")),
    "git-to-skills/ping.json": .webhook(.ping),
    "git-to-skills/push-base64.json": .webhook(main),
    "git-to-skills/push-branch-deletion.json": .webhook(.notOurs("")),
    "git-to-skills/push-function-url.json": .webhook(main),
    "git-to-skills/push-http-api.json": .webhook(main),
    "git-to-skills/push-multi-value-headers.json": .webhook(main),
    "git-to-skills/push-odd-case-headers.json": .webhook(main),
    "git-to-skills/push-other-branch.json": .webhook(.notOurs("")),
    "git-to-skills/push-rest-api.json": .webhook(main),
    "git-to-skills/push-tag.json": .webhook(.notOurs("")),
    "git-to-skills/sqs-push.json": .importBatch([main]),
    "git-to-skills/sqs-verified-push.json": .importBatch([main]),
    "git-to-skills/bad/array.json": .invalid("must be a JSON object"),
    "git-to-skills/bad/empty-object.json": .invalid("not an event that git-to-skills knows"),
    "git-to-skills/bad/form-encoded-body.json": .webhook(.refused(status: 400, "")),
    "git-to-skills/bad/malformed-body.json": .webhook(.refused(status: 400, "")),
    "git-to-skills/bad/no-signature.json": .webhook(.refused(status: 401, "")),
    "git-to-skills/bad/not-json.json": .invalid("isn't JSON"),
    "git-to-skills/bad/sha1-signature-only.json": .webhook(.refused(status: 401, "")),
    "git-to-skills/bad/sqs-one-bad-record.json": .importBatch([main, .refused(status: 401, "")]),
    "git-to-skills/bad/unknown-action.json": .invalid("unknown action \"destroy\""),
    "git-to-skills/bad/wrong-signature.json": .webhook(.refused(status: 401, "")),
  ]

  @Test func everyFileHasAnOutcome() throws {
    let files = try ["skills-to-git", "git-to-skills"].flatMap { executable in
      try ["", "bad/"].flatMap { folder in
        try repositoryFolder("Events/\(executable)/\(folder)").filter { $0.hasSuffix(".json") }
          .map { "\(executable)/\(folder)\($0)" }
      }
    }
    #expect(Set(files) == Set(EventFileTests.outcomes.keys))
  }

  @Test(arguments: outcomes.keys.sorted())
  func itIsReadAsItsPageSays(_ file: String) throws {
    let bytes = try repositoryFile("Events/\(file)")
    let expected = try #require(EventFileTests.outcomes[file])
    do {
      let outcome = file.hasPrefix("skills") ? try exportOutcome(bytes) : try importOutcome(bytes)
      #expect(outcome == expected)
    } catch let error as InvalidEvent {
      guard case .invalid(let words) = expected else { throw error }
      #expect(error.description.contains(words))
    }
  }

  private func exportOutcome(_ bytes: [UInt8]) throws -> Outcome {
    switch try ExportEvent(bytes) {
    case .single(let request): return .export(request)
    case .queue(let records):
      #expect(Set(records.map(\.messageID)).count == records.count)
      return .exportBatch(records.map { try? $0.request.get() })
    case .drift: return .drift
    }
  }

  private func importOutcome(_ bytes: [UInt8]) throws -> Outcome {
    switch try ImportEvent(bytes) {
    case .sweep: return .sweep
    case .pushed: throw InvalidEvent("a verified push outside of a queue")
    case .http(let request): return .webhook(webhook(request))
    case .queue(let records):
      return .importBatch(
        try records.map { record in
          switch try record.request.get() {
          case .http(let request): return webhook(request)
          case .pushed(let after, _):
            #expect(after.count == 40)
            return .push(after: "")
          default: throw InvalidEvent("no push")
          }
        })
    }
  }

  /// Without the parts that are free: sentences, commit ids.
  private func webhook(_ request: HTTPRequest) -> Webhook {
    switch Webhook(request, secrets: [EventFileTests.secret], repository: "example/skills", branch: "main") {
    case .push(let after):
      #expect(after.count == 40)
      return .push(after: "")
    case .notOurs(let reason):
      #expect(!reason.isEmpty)
      return .notOurs("")
    case .refused(let status, let reason):
      #expect(!reason.isEmpty)
      return .refused(status: status, "")
    case .ping: return .ping
    }
  }
}
