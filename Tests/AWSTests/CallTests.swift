import AWS
import Foundation
import TestSupport
import Testing

/// Calls to moto, which computes each signature anew with AWS's own code.
@Suite(.onOwnThreads) struct CallTests {
  private let aws: TestAWS
  private let client: AWSClient

  init() throws {
    aws = try TestAWS()
    client = AWSClient(environment: aws.environment)
  }

  private func read(_ arn: String, _ stage: SecretStage = .current, _ client: AWSClient? = nil) throws
    -> String
  {
    let name = try #require(ResourceName(arn, service: "secretsmanager"))
    return try (client ?? self.client).secret(name, stage: stage) { .seconds(20) }
  }

  @Test func aSecretIsReadInItsCurrentAndItsPreviousVersion() throws {
    let arn = try aws.createSecret("first, with “quotes” and \"quotes\"\n")
    #expect(try read(arn) == "first, with “quotes” and \"quotes\"\n")
    #expect(throws: AWSError.self) { try read(arn, .previous) }
    try aws.changeSecret(arn, to: "second")
    #expect(try read(arn) == "second")
    #expect(try read(arn, .previous) == "first, with “quotes” and \"quotes\"\n")
  }

  @Test func severalAreReadAtOnceByOneClient() async throws {
    let arns = try (1...4).map { try aws.createSecret("value \($0)") }
    let (client, names) = (client, try arns.map { try #require(ResourceName($0, service: "secretsmanager")) })
    let values = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 1...5 {
        for name in names { group.addTask { try client.secret(name, stage: .current) { .seconds(20) } } }
      }
      return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
    #expect(values == ["value 1": 5, "value 2": 5, "value 3": 5, "value 4": 5])
  }

  @Test func aSecretThatIsNotThereIsSaidToBeMissing() throws {
    let arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:nowhere-abcdef"
    let error = try #require(throws: AWSError.self) { try read(arn) }
    #expect(error.code == .notFound)
    #expect(
      error.description.hasPrefix("Secrets Manager GetSecretValue of \(arn): ResourceNotFoundException"))
  }

  @Test(arguments: ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID"])
  func credentialsThatAreNotAcceptedAreSaidToBeAndNotRepeated(name: String) throws {
    let arn = try aws.createSecret("value")
    var environment = aws.environment
    environment[name] = "ASIAWRONG5f2b"
    let error = try #require(throws: AWSError.self) {
      try read(arn, .current, AWSClient(environment: environment))
    }
    #expect(error.code == .accessDenied, "\(error)")
    for secret in ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"].compactMap({ environment[$0] }) {
      #expect(!error.description.contains(secret))
    }
  }

  @Test func withoutCredentialsNothingIsSent() throws {
    let arn = try aws.createSecret("value")
    var environment = aws.environment
    environment["AWS_ACCESS_KEY_ID"] = nil
    let error = try #require(throws: AWSError.self) {
      try read(arn, .current, AWSClient(environment: environment))
    }
    #expect(error.code == .configuration)
    #expect(error.message.contains("AWS_ACCESS_KEY_ID"))
  }

  @Test func aMessageIsInTheQueueWhenTheCallReturns() throws {
    let url = try aws.createQueue()
    let queue = try #require(QueueURL(url))
    try client.send(#"{"text":"ü & 100 %"}"#, to: queue) { .seconds(20) }
    #expect(try aws.receive(from: url) == [#"{"text":"ü & 100 %"}"#])
    let missing = try #require(QueueURL(url + "-missing"))
    let error = try #require(throws: AWSError.self) { try client.send("x", to: missing) { .seconds(20) } }
    #expect(error.code == .notFound, "\(error)")
  }

  @Test func aTopicsSubscribersGetSubjectAndMessage() throws {
    let (arn, queue) = try aws.createTopic()
    let topic = try #require(ResourceName(arn, service: "sns"))
    try client.publish(subject: "A subject — plain", "Line one\nline = two & ü\n", to: topic) { .seconds(20) }
    let notices = try aws.notices(in: queue)
    #expect(notices.map(\.Subject) == ["A subject  plain"])
    #expect(notices.map(\.Message) == ["Line one\nline = two & ü\n"])
  }

  @Test func aServiceThatIsAwayIsTriedAgainWithinItsTime() throws {
    var environment = aws.environment
    // The service's own endpoint goes before the common one.
    environment["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = "http://127.0.0.1:\(try freePort())"
    let arn = try aws.createSecret("value")
    let began = ContinuousClock.now
    let error = try #require(throws: AWSError.self) {
      try read(arn, .current, AWSClient(environment: environment))
    }
    #expect(error.code == .unavailable)
    #expect(ContinuousClock.now - began < .seconds(5))
  }

  @Test(arguments: [
    ("aws", "eu-central-1", "amazonaws.com"), ("aws-us-gov", "us-gov-west-1", "amazonaws.com"),
    ("aws-cn", "cn-north-1", "amazonaws.com.cn"), ("aws-eusc", "eusc-de-east-1", "amazonaws.eu"),
  ])
  func eachPartitionHasADomainOfItsOwn(partition: String, region: String, domain: String) throws {
    var environment = aws.environment
    environment["AWS_ENDPOINT_URL"] = nil
    let client = AWSClient(environment: environment)
    let name = "arn:\(partition):secretsmanager:\(region):123456789012:secret:name"
    let arn = try #require(ResourceName(name, service: "secretsmanager"))
    // Too little time to reach it.
    let error = try #require(throws: AWSError.self) {
      try client.secret(arn, stage: .current) { .milliseconds(1) }
    }
    #expect(error.message.contains("https://secretsmanager.\(region).\(domain)/:"), "\(error)")
  }

  @Test func withoutTimeNothingIsSent() throws {
    let arn = try #require(ResourceName(try aws.createSecret("value"), service: "secretsmanager"))
    let error = try #require(throws: AWSError.self) { try client.secret(arn, stage: .current) { .zero } }
    #expect(error.code == .unavailable)
    #expect(error.message.contains("no time"))
  }
}
