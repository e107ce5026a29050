import Cryptography
import SkillsCore
import Testing

struct WebhookTests {
  private static let after = String(repeating: "a", count: 40)
  private static let push =
    #"{"ref": "refs/heads/main", "after": "\#(after)", "deleted": false, "repository": {"full_name": "example/skills"}}"#

  private func signature(_ body: [UInt8], _ secret: String) -> String {
    "sha256=" + hexadecimal(hmacSHA256(body, key: Array(secret.utf8)))
  }

  /// What becomes of a body; signed with `one` unless a header says otherwise.
  private func webhook(
    _ body: String = push, headers: [String: [String]] = [:], event: String? = "push",
    secrets: [String] = ["one"],
    repository: String? = "example/skills", branch: String = "main"
  ) -> Webhook {
    let bytes = Array(body.utf8)
    var all = ["x-hub-signature-256": [signature(bytes, "one")], "content-type": ["application/json"]]
    all["x-github-event"] = event.map { [$0] }
    all.merge(headers) { $1 }
    return Webhook(
      HTTPRequest(headers: all, body: bytes), secrets: secrets, repository: repository, branch: branch)
  }

  private func status(_ webhook: Webhook) -> Int? {
    if case .refused(let status, _) = webhook { status } else { nil }
  }

  @Test func aSignedPushToOurBranchIsOne() {
    #expect(webhook() == .push(after: WebhookTests.after))
    #expect(webhook(repository: nil) == .push(after: WebhookTests.after))
    #expect(
      webhook(repository: "Example/Skills") == .push(after: WebhookTests.after), "GitHub's names have no case"
    )
  }

  @Test func duringARotationBothSecretsAreValid() {
    for secrets in [["one", "two"], ["two", "one"], ["", "one"]] {
      #expect(webhook(secrets: secrets) == .push(after: WebhookTests.after))
    }
    #expect(status(webhook(secrets: ["two", "three"])) == 401)
  }

  @Test func anEmptySecretIsNeverAccepted() {
    let bytes = Array(WebhookTests.push.utf8)
    for secrets in [[""], [], ["", ""], ["two", ""]] {
      #expect(
        status(webhook(headers: ["x-hub-signature-256": [signature(bytes, "")]], secrets: secrets)) == 401)
    }
  }

  @Test func aSignatureThatIsNotExactlyThisOneIsRefused() {
    let right = signature(Array(WebhookTests.push.utf8), "one")
    for wrong in [
      "", "sha256=", String(right.dropFirst("sha256=".count)), right.uppercased(), right + " ", " " + right,
      right + ",\(right)", String(right.dropLast()), right + "0", "sha1=" + right.dropFirst("sha256=".count),
      "sha256=" + String(repeating: "0", count: 64), right.replacing("a", with: "\u{430}"),
    ] {
      #expect(status(webhook(headers: ["x-hub-signature-256": [wrong]])) == 401, "“\(wrong)”")
    }
  }

  @Test func aSignatureThatIsMissingOrThereTwiceIsRefused() {
    let right = signature(Array(WebhookTests.push.utf8), "one")
    for values in [[], [right, right], [right, "sha256=0"]] {
      #expect(status(webhook(headers: ["x-hub-signature-256": values])) == 401)
    }
  }

  @Test func theSignatureIsOverTheBytes() {
    for changed in [WebhookTests.push + "\n", WebhookTests.push.replacing(": ", with: ":"), ""] {
      let right = signature(Array(WebhookTests.push.utf8), "one")
      #expect(status(webhook(changed, headers: ["x-hub-signature-256": [right]])) == 401)
    }
  }

  @Test func nothingIsSaidOfABodyWhoseSignatureIsWrong() {
    let bad = ["x-hub-signature-256": ["sha256=0"]]
    let expected = webhook(headers: bad)
    #expect(status(expected) == 401)
    #expect(webhook("{", headers: bad) == expected)
    #expect(webhook(headers: bad, event: nil) == expected)
    #expect(webhook(headers: bad, event: "ping") == expected)
    #expect(
      webhook(headers: bad.merging(["content-type": ["application/x-www-form-urlencoded"]]) { $1 })
        == expected)
  }

  @Test func aBodyOverTheLimitIsNotEvenHashed() {
    let body = String(repeating: " ", count: HTTPRequest.largestBody + 1)
    #expect(status(webhook(body, headers: ["x-hub-signature-256": ["sha256=0"]])) == 413)
  }

  @Test func aBodyAtTheLimitIsRead() {
    let padding = String(repeating: " ", count: HTTPRequest.largestBody - WebhookTests.push.utf8.count)
    #expect(webhook(WebhookTests.push + padding) == .push(after: WebhookTests.after))
  }

  @Test(arguments: ["", "{", "[]", "1", "null", "payload=%7B%7D", "\u{0}"])
  func aSignedBodyThatIsNoObjectIsRefused(_ body: String) {
    #expect(status(webhook(body)) == 400)
    #expect(status(webhook(body, event: "ping")) == 400)
  }

  @Test(arguments: [
    "{}", #"{"ref": "refs/heads/main"}"#, #"{"after": "a"}"#, #"{"ref": 1, "after": "a"}"#,
    #"{"ref": "refs/heads/main", "after": null}"#,
  ])
  func aPushWithoutARefOrATipIsRefused(_ body: String) {
    #expect(status(webhook(body)) == 400)
  }

  @Test func aFormIsRefusedWithTheSettingThatMadeIt() {
    for type in ["application/x-www-form-urlencoded", "Application/X-WWW-Form-URLEncoded; charset=utf-8"] {
      guard case .refused(400, let reason) = webhook("payload=%7B%7D", headers: ["content-type": [type]])
      else {
        Issue.record("not refused")
        continue
      }
      #expect(reason.contains("application/json"))
    }
  }

  @Test func anEventWithoutANameIsRefused() {
    #expect(status(webhook(event: nil)) == 400)
    #expect(status(webhook(headers: ["x-github-event": ["push", "ping"]])) == 400)
  }

  @Test func aPingIsAPing() {
    #expect(webhook(#"{"zen": "Keep it logically awesome."}"#, event: "ping") == .ping)
  }

  @Test(arguments: ["issues", "Push", "PING", "", "push "])
  func anotherEventIsNotOurs(_ event: String) {
    guard case .notOurs = webhook(event: event) else {
      Issue.record("taken for ours")
      return
    }
  }

  @Test(arguments: [
    #""ref": "refs/heads/other""#, #""ref": "refs/tags/main""#, #""ref": "main""#,
    #""ref": "refs/heads/main2""#,
    #""ref": "refs/heads/Main""#, #""ref": "refs/heads/main", "deleted": true"#,
    #""ref": "refs/heads/main", "repository": {"full_name": "example/other"}"#,
  ])
  func anotherBranchATagADeletionOrAnotherRepositoryIsNotOurs(_ members: String) {
    guard case .notOurs = webhook(#"{"after": "a", \#(members)}"#) else {
      Issue.record("taken for ours")
      return
    }
  }

  @Test func theBranchMayHaveSlashes() {
    let body = #"{"ref": "refs/heads/team/skills", "after": "a"}"#
    #expect(webhook(body, branch: "team/skills") == .push(after: "a"))
  }
}
