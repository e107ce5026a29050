import Foundation
import GitHub
import TestSupport
import Testing

/// Against a server that answers as GitHub publishes it.
@Suite(.onOwnThreads) struct CommitStatusesTests {
  private let gitHub: TestGitHub
  private let statuses: CommitStatuses
  private let now = Int64(Date().timeIntervalSince1970)
  private let commit = String(repeating: "6dcb09b5b5", count: 4)

  init() throws {
    gitHub = try TestGitHub()
    try gitHub.addToken("github_pat_1")
    statuses = CommitStatuses(repository: "example/skills", apiURL: "\(gitHub.url)/api/v3")
  }

  @discardableResult
  private func set(
    _ description: String = "1 skill updated", of commit: String? = nil, token: String = "github_pat_1"
  ) throws -> Int64? {
    try statuses.set(
      "success", description, context: "skills-sync", of: commit ?? self.commit, token: token, now: now
    ) { .seconds(20) }
  }

  private func error(_ work: () throws -> Void) throws -> GitHubError {
    try #require(throws: GitHubError.self) { try work() }
  }

  @Test func aStatusIsSet() throws {
    #expect(try set() == nil)
    #expect(try gitHub.statuses == [.init(commit, "success", "1 skill updated")])
  }

  @Test func aTokenOfAnAppForStatusesIsEnoughAndOneForContentsIsNot() throws {
    func token(_ permission: InstallationPermission) throws -> String {
      try AppInstallation(
        appID: TestGitHub.appID, installationID: TestGitHub.installationID, repository: "skills",
        permission: permission, apiURL: "\(gitHub.url)/api/v3"
      ).token(privateKey: gitHub.privateKey, now: now) { .seconds(20) }
    }
    try set(token: try token(.statuses))
    let refused = try error { try set(token: try token(.contents)) }
    #expect(refused.code == .notInstalled && refused.retryTime == nil)
    #expect(refused.description.contains("Resource not accessible by integration"), "\(refused)")
    #expect(refused.description.contains("COMMIT_STATUS=off"))
    #expect(try gitHub.statuses.count == 1)
  }

  @Test func anAppWithoutThePermissionGetsNoTokenForStatusesAndStillOneForContents() throws {
    try gitHub.grant("contents")
    func installation(_ permission: InstallationPermission) -> AppInstallation {
      AppInstallation(
        appID: TestGitHub.appID, installationID: TestGitHub.installationID, repository: "skills",
        permission: permission, apiURL: "\(gitHub.url)/api/v3")
    }
    let refused = try error {
      _ = try installation(.statuses).token(privateKey: gitHub.privateKey, now: now) { .seconds(20) }
    }
    #expect(refused.code == .notInstalled)
    #expect(refused.description.contains("not granted to this installation"), "\(refused)")
    #expect(refused.description.contains("COMMIT_STATUS=off"))
    #expect(
      try installation(.contents).token(privateKey: gitHub.privateKey, now: now) { .seconds(20) } == "ghs_1")
  }

  @Test func whatIsWrongIsSaidWithoutTheToken() throws {
    let stranger = try error { try set(token: "github_pat_2") }
    #expect(stranger.code == .authentication)
    let nowhere = try error {
      try CommitStatuses(repository: "nobody/skills", apiURL: "\(gitHub.url)/api/v3").set(
        "success", "x", context: "x", of: commit, token: "github_pat_1", now: now
      ) { .seconds(20) }
    }
    #expect(nowhere.code == .notInstalled && nowhere.message == "GitHub answered 404: Not Found")
    // The server repeats the path.
    let repeated = try error { try set(of: "github_pat_1") }
    #expect(repeated.message == "GitHub answered 422: No commit found for SHA: [redacted]")
    #expect(try error { try set(String(repeating: "x", count: 141)) }.message.contains("Validation Failed"))
    for error in [stranger, nowhere, repeated] { #expect(!error.description.contains("github_pat")) }
  }

  @Test(arguments: [("retry-after 90", 90), ("secondary", 60), ("reset 1200", 1_200), ("retry-after 0", 1)])
  func aRateLimitSaysWhenToComeBack(limit: String, seconds: Int64) throws {
    try gitHub.limit(limit)
    let refused = try error { try set() }
    #expect(refused.code == .unavailable)
    #expect(refused.message.contains("rate limit"))
    let time = try #require(refused.retryTime)
    #expect((now + seconds...now + seconds + 10).contains(time), "\(time - now)")
    #expect(try gitHub.statusRequests == 1)
  }
}
