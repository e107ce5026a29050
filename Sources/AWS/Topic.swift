extension AWSClient {
  /// Publishes a message to an SNS topic.
  ///
  /// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
  ///
  /// - Parameters:
  ///   - subject: an e-mail's subject: printable ASCII, at most 100 characters; others are left out.
  ///   - remainingTime: what is left for the call.
  public func publish(
    subject: String, _ message: String, to topic: ResourceName, remainingTime: () -> Duration
  ) throws(AWSError) {
    let fields = [
      ("Action", "Publish"), ("Version", "2010-03-31"), ("TopicArn", topic.description),
      ("Subject", String(subject.filter { $0.isASCII && $0 >= " " && $0 != "\u{7F}" }.prefix(99))),
      ("Message", message),
    ]
    let call = Call(
      service: .topic, action: "Publish", resource: topic.description, region: topic.region,
      partition: topic.partition, headers: ["Content-Type": "application/x-www-form-urlencoded"],
      body: Array(fields.map { "\($0)=\(formEncoded($1))" }.joined(separator: "&").utf8))
    _ = try send(call, remainingTime: remainingTime)
  }
}

/// As a form has it: `+` for a space, `%XX` for every other byte but letters, digits and `-._~`.
private func formEncoded(_ text: String) -> String {
  let digits = Array("0123456789ABCDEF".utf8)
  var bytes: [UInt8] = []
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      bytes.append(byte)
    case UInt8(ascii: " "): bytes.append(UInt8(ascii: "+"))
    default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
