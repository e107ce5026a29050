import FoundationEssentials
import HTTP

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The services that are called.
enum Service: String {
  // The names that they sign with, which are also their hosts'.
  case secretsManager = "secretsmanager"
  case queue = "sqs"
  case topic = "sns"

  /// What `AWS_ENDPOINT_URL_…` calls it.
  var variableSuffix: String {
    switch self {
    case .secretsManager: "SECRETS_MANAGER"
    case .queue: "SQS"
    case .topic: "SNS"
    }
  }

  var title: String {
    switch self {
    case .secretsManager: "Secrets Manager"
    case .queue: "SQS"
    case .topic: "SNS"
    }
  }
}

/// One call of one service.
struct Call {
  var service: Service
  var action: String
  /// The secret, queue or topic, as messages name it.
  var resource: String
  var region: String
  var partition = "aws"
  /// Where the call goes, unless the environment says otherwise; AWS's own endpoint in the region if nil.
  var endpoint: String?
  var headers: Headers
  var body: [UInt8]

  func error(_ code: AWSError.Code, _ message: String) -> AWSError {
    AWSError(code: code, subject: "\(service.title) \(action) of \(resource)", message: message)
  }

  /// What an answer without success says.
  ///
  /// - Parameter secrets: texts that the message must not have.
  func error(_ response: Response, withholding secrets: [String]) -> AWSError {
    let fault = Fault(response.body)
    let code = AWSError.Code(status: response.status, name: fault.name)
    // A refused signature is explained by what was signed, which has the session token, from the second line on.
    var words = String(fault.message.prefix { !$0.isNewline }.prefix(500))
    for secret in secrets where words.contains(secret) {
      words = "[redacted]"
    }
    let name = fault.name.isEmpty ? "HTTP status \(response.status)" : fault.name
    return error(code, words.isEmpty ? name : "\(name): \(words)")
  }
}

/// An error's name and words, in JSON or in XML.
///
/// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization and
/// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
struct Fault {
  private(set) var name = ""
  private(set) var message = ""

  init(_ body: [UInt8]) {
    struct JSONFault: Decodable {
      var __type: String?
      var message: String?
      var Message: String?
    }
    if let fault = try? JSONDecoder().decode(JSONFault.self, from: Data(body)) {
      // As `com.amazonaws.sqs#QueueDoesNotExist`.
      name = fault.__type?.split(separator: "#").last.map { String($0) } ?? ""
      message = fault.message ?? fault.Message ?? ""
    } else {
      let text = String(decoding: body, as: UTF8.self)
      name = text.text(between: "<Code>", and: "</Code>") ?? ""
      message = text.text(between: "<Message>", and: "</Message>") ?? ""
    }
    name = String(name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") }.prefix(100))
  }
}

extension String {
  fileprivate func text(between start: String, and end: String) -> String? {
    guard let opening = firstRange(of: start) else { return nil }
    let rest = self[opening.upperBound...]
    return rest.firstRange(of: end).map { String(rest[..<$0.lowerBound]) }
  }
}

/// Blocks the thread for a moment.
func pause(milliseconds: Int) {
  usleep(UInt32(milliseconds) * 1_000)
}
