import FoundationEssentials

/// An HTTP request as Lambda gets it.
///
/// Payload formats 1.0 and 2.0:
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
public struct HTTPRequest: Equatable, Sendable {
  /// Lower-case name → all values.
  public var headers: [String: [String]]
  /// The body as it was sent: decoded if API Gateway had encoded it; nil if that can't be decoded, or is too large.
  public var body: [UInt8]?
  /// Whether the body is over `largestBody`; then it was neither decoded nor kept.
  public private(set) var isTooLarge = false

  /// The largest body that is looked at: Lambda's own limit for an event.
  public static let largestBody = 6 * 1_024 * 1_024

  /// A request.
  public init(headers: [String: [String]], body: [UInt8]?) {
    self.headers = headers
    isTooLarge = (body?.count ?? 0) > HTTPRequest.largestBody
    self.body = isTooLarge ? nil : body
  }

  /// Reads the request out of `event`; nil if it isn't an HTTP event.
  init?(_ event: JSONValue) {
    let context = event["requestContext"]
    guard event["httpMethod"] != nil || context?["http"] != nil || context?["httpMethod"] != nil else {
      return nil
    }
    var headers: [String: [String]] = [:]
    if case .object(let members)? = event["multiValueHeaders"] {
      for (name, values) in members {
        headers[name.lowercased(), default: []] += (values.elements ?? []).compactMap(\.text)
      }
    }
    if case .object(let members)? = event["headers"] {
      for (name, value) in members {
        guard let text = value.text, headers[name.lowercased()]?.contains(text) != true else { continue }
        headers[name.lowercased(), default: []].append(text)
      }
    }
    let text = event["body"]?.text ?? ""
    let isEncoded = event["isBase64Encoded"] == .boolean(true)
    // Base64 makes four characters of three bytes (RFC 4648 §4), the last ones padded.
    let longest = isEncoded ? (HTTPRequest.largestBody + 2) / 3 * 4 : HTTPRequest.largestBody
    if text.utf8.count > longest {
      self.init(headers: headers, body: nil)
      isTooLarge = true
    } else if isEncoded {
      self.init(headers: headers, body: Data(base64Encoded: text).map { Array($0) })
    } else {
      self.init(headers: headers, body: Array(text.utf8))
    }
  }

  /// The one value of a header; nil if it is missing or stands there with several values.
  public func header(_ name: String) -> String? {
    guard let values = headers[name], values.count == 1 else { return nil }
    return values[0]
  }
}
