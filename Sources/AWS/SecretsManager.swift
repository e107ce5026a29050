import FoundationEssentials

/// Which version of a secret is read.
///
/// https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version
public enum SecretStage: String, Sendable {
  case current = "AWSCURRENT"
  /// The one before: valid too while a secret is being changed.
  case previous = "AWSPREVIOUS"
}

extension AWSClient {
  /// The text of a secret.
  ///
  /// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
  ///
  /// - Parameter remainingTime: what is left for the call.
  public func secret(
    _ secret: ResourceName, stage: SecretStage, remainingTime: () -> Duration
  ) throws(AWSError) -> String {
    struct Input: Encodable { var SecretId, VersionStage: String }
    struct Output: Decodable { var SecretString: String? }
    let call = Call(
      service: .secretsManager, action: "GetSecretValue", resource: secret.description, region: secret.region,
      partition: secret.partition,
      headers: [
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "secretsmanager.GetSecretValue",
      ],
      body: json(Input(SecretId: secret.description, VersionStage: stage.rawValue)))
    let answer = try send(call, remainingTime: remainingTime)
    guard let output = try? JSONDecoder().decode(Output.self, from: Data(answer)),
      let text = output.SecretString
    else { throw call.error(.other, "the secret isn't a text: store it as a string") }
    return text
  }
}

func json(_ value: some Encodable) -> [UInt8] {
  // Texts only: nothing that JSON can't say.
  (try? JSONEncoder().encode(value)).map { Array($0) } ?? []
}
