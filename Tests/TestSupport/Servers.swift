import Foundation
import HTTP

/// The servers and programs that tests are run with: `make test` starts and names them.
package enum Servers {
  /// A superuser's URL of the database `postgres`.
  package static var database: String { get throws { try variable("TEST_DATABASE_URL") } }
  /// Where the git server is.
  package static var git: String { get throws { try variable("TEST_GIT_URL") } }
  /// The same over TLS, with a certificate that nobody vouches for.
  package static var secureGit: String { get throws { try variable("TEST_GIT_HTTPS_URL") } }
  /// That certificate's file.
  package static var gitCertificate: String { get throws { try variable("TEST_GIT_CERTIFICATE") } }
  /// The folder of its bare repositories.
  package static var repositories: String { get throws { try variable("TEST_GIT_ROOT") } }
  /// Its access log.
  package static var accessLog: String { get throws { try variable("TEST_GIT_ACCESS_LOG") } }
  /// Lambda's Runtime Interface Emulator.
  package static var emulator: String { get throws { try variable("TEST_RIE") } }
  /// The password of the server's private half.
  package static let token = "test-token-8c1f"

  /// The folder of the executables under test.
  package static var executables: String {
    ProcessInfo.processInfo.environment["TEST_EXECUTABLES"]
      ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
  }

  /// The folder `name` of the project.
  package static func projectFolder(_ name: String, file: String = #filePath) -> String {
    URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent(name).path
  }

  static func variable(_ name: String) throws -> String {
    guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
      throw TestSupportError(
        "\(name) isn't set: run `make test`, or the tests under Tests/Servers/with-servers")
    }
    return value
  }
}

/// The requests that the git server answered for one repository.
package struct AccessLog {
  private let repository: String
  private let start: UInt64

  /// A log that begins now.
  ///
  /// - Parameter repository: the repository's name, without `.git`.
  package init(of repository: String) throws {
    self.repository = repository
    start = try FileManager.default.attributesOfItem(atPath: Servers.accessLog)[.size] as? UInt64 ?? 0
  }

  /// `METHOD URI STATUS` of each request since, in the order in which they were answered.
  package func requests() throws -> [String] {
    // The server writes a line after its answer. It has one worker: once this request's line is
    // there, those of earlier ones are.
    let mark = "mark-\(UUID().uuidString)"
    _ = try Client(proxy: .none).send(Request(.get, "\(Servers.git)/\(mark)", timeout: .seconds(10)))
    var lines: [Substring] = []
    let isThere = try eventually(within: .seconds(5)) {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: Servers.accessLog))
      try file.seek(toOffset: start)
      let text = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
      lines = text.split(separator: "\n")
      return text.contains(mark)
    }
    guard isThere else { throw TestSupportError("the git server's access log lacks \(mark)") }
    return lines.filter { $0.contains("/\(repository).git/") }.map {
      $0.split(separator: "\t").prefix(3).joined(separator: " ")
    }
  }
}
