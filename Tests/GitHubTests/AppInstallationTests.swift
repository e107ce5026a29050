import Foundation
import GitHub
import TestSupport
import Testing

/// Against a server that takes what GitHub would, and lets OpenSSL check each JSON Web Token.
@Suite(.onOwnThreads) struct AppInstallationTests {
  private let gitHub: TestGitHub
  private let installation: AppInstallation
  private let now = Int64(Date().timeIntervalSince1970)

  init() throws {
    gitHub = try TestGitHub()
    installation = Self.installation(gitHub)
  }

  private static func installation(
    _ gitHub: TestGitHub, appID: String = TestGitHub.appID, id: String = TestGitHub.installationID
  ) -> AppInstallation {
    AppInstallation(
      appID: appID, installationID: id, repository: "skills", permission: .contents,
      apiURL: "\(gitHub.url)/api/v3")
  }

  private func token(_ key: String? = nil, at now: Int64? = nil, for seconds: Int64 = 60) throws -> String {
    try installation.token(privateKey: key ?? gitHub.privateKey, now: now ?? self.now) { .seconds(seconds) }
  }

  @Test func keysOfEitherFormAreTakenAlsoWithoutLineBreaks() throws {
    #expect(gitHub.privateKey.hasPrefix("-----BEGIN PRIVATE KEY-----"))
    #expect(try token() == "ghs_1")
    try gitHub.changeKey(to: TestGitHub.newKey(isTraditional: true))
    #expect(gitHub.privateKey.hasPrefix("-----BEGIN RSA PRIVATE KEY-----"))
    #expect(try token() == "ghs_2")
    #expect(try token(gitHub.privateKey.replacing("\n", with: "\\n")) == "ghs_3")
  }

  @Test func aTokenIsKeptForAsLongAsItOutlivesTheWorkByMinutes() throws {
    try gitHub.setLifetime(3_600)
    #expect(try token() == "ghs_1")
    #expect(try token(at: now + 39 * 60, for: 15 * 60) == "ghs_1")
    // At the end of this work four minutes would be left: another is asked for, at a time that the server doesn't share.
    #expect(throws: GitHubError.self) { try token(at: now + 41 * 60, for: 15 * 60) }
    #expect(try gitHub.tokens == 1)
  }

  @Test func aTokenThatSoonExpiresIsReplacedBeforeItDoes() throws {
    try gitHub.setLifetime(5 * 60)
    #expect(try token() == "ghs_1")
    #expect(try token() == "ghs_2")
  }

  @Test func anotherKeyAsksForAnotherToken() throws {
    #expect(try token() == "ghs_1")
    #expect(try token() == "ghs_1")
    try gitHub.changeKey(to: TestGitHub.newKey())
    #expect(try token() == "ghs_2")
  }

  @Test func aTokenThatWasRefusedIsForgotten() throws {
    #expect(try token() == "ghs_1")
    installation.forgetToken()
    #expect(try token() == "ghs_2")
  }

  @Test func whatIsWrongIsSaidWithoutTheKey() throws {
    let other = try TestGitHub.newKey()
    let wrongKey = try #require(throws: GitHubError.self) { try token(other) }
    #expect(wrongKey.code == .authentication)
    #expect(wrongKey.description.contains("A JSON web token could not be decoded"))
    let noKey = try #require(throws: GitHubError.self) { try token("-----BEGIN PRIVATE KEY-----\nabc") }
    #expect(noKey.code == .authentication)
    let encrypted = try #require(throws: GitHubError.self) {
      try token(TestGitHub.newKey(passphrase: "secret"))
    }
    #expect(encrypted.description.contains("without a passphrase"))
    let wrongApp = try #require(throws: GitHubError.self) {
      try Self.installation(gitHub, appID: "8").token(privateKey: gitHub.privateKey, now: now) {
        .seconds(60)
      }
    }
    #expect(wrongApp.code == .authentication)
    let wrongInstallation = try #require(throws: GitHubError.self) {
      try Self.installation(gitHub, id: "43").token(privateKey: gitHub.privateKey, now: now) { .seconds(60) }
    }
    #expect(wrongInstallation.code == .notInstalled)
    for error in [wrongKey, noKey, encrypted, wrongApp, wrongInstallation] {
      #expect(!error.description.contains("BEGIN PRIVATE KEY") && !error.description.contains("eyJ"))
    }
    #expect(try gitHub.tokens == 0)
  }

  @Test func tooManyRequestsAreNoFaultOfTheInstallation() throws {
    try gitHub.exhaustLimit()
    let error = try #require(throws: GitHubError.self) { try token() }
    #expect(error.code == .unavailable)
    #expect(error.description.contains("API rate limit exceeded"))
  }

  @Test func aServerThatIsAwayIsSaidToBe() throws {
    let away = AppInstallation(
      appID: "7", installationID: "42", repository: "skills", permission: .contents,
      apiURL: "http://127.0.0.1:\(try freePort())")
    let error = try #require(throws: GitHubError.self) {
      try away.token(privateKey: gitHub.privateKey, now: now) { .seconds(60) }
    }
    #expect(error.code == .unavailable)
  }
}
