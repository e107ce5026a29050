import Foundation
import HTTP

/// A server in GitHub's place with one App and its installation: `Tests/Servers/github`.
package final class TestGitHub {
  /// A commit's status that was set.
  package struct Status: Decodable, Equatable, Sendable {
    package var commit, state, description, context: String

    /// A status as the sync sets it.
    package init(_ commit: String, _ state: String, _ description: String) {
      (self.commit, self.state, self.description) = (commit, state, description)
      context = "skills-sync"
    }
  }

  /// What the executables under test need to reach it as the App.
  package var environment: [String: String] {
    [
      "GITHUB_URL": url, "GITHUB_APP_ID": Self.appID, "GITHUB_APP_INSTALLATION_ID": Self.installationID,
      "GITHUB_APP_PRIVATE_KEY": privateKey,
    ]
  }
  /// The App's id.
  package static let appID = "7"
  /// The installation's id.
  package static let installationID = "42"
  /// Where it is.
  package let url: String
  /// The App's private key.
  package private(set) var privateKey = ""
  private let process: Program
  private let client: Client

  /// A server of its own, whose App has a key.
  ///
  /// - Parameter folder: where to make a certificate of its own, `certificate.pem`, to be asked over https.
  package init(certifiedIn folder: String? = nil) throws {
    let port = try freePort()
    var command = [
      "python3", Servers.projectFolder("Tests/Servers/github"), "\(port)", "\(try Servers.git)/open",
    ]
    if let folder {
      let files = ["\(folder)/certificate.pem", "\(folder)/key.pem"]
      _ = try openssl([
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=tests", "-addext",
        "subjectAltName=IP:127.0.0.1", "-out", files[0], "-keyout", files[1],
      ])
      command += files
    }
    url = "\(folder == nil ? "http" : "https")://127.0.0.1:\(port)"
    client = Client(proxy: .none, certificateAuthorityFile: folder.map { "\($0)/certificate.pem" })
    process = try Program(
      command, environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"])
    let listens = eventually { (try? tokens) != nil }
    guard listens else { throw TestSupportError("no GitHub: \(process.errorsSoFar)") }
    try changeKey(to: try Self.newKey())
  }

  /// Gives the App another private key in place of the one that it has.
  package func changeKey(to key: String) throws {
    privateKey = key
    let publicKey = try openssl(["pkey", "-pubout"], input: key)
    try control("key", publicKey)
  }

  /// Sets how many seconds the tokens to come say that they live.
  package func setLifetime(_ seconds: Int) throws { try control("lifetime", "\(seconds)") }

  /// Makes the tokens given so far invalid.
  package func revokeTokens() throws { try control("revoke", "") }

  /// Makes all tokens invalid, those to come too.
  package func refuseTokens() throws { try control("refuse", "") }

  /// Has all further requests for a token be too many.
  package func exhaustLimit() throws { try control("busy", "") }

  /// Adds a personal token that may do everything.
  package func addToken(_ token: String) throws { try control("token", token) }

  /// Sets which permissions the App was granted: `contents`, `statuses`.
  package func grant(_ permissions: String...) throws {
    try control("permissions", permissions.joined(separator: " "))
  }

  /// Sets how statuses are refused: `retry-after SECONDS`, `reset SECONDS`, `secondary`; not at all if empty.
  package func limit(_ kind: String) throws { try control("limit", kind) }

  /// How many tokens were given for contents.
  package var tokens: Int { get throws { try read("tokens") } }

  /// How many tokens were given for commit statuses.
  package var statusTokens: Int { get throws { try read("status-tokens") } }

  /// How often a status was to be set.
  package var statusRequests: Int { get throws { try read("status-requests") } }

  /// The statuses that were set, the newest last.
  package var statuses: [Status] { get throws { try read("statuses") } }

  private func read<Value: Decodable>(_ name: String) throws -> Value {
    let response = try client.send(Request(.get, "\(url)/control/\(name)", timeout: .seconds(20)))
    return try JSONDecoder().decode(Value.self, from: Data(response.body))
  }

  /// A new RSA key in PEM, of PKCS#8 or, if it `isTraditional`, of PKCS#1.
  package static func newKey(isTraditional: Bool = false, passphrase: String? = nil) throws -> String {
    let encryption = passphrase.map { ["-aes128", "-passout", "pass:\($0)"] } ?? []
    return try openssl(["genrsa"] + (isTraditional ? ["-traditional"] : []) + encryption + ["2048"])
  }

  private func control(_ name: String, _ text: String) throws {
    let request = Request(.post, "\(url)/control/\(name)", body: Array(text.utf8), timeout: .seconds(20))
    guard try client.send(request).status == 200 else { throw TestSupportError("no \(name)") }
  }
}

private func openssl(_ arguments: [String], input: String = "") throws -> String {
  let finished = try Program(["openssl"] + arguments, environment: ["PATH": "/usr/bin:/bin"], input: input)
    .wait()
  guard finished.status == 0 else { throw TestSupportError("openssl: \(finished.errors)") }
  return finished.output
}
