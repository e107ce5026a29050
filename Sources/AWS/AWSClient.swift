import HTTP
import Synchronization

/// Calls AWS's services, signed with the credentials of the environment.
///
/// It keeps its connections, as many as calls were made at once. A call that AWS is too busy for, or that doesn't reach
/// it, is tried three times within its time.
public final class AWSClient: Sendable {
  /// A client that whoever takes it out has to themselves.
  private struct Idle: @unchecked Sendable { let client: Client }

  private let environment: [String: String]
  private let certificateAuthorityFile: String?
  private let idle = Mutex<[Idle]>([])

  /// - Parameters:
  ///   - environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, as Lambda sets them;
  ///     `AWS_REGION` or `AWS_DEFAULT_REGION`; `AWS_ENDPOINT_URL` and its kin
  ///     (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
  ///   - certificateAuthorityFile: the authorities to trust, in PEM; the system's if nil.
  public init(environment: [String: String], certificateAuthorityFile: String? = nil) {
    self.environment = environment
    self.certificateAuthorityFile = certificateAuthorityFile
  }

  /// The region of the environment.
  var region: String? {
    ["AWS_REGION", "AWS_DEFAULT_REGION"].lazy.compactMap { self.environment[$0] }.first { isRegion($0) }
  }

  /// Sends one call and returns the body of its answer.
  func send(_ call: Call, remainingTime: () -> Duration) throws(AWSError) -> [UInt8] {
    guard let keyID = variable("AWS_ACCESS_KEY_ID"), let key = variable("AWS_SECRET_ACCESS_KEY") else {
      throw call.error(
        .configuration,
        "there are no credentials: Lambda sets AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN for a "
          + "function with a role; elsewhere set them")
    }
    var request = Request(.post, try url(of: call), headers: call.headers, body: call.body)
    request.signature = AWSSignature(
      region: call.region, service: call.service.rawValue, accessKeyID: keyID, secretAccessKey: key)
    let token = variable("AWS_SESSION_TOKEN")
    if let token { request.headers.append("X-Amz-Security-Token", token) }
    let secrets = [key] + (token.map { [$0] } ?? [])
    let taken = idle.withLock { $0.popLast() } ?? connection()
    defer { idle.withLock { $0.append(taken) } }
    var lastError: AWSError?
    for attempt in 0..<3 {
      if attempt > 0 { pause(milliseconds: Int.random(in: 50...(150 << attempt))) }
      let time = min(remainingTime(), .seconds(5))
      guard time > .zero else { break }
      request.timeout = time
      request.usesFreshConnection = attempt > 0
      do throws(HTTPError) {
        let response = try taken.client.send(request)
        if (200..<300).contains(response.status) { return response.body }
        lastError = call.error(response, withholding: secrets)
      } catch {
        lastError = call.error(.unavailable, error.description)
      }
      if let lastError, lastError.code != .unavailable { throw lastError }
    }
    throw lastError ?? call.error(.unavailable, "there was no time left for it")
  }

  private func connection() -> Idle {
    Idle(
      client: Client(
        certificateAuthorityFile: certificateAuthorityFile, connectTimeout: .seconds(3),
        maximumResponseBytes: 1 << 20))
  }

  private func variable(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The service's endpoint: the environment's, the one that comes with the call, or AWS's own in the region.
  private func url(of call: Call) throws(AWSError) -> String {
    for name in ["AWS_ENDPOINT_URL_\(call.service.variableSuffix)", "AWS_ENDPOINT_URL"] {
      guard let endpoint = variable(name) else { continue }
      guard isConfidential(endpoint) else {
        throw call.error(.configuration, "\(name) must be an https:// URL, or http:// to this very machine")
      }
      return endpoint.hasSuffix("/") ? endpoint : endpoint + "/"
    }
    if let endpoint = call.endpoint { return endpoint }
    let domain =
      switch call.partition {
      case "aws-cn": "amazonaws.com.cn"
      case "aws-eusc": "amazonaws.eu"
      default: "amazonaws.com"
      }
    return "https://\(call.service.rawValue).\(call.region).\(domain)/"
  }
}
