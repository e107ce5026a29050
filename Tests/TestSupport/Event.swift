import Cryptography
import Foundation

/// An event's JSON.
package struct Event: Sendable {
  /// As Lambda hands it over.
  package let json: String

  /// An event from its JSON.
  package init(json: String) { self.json = json }

  /// By hand: what waits in the outbox.
  package static let sync = Event(json: #"{"action":"sync"}"#)
  /// By hand: every row compared with its file.
  package static let export = Event(json: #"{"action":"export"}"#)
  /// By hand: the branch's tip.
  package static let `import` = Event(json: #"{"action":"import"}"#)
  /// An EventBridge schedule.
  package static let schedule = Event(
    json:
      #"{"version":"0","source":"aws.events","detail-type":"Scheduled Event","detail":{},"time":"2026-01-05T10:00:00Z"}"#
  )

  /// The application's own event about a skill.
  package static func updated(_ id: String) -> Event {
    Event(
      json:
        #"{"source":"app.skills","detail-type":"SkillUpdated","detail":{"skillId":"\#(id)","operation":"update"}}"#
    )
  }

  /// One of the project's `Events`.
  package static func fixture(_ path: String) throws -> Event {
    Event(json: try String(contentsOfFile: Servers.projectFolder("Events/\(path)"), encoding: .utf8))
  }

  /// A batch from a queue; the records' ids are `message-1`, `message-2` and so on.
  package static func queue(_ bodies: [String]) throws -> Event {
    let records = bodies.enumerated().map {
      ["messageId": "message-\($0.offset + 1)", "eventSource": "aws:sqs", "body": $0.element]
    }
    return Event(json: String(decoding: try JSONEncoder().encode(["Records": records]), as: UTF8.self))
  }

  /// GitHub's webhook for a push that made `commit` the tip of `main`, through API Gateway's HTTP API.
  package static func push(_ commit: String, branch: String = "main", secret: String = webhookSecret) throws
    -> Event
  {
    let body = #"{"ref":"refs/heads/\#(branch)","after":"\#(commit)","deleted":false}"#
    let signature = hexadecimal(hmacSHA256(Array(body.utf8), key: Array(secret.utf8)))
    struct Request: Encodable {
      var version = "2.0"
      var isBase64Encoded = false
      var headers: [String: String]
      var body: String
      var requestContext = ["http": ["method": "POST", "path": "/webhook"]]
    }
    let request = Request(
      headers: [
        "content-type": "application/json", "x-github-event": "push", "x-github-delivery": "72d3162e-cc78",
        "x-hub-signature-256": "sha256=\(signature)",
      ], body: body)
    return Event(json: String(decoding: try JSONEncoder().encode(request), as: UTF8.self))
  }

  /// The secret that the fixtures in `Events` are signed with.
  package static let webhookSecret = "it-is-a-test-secret"
}
