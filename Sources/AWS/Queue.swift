import HTTP

/// The URL of an SQS queue; of a standard one, as a FIFO queue wants a group for each message and order is nothing to us.
public struct QueueURL: Hashable, Sendable, CustomStringConvertible {
  /// As it was written.
  public let description: String
  /// Scheme, host and port.
  let endpoint: String
  /// The region in the host's name; nil where it has none.
  let region: String?

  /// Reads `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`, or any other URL that secrets may be sent to; nil if
  /// `text` isn't one.
  public init?(_ text: String) {
    guard isConfidential(text), !text.hasSuffix(".fifo"), let start = text.firstRange(of: "://")?.upperBound,
      let slash = text[start...].firstIndex(of: "/"), text.index(after: slash) < text.endIndex
    else { return nil }
    description = text
    endpoint = String(text[...slash])
    let labels = text[start..<slash].split(separator: ".")
    region =
      labels.count > 2 && labels[0] == "sqs" && isRegion(labels[1])
      ? String(labels[1]) : nil
  }
}

extension AWSClient {
  /// Puts a message into a queue; it is there durably when this returns.
  ///
  /// It may be there twice, should a first try have been answered too late.
  /// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
  ///
  /// - Parameter remainingTime: what is left for the call.
  public func send(
    _ message: String, to queue: QueueURL, remainingTime: () -> Duration
  ) throws(AWSError) {
    struct Input: Encodable { var QueueUrl, MessageBody: String }
    var call = Call(
      service: .queue, action: "SendMessage", resource: queue.description, region: "",
      endpoint: queue.endpoint,
      headers: ["Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.SendMessage"],
      body: json(Input(QueueUrl: queue.description, MessageBody: message)))
    guard let region = queue.region ?? region else {
      throw call.error(.configuration, "the queue's URL names no region: set AWS_REGION")
    }
    call.region = region
    _ = try send(call, remainingTime: remainingTime)
  }
}
