import Foundation
import Subprocess
import Testing

@testable import Git

/// A `git` of our own on PATH, which does what a test wants and else delegates.
func fakeGit(_ script: String, in folder: String) async throws -> GitInstallation {
  let real = try installation()
  let bin = "\(folder)/bin"
  try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
  // By another process: a file that we had open for writing can't be run while a process that is just being started has
  // a copy of the descriptor.
  let text = "#!/bin/sh\n\(script)\nexec \(real.executable) \"$@\"\n"
  _ = try await Subprocess.run(
    .name("sh"), arguments: ["-c", "cat >\"$0\" && chmod 755 \"$0\"", "\(bin)/git"],
    input: .array(Array(text.utf8)), output: .discarded)
  return try GitInstallation.find(in: ["PATH": "\(bin):/usr/bin:/bin", "TMPDIR": "/tmp", "AWS_SECRET": "x"])
}

/// Numbers of the processes whose environment has `text`, other than zombies.
func processes(with text: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
    guard Int(name) != nil, let data = FileManager.default.contents(atPath: "/proc/\(name)/environ") else {
      return false
    }
    return String(decoding: data, as: UTF8.self).contains(text)
  }
}

@Suite final class ProcessTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/process-" + UUID().uuidString

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func process(
    _ script: String, time: Duration = .seconds(20)
  ) async throws -> GitProcess {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return GitProcess(
      installation: try await fakeGit(script, in: folder), workDirectory: folder, remainingTime: { time })
  }

  @Test func whenTheTimeIsOverTheWholeProcessGroupEnds() async throws {
    // The grandchild ignores the polite signal and keeps the pipes open; its parent dies of it.
    let process = try await process(
      "if [ $1 = stubborn ]; then (trap '' TERM; touch \(folder)/started; while :; do sleep 0.1; done) & wait; fi",
      time: .milliseconds(400))
    let clock = ContinuousClock()
    let start = clock.now
    let error = await gitError { _ = try await process.run(GitCommand("stubborn", [])) }
    #expect(error?.code == .timeout)
    // Left alone it would never end; other tests may keep both cores busy meanwhile.
    #expect(clock.now - start < .seconds(60))
    #expect(FileManager.default.fileExists(atPath: "\(folder)/started"))
    try await Task.sleep(for: .milliseconds(300))
    #expect(try processes(with: "HOME=\(folder)") == [])
  }

  @Test func whenTheTaskIsCancelledTheWholeProcessGroupEnds() async throws {
    let process = try await process(
      "if [ $1 = stubborn ]; then (trap '' TERM; touch \(folder)/started; while :; do sleep 0.1; done) & wait; fi"
    )
    let task = Task { try await process.run(GitCommand("stubborn", [])) }
    while !FileManager.default.fileExists(atPath: "\(folder)/started") {
      try await Task.sleep(for: .milliseconds(10))
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    try await Task.sleep(for: .milliseconds(300))
    #expect(try processes(with: "HOME=\(folder)") == [])
  }

  @Test func whenTheFeederThrowsTheProcessEnds() async throws {
    let process = try await process("if [ $1 = slow ]; then exec sleep 30; fi")
    await #expect(throws: Failure.self) {
      _ = try await process.run(
        GitCommand("slow", []), feed: { (_: GitInput) async throws in throw Failure(text: "no") })
    }
    try await Task.sleep(for: .milliseconds(200))
    #expect(try processes(with: "HOME=\(folder)") == [])
  }

  @Test func aGitThatEndsEarlyIsAnErrorOfItsOwnWordsAndNotOurEnd() async throws {
    let process = try await process("if [ $1 = early ]; then echo 'fatal: no more' >&2; exit 3; fi")
    let result = try await process.run(GitCommand("early", [])) { input in
      for _ in 0..<100 { try await input.write([UInt8](repeating: 65, count: 100_000)) }
    }
    #expect(result.status == 3)
    #expect(result.errorText == "fatal: no more\n")
    let given = try await process.run(
      GitCommand("early", []), input: [UInt8](repeating: 65, count: 1_000_000))
    #expect(given.status == 3)
  }

  @Test func aHelperThatKeepsThePipesOpenDoesNotHoldUsUp() async throws {
    let process = try await process("if [ $1 = leaves ]; then echo out; (sleep 300) & exit 0; fi")
    let clock = ContinuousClock()
    let start = clock.now
    let result = try await process.run(GitCommand("leaves", []))
    #expect(result.output == Array("out\n".utf8))
    #expect(clock.now - start < .seconds(60))
    for number in try processes(with: "HOME=\(folder)") { kill(pid_t(number) ?? 0, SIGKILL) }
  }

  @Test func largeInputAndOutputFlowAtOnce() async throws {
    let process = try await process("if [ $1 = echo ]; then exec cat; fi")
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    #expect(try await process.run(GitCommand("echo", []), input: bytes, limit: 4_000_000).output == bytes)
    var read: [UInt8] = []
    _ = try await process.run(GitCommand("echo", []), input: bytes) { read += $0 }
    #expect(read == bytes)
    let error = await gitError {
      _ = try await process.run(GitCommand("echo", []), input: bytes, limit: 1_000)
    }
    #expect(error?.code == .other)
  }

  @Test func gitSeesOnlyTheVariablesItNeeds() async throws {
    let process = try await process("if [ $1 = env ]; then exec env; fi")
    var command = GitCommand("env", [])
    command.configuration = [("a.b", "c\nd")]
    let output = String(decoding: try await process.run(command).output, as: UTF8.self)
    let names = output.lines.compactMap { $0.contains("=") ? $0.parts(between: "=")[0] : nil }
    let allowed = ["PATH", "HOME", "LC_ALL", "TMPDIR", "PWD", "SHLVL", "_", "OLDPWD"]
    #expect(names.filter { !allowed.contains($0) && !$0.hasPrefix("GIT_") } == [])
    #expect(output.contains("TMPDIR=/tmp"))
    for setting in [
      "GIT_TERMINAL_PROMPT=0", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "HOME=\(folder)",
    ] {
      #expect(output.contains(setting))
    }
  }
}

