import Foundation
import TestSupport
import Testing

/// `WEBHOOK_QUEUE_URL`: the HTTP call verifies and enqueues, the queue's event does the work.
@Suite(.onOwnThreads) struct WebhookQueueTests {
  private let aws: TestAWS
  private let world: World
  private let queue: String
  private let tip: String

  init() throws {
    aws = try TestAWS()
    world = try World()
    queue = try aws.createQueue()
    world.environment.merge(aws.environment) { _, new in new }
    world.environment["WEBHOOK_QUEUE_URL"] = queue
    try world.repository.commit { try $0.write("skills/alpha.md", "---\ntitle: Alpha\n---\nText.\n") }
    tip = try #require(try world.repository.tip)
  }

  private func answer(_ event: Event) throws -> WebhookAnswer { try world.run(.gitToSkills, event).answer() }

  @Test func aPushIsAcceptedOnceItIsInTheQueueAndImportedFromThere() throws {
    // Neither the database nor the repository is needed to accept it.
    let url = world.environment["DATABASE_URL"]
    world.environment["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/nowhere"
    var status = 0
    let requests = try world.requests { status = try answer(.push(tip)).statusCode }
    #expect(status == 202)
    #expect(requests == [])
    world.environment["DATABASE_URL"] = url
    let messages = try aws.receive(from: queue)
    #expect(messages == [#"{"action":"import","after":"\#(tip)","deliveryId":"72d3162e-cc78"}"#])
    let imported = try world.import(.queue(messages))
    #expect(imported.created.map(\.path) == ["skills/alpha.md"])
    #expect(imported.batchItemFailures == [])
    // Delivered a second time, it costs the git server nothing.
    let repeated = try world.requests { _ = try world.import(.queue(messages)) }
    #expect(repeated == [])
  }

  @Test func whatIsNoPushOfOursIsAnsweredAndNotQueued() throws {
    #expect(try answer(.fixture("git-to-skills/ping.json")).statusCode == 200)
    #expect(try answer(.push(tip, branch: "other")).statusCode == 202)
    #expect(try answer(.push(tip, secret: "wrong")).statusCode == 401)
    #expect(try aws.receive(from: queue) == [])
  }

  @Test func aPushThatTheQueueDoesNotTakeIsNotAccepted() throws {
    world.environment["WEBHOOK_QUEUE_URL"] = queue + "-missing"
    let missing = try answer(.push(tip))
    #expect(missing.statusCode == 502)
    #expect(missing.body.contains("AWSError.notFound"), "\(missing.body)")
    world.environment["AWS_ENDPOINT_URL_SQS"] = "http://127.0.0.1:\(try freePort())"
    #expect(try answer(.push(tip)).body.contains("AWSError.unavailable"))
    #expect(try world.rows().isEmpty)
  }
}
