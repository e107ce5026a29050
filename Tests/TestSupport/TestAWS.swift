import Foundation
import HTTP

/// moto in AWS's place, with secrets, queues and topics for one test.
///
/// It takes only calls that are signed rightly, with a session token.
package struct TestAWS {
  /// What the executables under test, or an `AWSClient`, need to reach it.
  package let environment: [String: String]
  private let url: String
  private let client = Client(proxy: .none)

  /// The server that `make test` started.
  package init() throws {
    url = try Servers.variable("TEST_AWS_URL")
    environment = [
      "AWS_ENDPOINT_URL": url, "AWS_REGION": try Servers.variable("TEST_AWS_REGION"),
      "AWS_ACCESS_KEY_ID": try Servers.variable("TEST_AWS_ACCESS_KEY_ID"),
      "AWS_SECRET_ACCESS_KEY": try Servers.variable("TEST_AWS_SECRET_ACCESS_KEY"),
      "AWS_SESSION_TOKEN": try Servers.variable("TEST_AWS_SESSION_TOKEN"),
    ]
  }

  /// A secret with this text; returns its ARN.
  package func createSecret(_ text: String) throws -> String {
    try call("secretsmanager", "CreateSecret", ["Name": randomName(), "SecretString": text])["ARN"] ?? ""
  }

  /// Gives a secret another text; the one that it had becomes the previous version.
  package func changeSecret(_ arn: String, to text: String) throws {
    _ = try call("secretsmanager", "PutSecretValue", ["SecretId": arn, "SecretString": text])
  }

  /// A queue; returns its URL.
  package func createQueue() throws -> String {
    try call("sqs", "CreateQueue", ["QueueName": randomName()])["QueueUrl"] ?? ""
  }

  /// The bodies of the messages in a queue, which are taken out of it.
  package func receive(from queue: String) throws -> [String] {
    var bodies: [String] = []
    struct Output: Decodable {
      struct Message: Decodable { var Body, ReceiptHandle: String }
      var Messages: [Message]?
    }
    while true {
      let body = try send("sqs", "ReceiveMessage", ["QueueUrl": queue])
      let messages = try JSONDecoder().decode(Output.self, from: body).Messages ?? []
      if messages.isEmpty { return bodies }
      for message in messages {
        bodies.append(message.Body)
        _ = try send("sqs", "DeleteMessage", ["QueueUrl": queue, "ReceiptHandle": message.ReceiptHandle])
      }
    }
  }

  /// A topic whose messages go to a queue: its ARN, and the queue's URL.
  package func createTopic() throws -> (arn: String, queue: String) {
    let queue = try createQueue()
    let name = queue.split(separator: "/").last.map(String.init) ?? ""
    let region = environment["AWS_REGION"] ?? ""
    let created = try query(["Action": "CreateTopic", "Name": randomName()])
    guard let arn = created.split(separator: "<").first(where: { $0.hasPrefix("TopicArn>") })?.dropFirst(9)
    else {
      throw TestSupportError("no topic: \(created)")
    }
    _ = try query([
      "Action": "Subscribe", "TopicArn": String(arn), "Protocol": "sqs",
      "Endpoint": "arn:aws:sqs:\(region):123456789012:\(name)",
    ])
    return (String(arn), queue)
  }

  /// What was published to a topic, as its queue has it.
  package struct Notice: Decodable, Equatable, Sendable {
    package var Subject, Message: String
  }

  /// The messages that a topic's queue got, which are taken out of it.
  package func notices(in queue: String) throws -> [Notice] {
    try receive(from: queue).map { try JSONDecoder().decode(Notice.self, from: Data($0.utf8)) }
  }

  private func call(_ service: String, _ action: String, _ input: [String: String]) throws -> [String: String]
  {
    let object = try JSONSerialization.jsonObject(with: try send(service, action, input))
    return (object as? [String: Any] ?? [:]).compactMapValues { $0 as? String }
  }

  private func send(_ service: String, _ action: String, _ input: [String: String]) throws -> Data {
    let target = service == "sqs" ? "AmazonSQS" : service
    return try send(
      service, ["Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "\(target).\(action)"],
      Array(try JSONEncoder().encode(input)))
  }

  private func query(_ fields: [String: String]) throws -> String {
    let unreserved = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
    let form = fields.map { name, value in
      "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "")"
    }
    return String(
      decoding: try send(
        "sns", ["Content-Type": "application/x-www-form-urlencoded"], Array(form.joined(separator: "&").utf8)),
      as: UTF8.self)
  }

  private func send(_ service: String, _ headers: Headers, _ body: [UInt8]) throws -> Data {
    var request = Request(.post, url + "/", headers: headers, body: body, timeout: .seconds(20))
    request.headers.append("X-Amz-Security-Token", environment["AWS_SESSION_TOKEN"] ?? "")
    request.signature = AWSSignature(
      region: environment["AWS_REGION"] ?? "", service: service,
      accessKeyID: environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "")
    let response = try client.send(request)
    guard response.status == 200 else {
      throw TestSupportError(
        "\(service): \(response.status) \(String(decoding: response.body, as: UTF8.self))")
    }
    return Data(response.body)
  }
}
