import AWS
import Testing

@Suite struct NameTests {
  @Test(arguments: [
    ("arn:aws:secretsmanager:eu-central-1:123456789012:secret:name-AbCdEf", true),
    ("arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:a/b-AbCdEf", true),
    ("arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:name", true),
    ("arn:aws:sns:eu-central-1:123456789012:name", false),
    ("arn:aws:secretsmanager:eu-central-1.evil.example/:1:secret:x", false),
    ("arn:aws:secretsmanager::123456789012:secret:name", false),
    ("arn:aws:secretsmanager:eu-central-1:123456789012:", false),
    ("arn:aws:secretsmanager:eu-central-1:123456789012:secret:a b", false),
    ("postgresql://host/database", false), ("", false),
  ])
  func onlyNamesOfTheServiceAreTaken(text: String, isName: Bool) {
    #expect((ResourceName(text, service: "secretsmanager") != nil) == isName)
  }

  @Test(arguments: [
    ("https://sqs.eu-central-1.amazonaws.com/123456789012/queue", true),
    ("https://vpce-1.sqs.eu-central-1.vpce.amazonaws.com/123456789012/queue", true),
    ("http://127.0.0.1:5000/123456789012/queue", true), ("http://localhost:5000/123456789012/queue", true),
    ("https://sqs.eu-central-1.amazonaws.com/123456789012/queue.fifo", false),
    ("http://queue.example.com/1/queue", false), ("http://localhost.example.com/1/queue", false),
    ("http://127.0.0.1@example.com/1/queue", false), ("https://sqs.eu-central-1.amazonaws.com/", false),
    ("https://sqs.eu-central-1.amazonaws.com", false), ("https:///queue", false), ("queue", false),
    ("", false),
  ])
  func aQueuesURLIsEncryptedOrOfThisMachine(text: String, isURL: Bool) {
    #expect((QueueURL(text) != nil) == isURL)
  }
}
