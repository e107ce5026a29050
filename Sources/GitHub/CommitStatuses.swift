import HTTP

/// The statuses that GitHub shows beside a repository's commits.
///
/// https://docs.github.com/rest/commits/statuses#create-a-commit-status
public final class CommitStatuses {
  private let repository: String
  private let client: RESTClient

  /// - Parameters:
  ///   - repository: `owner/name`.
  ///   - apiURL: as `https://api.github.com`.
  ///   - certificateAuthorityFile: the authorities to trust, in PEM; the system's if nil.
  public init(repository: String, apiURL: String, certificateAuthorityFile: String? = nil) {
    self.repository = repository
    client = RESTClient(apiURL: apiURL, certificateAuthorityFile: certificateAuthorityFile)
  }

  /// Sets the commit's status, in place of the one before with the same context.
  ///
  /// - Parameters:
  ///   - state: `success`, `failure`, `error` or `pending`.
  ///   - description: at most 140 characters.
  ///   - context: what tells this status from those of other systems.
  ///   - token: one that may write commit statuses.
  ///   - now: seconds since the epoch.
  /// - Returns: when GitHub may be asked again, in seconds since the epoch; nil for at once.
  @discardableResult
  public func set(
    _ state: String, _ description: String, context: String, of commit: String, token: String, now: Int64,
    remainingTime: () -> Duration
  ) throws(GitHubError) -> Int64? {
    struct Input: Encodable { var state, description, context: String }
    let response = try client.post(
      "/repos/\(repository)/statuses/\(commit)",
      Input(state: state, description: description, context: context), token: token, for: .commitStatus,
      remainingTime: remainingTime)
    guard response.status == 201 else {
      throw GitHubError(response, for: .commitStatus, hiding: token, now: now)
    }
    return retryTime(response, now: now)
  }
}
