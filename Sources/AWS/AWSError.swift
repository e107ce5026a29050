/// What AWS, or the way to it, refused to do.
///
/// `description` is made for logs: it names the call, the resource and AWS's own reason, never a key, a token or a
/// secret's value.
public struct AWSError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Sendable {
    /// There are no credentials, no region, or the endpoint is no URL to call.
    case configuration
    /// The credentials aren't accepted, or may not do this.
    case accessDenied
    /// There is no such secret, version, queue or topic.
    case notFound
    /// AWS wasn't reached, was too busy, or failed, also after several tries.
    case unavailable
    /// Anything else that AWS answered.
    case other
  }

  /// What kind of failure it is.
  public let code: Code
  /// The call and the resource.
  public let subject: String
  /// What happened, in AWS's words where there are any.
  public let message: String

  /// One line: the call, what happened, and what a person can do about it.
  public var description: String {
    "\(subject): \(message)" + (code.suggestion.map { " (\($0))" } ?? "")
  }
}

extension AWSError.Code {
  /// What usually helps.
  fileprivate var suggestion: String? {
    switch self {
    case .accessDenied:
      "check the role's permissions and, for a secret with a key of its own, those of its KMS key"
    case .notFound: "check the name and its region"
    case .unavailable: "it is tried again; if it persists, check the network and the VPC's endpoints"
    case .configuration, .other: nil
    }
  }

  /// What an answer that isn't a success means.
  ///
  /// The names are those of
  /// https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html and of the calls' own pages.
  init(status: Int, name: String) {
    self =
      switch name {
      case "ResourceNotFoundException", "NotFound", "NotFoundException", "QueueDoesNotExist",
        "AWS.SimpleQueueService.NonExistentQueue":
        .notFound
      case "AccessDenied", "AccessDeniedException", "AuthorizationError", "ExpiredToken",
        "ExpiredTokenException", "InvalidClientTokenId", "InvalidSignatureException", "IncompleteSignature",
        "SignatureDoesNotMatch", "UnrecognizedClientException", "DecryptionFailure", "KMSAccessDenied",
        "KmsAccessDenied":
        .accessDenied
      case "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
        "TooManyRequestsException":
        .unavailable
      default: status >= 500 || status == 429 ? .unavailable : .other
      }
  }
}
