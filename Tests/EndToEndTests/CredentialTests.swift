import Foundation
import TestSupport
import Testing

/// Credentials that run out, are taken back, or are changed where they are kept: no deploy is needed.
@Suite(.onOwnThreads) struct CredentialTests {
  /// A world whose repository is on a GitHub of its own, which lets in the App alone.
  private func world(on gitHub: TestGitHub) throws -> World {
    let world = try World()
    world.environment["GITHUB_REPO"] = "example/\(world.repository.name)"
    world.environment.merge(gitHub.environment) { _, new in new }
    return world
  }

  @Test func bothFunctionsAreLetInAsAGitHubApp() throws {
    let gitHub = try TestGitHub()
    let world = try world(on: gitHub)
    try world.create("s1", title: "Alpha")
    #expect(try world.export().created == ["s1"])
    try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "Edited.") }
    #expect(try world.import().updated.map(\.skillId) == ["s1"])
    #expect(try gitHub.tokens == 2)
  }

  @Test func aTokenIsKeptBetweenInvocationsAndHadAnewWhenItIsRevoked() throws {
    let gitHub = try TestGitHub()
    let world = try world(on: gitHub)
    let emulator = try Emulator(.skillsToGit, in: world)
    try world.create("s1", title: "Alpha")
    #expect(try emulator.invoke(.sync).answer(ExportAnswer.self).created == ["s1"])
    try world.save("s1", "content", "One.")
    #expect(try emulator.invoke(.sync).answer(ExportAnswer.self).updated == ["s1"])
    #expect(try gitHub.tokens == 1)
    try gitHub.revokeTokens()
    try world.save("s1", "content", "Two.")
    #expect(try emulator.invoke(.sync).answer(ExportAnswer.self).updated == ["s1"])
    #expect(try gitHub.tokens == 2)
    #expect(try world.repository.file("skills/alpha.md")?.hasSuffix("Two.\n") == true)
    #expect(!emulator.log.contains("ghs_"), "a token is in the log")
  }

  /// When cold, the two are waited for at once: this token is there though the database never answers.
  @Test func theTokenIsAskedForWhileTheDatabaseIsConnectedTo() throws {
    let gitHub = try TestGitHub()
    let world = try world(on: gitHub)
    let aws = try TestAWS()
    world.environment.merge(aws.environment) { _, new in new }
    world.environment["GITHUB_APP_PRIVATE_KEY"] = try aws.createSecret(gitHub.privateKey)
    let hole = try BlackHole()
    world.environment["DATABASE_URL"] = try aws.createSecret("postgresql://u:p@127.0.0.1:\(hole.port)/d")
    world.environment["AWS_LAMBDA_FUNCTION_TIMEOUT"] = "8"
    let answer = try Emulator(.skillsToGit, in: world).invoke(.sync)
    #expect(try answer.json(ErrorAnswer.self).errorType == "DatabaseError", "\(answer)")
    #expect(try gitHub.tokens == 1)
  }

  @Test func aTokenThatNobodyNeedsAndThatNeverComesHoldsUpNeitherTheLeaseNorTheAnswer() throws {
    let (world, hole) = (try World(), try BlackHole())
    try world.create("s1", title: "Alpha")
    try world.export()
    world.environment.merge(try TestAWS().environment) { _, new in new }
    world.environment["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = "http://127.0.0.1:\(hole.port)"
    world.environment["GITHUB_TOKEN"] = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:token-abcdef"

    let lease = "SELECT xmin::text AS version, lease_holder IS NULL AS is_free FROM skill_sync.repository"
    let before = try world.sql(lease)[0].text("version")
    let run = try world.start(.skillsToGit, .updated("s1"))
    #expect(
      try eventually(within: .seconds(10)) {
        let row = try world.sql(lease)[0]
        return try row.text("version") != before && row.boolean("is_free")
      })
    #expect(run.isRunning)

    // Tried for longer than this.
    world.environment["AWS_LAMBDA_FUNCTION_TIMEOUT"] = "7"
    let answer: ExportAnswer = try Emulator(.skillsToGit, in: world).invoke(.updated("s1")).answer()
    #expect(answer.didNothing, "\(answer)")
  }

  @Test func aTokenThatSoonExpiresIsReplacedBeforeItIsRefused() throws {
    let gitHub = try TestGitHub()
    try gitHub.setLifetime(60)
    let world = try world(on: gitHub)
    let emulator = try Emulator(.skillsToGit, in: world)
    for number in 1...2 {
      try world.create("s\(number)", title: "Skill \(number)")
      #expect(try emulator.invoke(.sync).answer(ExportAnswer.self).created == ["s\(number)"])
      #expect(try gitHub.tokens == number)
    }
  }

  @Test func tokensThatAreRefusedAreAskedForTwiceAndNoMore() throws {
    let gitHub = try TestGitHub()
    try gitHub.refuseTokens()
    let world = try world(on: gitHub)
    try world.create("s1", title: "Alpha")
    let error: ErrorAnswer = try world.run(.skillsToGit, .sync).json()
    #expect(error.errorType == "GitError.authentication")
    #expect(try gitHub.tokens == 2)
    #expect(try world.count("skill_sync.outbox") == 1)
  }

  @Test func aServerWithACertificateOfItsOwnIsTrustedBySSL_CERT_FILEAlone() throws {
    let world = try World()
    let gitHub = try TestGitHub(certifiedIn: world.folder)
    world.environment["GITHUB_REPO"] = "example/\(world.repository.name)"
    world.environment.merge(gitHub.environment) { _, new in new }
    try world.create("s1", title: "Alpha")
    let error: ErrorAnswer = try world.run(.skillsToGit, .sync).json()
    #expect(error.errorType == "GitHubError.unavailable", "\(error)")
    #expect(error.errorMessage.contains("SSL_CERT_FILE"))
    #expect(try gitHub.tokens == 0)
    world.environment["SSL_CERT_FILE"] = "\(world.folder)/certificate.pem"
    #expect(try world.export().created == ["s1"])
  }

  @Test func aProxyIsUsedWhereTheEnvironmentSaysSo() throws {
    let world = try World()
    world.environment.merge(try TestAWS().environment) { _, new in new }
    world.environment["DATABASE_URL"] = try TestAWS().createSecret(world.environment["DATABASE_URL"] ?? "")
    world.environment["http_proxy"] = "http://127.0.0.1:\(try freePort())"
    let error: ErrorAnswer = try world.run(.skillsToGit, .sync).json()
    #expect(error.errorType == "AWSError.unavailable")
    world.environment["no_proxy"] = "127.0.0.1"
    #expect(try world.export().didNothing)
  }

  @Test func aPrivateKeyThatIsRotatedInSecretsManagerIsTakenWithoutADeploy() throws {
    let (gitHub, aws) = (try TestGitHub(), try TestAWS())
    let world = try world(on: gitHub)
    let secret = try aws.createSecret(gitHub.privateKey)
    world.environment["GITHUB_APP_PRIVATE_KEY"] = secret
    world.environment.merge(aws.environment) { _, new in new }
    let emulator = try Emulator(.skillsToGit, in: world)
    try world.create("s1", title: "Alpha")
    #expect(try emulator.invoke(.sync).answer(ExportAnswer.self).created == ["s1"])
    // The old key is deleted on GitHub, and the tokens that it gave with it.
    try gitHub.changeKey(to: TestGitHub.newKey())
    try gitHub.revokeTokens()
    try world.save("s1", "content", "One.")
    let refused: ErrorAnswer = try emulator.invoke(.sync).json()
    #expect(refused.errorType == "GitHubError.authentication")
    try aws.changeSecret(secret, to: gitHub.privateKey)
    let process = emulator.functionPID
    #expect(try emulator.invoke(.sync).answer(ExportAnswer.self).updated == ["s1"])
    #expect(emulator.functionPID == process)
  }

  @Test func aDatabaseURLAndATokenThatAreRotatedAreTakenWithoutADeploy() throws {
    let aws = try TestAWS()
    let world = try World()
    let url = try #require(world.environment["DATABASE_URL"])
    func secret(token: String, user: String) throws -> String {
      let object = ["token": token, "database": url.replacing("test_sync@", with: "\(user)@")]
      return String(decoding: try JSONEncoder().encode(object), as: UTF8.self)
    }
    let arn = try aws.createSecret(secret(token: "wrong", user: "nobody"))
    world.environment.merge(aws.environment) { _, new in new }
    world.environment["GITHUB_REPO"] = "\(try Servers.git)/private/\(world.repository.name).git"
    world.environment["GITHUB_TOKEN"] = "\(arn)#token"
    world.environment["DATABASE_URL"] = "\(arn)#database"
    try world.create("s1", title: "Alpha")
    let emulator = try Emulator(.skillsToGit, in: world)
    #expect(try emulator.invoke(.sync).json(ErrorAnswer.self).errorMessage.contains("28000"))
    try aws.changeSecret(arn, to: secret(token: "wrong", user: "test_sync"))
    #expect(try emulator.invoke(.sync).json(ErrorAnswer.self).errorType == "GitError.authentication")
    try aws.changeSecret(arn, to: secret(token: Servers.token, user: "test_sync"))
    #expect(try emulator.invoke(.sync).answer(ExportAnswer.self).created == ["s1"])
  }

  @Test func aWebhookSecretOfBothVersionsIsValidAndAnotherOnceItIsRotated() throws {
    let aws = try TestAWS()
    let world = try World()
    let arn = try aws.createSecret("first")
    world.environment.merge(aws.environment) { _, new in new }
    world.environment["GITHUB_WEBHOOK_SECRET"] = arn
    try world.repository.commit { try $0.write("skills/alpha.md", "---\ntitle: Alpha\n---\nText.\n") }
    let tip = try #require(try world.repository.tip)
    let emulator = try Emulator(.gitToSkills, in: world)
    func status(_ secret: String) throws -> Int {
      try emulator.invoke(.push(tip, secret: secret)).answer(WebhookAnswer.self).statusCode
    }
    #expect(try status("first") == 200)
    try aws.changeSecret(arn, to: "second")
    #expect(try status("second") == 200)
    #expect(try status("first") == 200)
    // Secrets Manager is asked at most once a minute, whoever sends what.
    try aws.changeSecret(arn, to: "third")
    #expect(try status("third") == 401)
    for secret in ["", arn, "other"] { #expect(try status(secret) == 401, "\(secret)") }
  }

  @Test func aWebhookOfTheCurrentSecretWaitsForNoOtherVersion() throws {
    let (world, aws) = (try World(), try TestAWS())
    let port = try #require(aws.environment["AWS_ENDPOINT_URL"].flatMap { URL(string: $0)?.port })
    let proxy = try LoopbackProxy(to: port)
    let arn = try aws.createSecret("first")
    try aws.changeSecret(arn, to: "second")
    world.environment.merge(aws.environment) { _, new in new }
    world.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:\(proxy.port)"
    world.environment["GITHUB_WEBHOOK_SECRET"] = arn
    try world.repository.commit { try $0.write("skills/alpha.md", "---\ntitle: Alpha\n---\nText.\n") }
    let tip = try #require(try world.repository.tip)
    for (secret, calls) in [("second", 1), ("first", 2)] {
      let before = proxy.roundTrips
      let answer: WebhookAnswer = try world.run(.gitToSkills, .push(tip, secret: secret)).answer()
      #expect(answer.statusCode == 200)
      #expect(proxy.roundTrips - before == calls, "\(secret)")
    }
  }

  @Test(arguments: [
    ("", "", "is empty"), (#"{"secret": ""}"#, "#secret", "is empty"),
    (#"{"other": "x"}"#, "#secret", "has no text under that key"), ("text", "#secret", "isn't a JSON object"),
  ])
  func aSecretThatIsNoValueIsNeverAccepted(text: String, key: String, words: String) throws {
    let aws = try TestAWS()
    let world = try World()
    // Secrets Manager takes no empty text.
    let arn =
      try aws.createSecret(text.isEmpty ? #"{"secret": ""}"# : text) + (text.isEmpty ? "#secret" : key)
    world.environment.merge(aws.environment) { _, new in new }
    world.environment["GITHUB_WEBHOOK_SECRET"] = arn
    let tip = try world.repository.tip ?? ""
    for secret in ["", text, arn] {
      let answer: WebhookAnswer = try world.run(.gitToSkills, .push(tip, secret: secret)).answer()
      #expect(answer.statusCode == 500)
      #expect(answer.body.contains("InvalidSettings") && answer.body.contains(words), "\(answer.body)")
      #expect(
        answer.body.contains("GITHUB_WEBHOOK_SECRET: the secret arn:aws:secretsmanager:"), "\(answer.body)")
    }
  }

  @Test func aSecretThatCannotBeReadIsNamed() throws {
    let world = try World()
    world.environment.merge(try TestAWS().environment) { _, new in new }
    let arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:nowhere-abcdef"
    world.environment["DATABASE_URL"] = arn
    let error: ErrorAnswer = try world.run(.skillsToGit, .sync).json()
    #expect(error.errorType == "AWSError.notFound")
    #expect(error.errorMessage.contains(arn))
  }
}