@Suite(.needsServer) struct SecrecyTests {
  @Test func theTokenIsInNoArgumentNoFileAndNoError() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["skills/a.md": "A"])
    let seen = "\(fixture.workDirectory)-seen"
    defer { try? FileManager.default.removeItem(atPath: seen) }
    // Every git looks at the arguments of all processes, helpers' too, while they run.
    let git = try await fakeGit(
      """
      echo "$@" >>\(seen)
      (for i in 1 2 3 4 5 6 7 8 9 10; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' >>\(seen); sleep 0.01; done) >/dev/null 2>&1 &
      """, in: fixture.workDirectory)
    var told: [String] = []
    for token in [GitServer.token, "wrong-secret-91ab"] {
      let remote = try Remote(fixture.privateURL, branch: "main", token: Secret(token))
      let repository = try await Repository.open(
        remote, workDirectory: fixture.workDirectory, git: git, remainingTime: { .seconds(60) })
      told.append("\(await gitError { _ = try await repository.fetchTip() }.map { "\($0)" } ?? "")")
      let commit = try await repository.commit(["skills/a.md": "B"], onto: tip)
      told.append(
        "\(await gitError { told.append("\(try await repository.push(commit, expecting: tip))") }.map { "\($0)" } ?? "")"
      )
      repository.close()
    }
    try await Task.sleep(for: .milliseconds(400))
    var all =
      told.joined(separator: "\n")
      + (try String(decoding: Data(contentsOf: URL(fileURLWithPath: seen)), as: UTF8.self))
    #expect(all.contains("git-remote-http") || all.contains("remote-http"))
    #expect(told.contains { $0.contains("git fetch:") })
    for file in FileManager.default.enumerator(atPath: fixture.workDirectory) ?? .init() {
      let path = "\(fixture.workDirectory)/\(file)"
      if let data = FileManager.default.contents(atPath: path) {
        all += String(decoding: data, as: UTF8.self)
      }
    }
    for token in [GitServer.token, "wrong-secret-91ab"] {
      #expect(!all.contains(token))
      #expect(!all.contains(basicCredential(Secret(token))))
    }
  }

  @Test func whatAServerRepeatsIsRedacted() async throws {
    let fixture = try await Fixture()
    try fixture.hook(
      "pre-receive",
      "echo 'you are \(GitServer.token) \(basicCredential(Secret(GitServer.token))) at https://u:p@h/' >&2; exit 1"
    )
    let repository = try await fixture.open(
      Remote(fixture.privateURL, branch: "main", token: Secret(GitServer.token)))
    let commit = try await repository.commit(["a": "A"], onto: nil)
    guard case .rejected(let rejection) = try await repository.push(commit, expecting: nil) else {
      Issue.record("the push was not rejected")
      return
    }
    #expect(rejection.words == "you are [redacted] [redacted] at https://[redacted]@h/")
  }

  @Test func onlyCommandsThatTalkToTheServerLearnTheToken() throws {
    let remote = try Remote(
      "a/b", branch: "main", token: Secret("t0ken"), certificateAuthorityFile: "/ca.pem")
    let installation = try installation()
    let talking = GitCommand("fetch", [], repository: "/r", remote: remote)
      .environment(of: installation, workDirectory: "/w")
    #expect(talking.values.contains("Authorization: Basic \(basicCredential(Secret("t0ken")))"))
    #expect(talking.values.contains("http.https://github.com/a/b.git.extraHeader"))
    #expect(talking["GIT_SSL_CAINFO"] == "/ca.pem")
    let local = GitCommand("log", [], repository: "/r").environment(of: installation, workDirectory: "/w")
    #expect(!local.values.contains { $0.contains("Authorization") })
  }
}
