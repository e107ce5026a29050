import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import Git

/// The git server that `Tests/Servers/with-servers` starts.
enum GitServer {
  static let url = ProcessInfo.processInfo.environment["TEST_GIT_URL"]
  static let root = ProcessInfo.processInfo.environment["TEST_GIT_ROOT"] ?? ""
  static let accessLog = ProcessInfo.processInfo.environment["TEST_GIT_ACCESS_LOG"] ?? ""
  static let isRunning = url != nil
  static let token = "test-token-8c1f"
}

extension Trait where Self == ConditionTrait {
  /// For what needs the server: `Tests/Servers/with-servers swift test`.
  static var needsServer: Self { .enabled(if: GitServer.isRunning, "run it by Tests/Servers/with-servers") }
}

/// Runs git as a user would, for what the tests arrange and look at; returns what it printed.
@discardableResult
func git(
  _ arguments: String..., in folder: String = "/", input: [UInt8] = [], mayFail: Bool = false,
  environment: [Environment.Key: String?] = [:]
) async throws -> String {
  let base: [Environment.Key: String?] = [
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C",
    "GIT_AUTHOR_NAME": "Test", "GIT_AUTHOR_EMAIL": "test@example.com", "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@example.com",
  ]
  let result = try await Subprocess.run(
    .name("git"), arguments: Arguments(arguments),
    environment: .inherit.updating(base).updating(environment), workingDirectory: FilePath(folder),
    input: .array(input), output: .bytes(limit: 64 << 20), error: .string(limit: 1 << 20))
  guard mayFail || result.terminationStatus == .exited(0) else {
    throw Failure(text: "git \(arguments): \(result.standardError)")
  }
  return String(decoding: result.standardOutput, as: UTF8.self)
    + (mayFail ? result.standardError + "status \(result.terminationStatus)" : "")
}

struct Failure: Error {
  let text: String
}

/// A bare repository of the server, and a work directory of our side.
final class Fixture {
  let name = "t" + UUID().uuidString.prefix(8).lowercased()
  /// The server's side.
  var path: String { "\(GitServer.root)/\(name).git" }
  var url: String { "\(GitServer.url ?? "")/open/\(name).git" }
  var privateURL: String { "\(GitServer.url ?? "")/private/\(name).git" }
  let workDirectory: String
  private var seen = 0

  init(allowFilter: Bool = true) async throws {
    workDirectory = FileManager.default.temporaryDirectory.path + "/work-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: workDirectory, withIntermediateDirectories: true)
    try await git("init", "--quiet", "--bare", "--initial-branch=main", path)
    for setting in ["uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant", "http.receivepack"] {
      try await git("config", setting, "true", in: path)
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: workDirectory)
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Commits files on the server's side, as an engineer's push would have; nil deletes.
  @discardableResult
  func commit(
    _ files: [String: String?], branch: String = "main", onto parent: String? = nil,
    at seconds: Int = 1_700_000_000, mode: String = "100644"
  ) async throws -> ObjectID {
    let reference = "refs/heads/\(branch)"
    let tip = try await git("for-each-ref", "--format=%(objectname)", reference, in: path).trimmed
    var stream =
      "commit \(reference)\nmark :1\ncommitter Eng <eng@example.com> \(seconds) +0000\ndata 4\nedit\n"
    if let parent = parent ?? (tip.isEmpty ? nil : tip) { stream += "from \(parent)\n" }
    for (path, text) in files.sorted(by: { $0.key < $1.key }) {
      if let text {
        stream += "M \(mode) inline \(path)\ndata \(text.utf8.count)\n\(text)\n"
      } else {
        stream += "D \(path)\n"
      }
    }
    stream += "get-mark :1\n"
    let id = try await git("fast-import", "--quiet", "--force", in: path, input: Array(stream.utf8))
    return try #require(ObjectID(id.trimmed))
  }

  func tip(_ branch: String = "main") async throws -> ObjectID? {
    ObjectID(
      try await git("for-each-ref", "--format=%(objectname)", "refs/heads/\(branch)", in: path).trimmed)
  }

  func content(_ path: String, of revision: String = "main") async throws -> String {
    try await git("cat-file", "blob", "\(revision):\(path)", in: self.path)
  }

  func files(of revision: String = "main") async throws -> [String] {
    try await git("-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", revision, in: path).lines
  }

  /// A hook of the server; `script` is a shell's.
  func hook(_ name: String, _ script: String) throws {
    try writeScript("#!/bin/sh\n\(script)\n", to: "\(path)/hooks/\(name)")
  }

  func remote(_ branch: String = "main") throws -> Remote { try Remote(url, branch: branch) }

  func open(
    _ remote: Remote? = nil, remainingTime: @escaping @Sendable () -> Duration = { .seconds(60) }
  ) async throws -> Repository {
    try await Repository.open(
      remote ?? self.remote(), workDirectory: workDirectory, git: installation(), remainingTime: remainingTime
    )
  }

  /// The requests since the last call, as `GET` and `POST`.
  ///
  /// Waits until no more come: the log is written once an answer is sent.
  func requests() async throws -> [String] {
    var lines: [Substring] = []
    var unchanged = 0
    while unchanged < 6 {
      let now = try String(contentsOfFile: GitServer.accessLog, encoding: .utf8)
        .split(separator: "\n").filter { $0.contains("/\(name).git/") }
      unchanged = now.count == lines.count ? unchanged + 1 : 0
      lines = now
      try await Task.sleep(for: .milliseconds(20))
    }
    defer { seen = lines.count }
    return lines[seen...].map { String($0.split(separator: "\t")[0]) }
  }
}

func installation() throws -> GitInstallation {
  try GitInstallation.find(in: ProcessInfo.processInfo.environment)
}

/// Whom the tests' commits are from.
let somebody = Signature(name: "Ada Lovelace", email: "ada@example.com", seconds: 1_700_000_100)

func request(
  _ parent: ObjectID?, _ message: String = "update: Skill", deleting: [ParentFile] = []
) -> CommitRequest {
  CommitRequest(parent: parent, author: somebody, committer: somebody, message: message, deleted: deleting)
}

/// A file of a parent that has this text at `path`.
func file(_ path: String, _ text: String) -> ParentFile {
  ParentFile(path: path, blob: .blobID(of: Array(text.utf8)))
}

extension Repository {
  /// Commits texts.
  func commit(
    _ texts: [String: String], onto parent: ObjectID?, deleting: [ParentFile] = []
  ) async throws -> ObjectID {
    try await commit(request(parent, deleting: deleting)) { stream in
      for (path, text) in texts.sorted(by: { $0.key < $1.key }) {
        try await stream.write(Array(text.utf8), to: path)
      }
    }
  }

  func contents(_ blobs: [ObjectID]) async throws -> [String] {
    var texts: [String] = []
    try await readBlobs(blobs) { _, _, bytes in texts.append(String(decoding: bytes, as: UTF8.self)) }
    return texts
  }
}

/// The error that `body` throws.
func gitError(_ body: () async throws -> Void) async -> GitError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? GitError
  }
}
