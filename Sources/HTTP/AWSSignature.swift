/// What libcurl signs a request with, by AWS's Signature Version 4.
///
/// It signs the method, the path, all header fields that the request names, and the body
/// (https://curl.se/libcurl/c/CURLOPT_AWS_SIGV4.html). A session token is a field of the request:
/// `X-Amz-Security-Token`.
public struct AWSSignature: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
  let region: String
  let service: String
  let accessKeyID: String
  let secretAccessKey: String

  /// - Parameters:
  ///   - region: as `eu-central-1`.
  ///   - service: the name that the service signs with, as `secretsmanager`.
  public init(region: String, service: String, accessKeyID: String, secretAccessKey: String) {
    self.region = region
    self.service = service
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
  }

  /// The value of libcurl's option.
  var option: String { "aws:amz:\(region):\(service)" }

  /// Without the keys.
  public var description: String { option }
  /// Without the keys.
  public var debugDescription: String { option }
  /// Shows nothing to `dump`.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
