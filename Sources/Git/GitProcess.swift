import Failpoints
import Subprocess
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Starts git: the only place that starts a process.
///
/// No shell, an environment of our own (``GitCommand/environment(of:workDirectory:)``), a process group of
/// its own, which is ended as a whole when the time is over.
struct GitProcess: Sendable {
  let installation: GitInstallation
  /// Where temporary files go, and git's HOME.
  let workDirectory: String
  /// How long the work may still take; asked when a command starts.
  let remainingTime: @Sendable () -> Duration
  /// How long each command took in all, by its name.
  let times = CommandTimes()

  /// What a process left behind.
  struct Result: Sendable {
    /// The exit status; 128 and the signal's number for one ended by a signal, as shells count.
    let status: Int
    let output: [UInt8]
    /// Standard error, bounded and redacted.
    let errorText: String
  }

  /// Runs `command` with `input` and collects what it prints, at most `limit` bytes.
  func run(_ command: GitCommand, input: [UInt8] = [], limit: Int = 1 << 20) async throws -> Result {
    try await perform(command, input: input, outputLimit: limit) { _, _ in }
  }

  /// Runs `command` while `feed` writes what it reads; collects what it prints, at most `limit` bytes.
  ///
  /// What `feed` throws ends the process and is thrown again.
  func run(
    _ command: GitCommand, limit: Int = 1 << 20, feed: (GitInput) async throws -> Void
  ) async throws -> Result {
    try await perform(command, input: nil, outputLimit: limit) { input, _ in
      try await untilItEnds(input) { try await feed(input) }
    }
  }

  /// Runs `command` while `converse` writes what it reads, and reads its answers.
  ///
  /// What `converse` throws ends the process and is thrown again.
  func run(
    _ command: GitCommand, converse: (GitInput, GitAnswers) async throws -> Void
  ) async throws -> Result {
    try await perform(command, input: nil, outputLimit: nil) { input, output in
      try await untilItEnds(input) { try await converse(input, GitAnswers(output)) }
    }
  }

  /// Does what writes `input`, and ends that; git may end before: its exit status and its words say why.
  private func untilItEnds(_ input: GitInput, _ write: () async throws -> Void) async throws {
    do {
      try await write()
      try await input.finish()
    } catch is GitInput.Closed {}
  }

  /// Runs `command` with `input` while `read` takes what it prints, piece by piece.
  ///
  /// What `read` throws ends the process and is thrown again.
  func run(
    _ command: GitCommand, input: [UInt8] = [], read: ([UInt8]) async throws -> Void
  ) async throws -> Result {
    try await perform(command, input: input, outputLimit: nil) { _, output in
      for try await piece in output { try await read(piece.withUnsafeBytes { Array($0) }) }
    }
  }
}

extension GitProcess {
  private typealias Running = Execution<CustomWriteInput, SequenceOutput, SequenceOutput>

  /// `input` nil: `main` writes it; `outputLimit` nil: `main` reads the output.
  private func perform(
    _ command: GitCommand, input: [UInt8]?, outputLimit: Int?,
    main: (GitInput, SubprocessOutputSequence) async throws -> Void
  ) async throws -> Result {
    let time = remainingTime()
    guard time > .zero else { throw timeout(command) }
    let limit = TimeLimit(time)
    try Task.checkCancellation()
    _ = brokenPipesAreErrors
    let began = ContinuousClock.now
    defer { times.add(ContinuousClock.now - began, to: command.name) }
    failpoint("before git \(command.name)")
    defer { failpoint("after git \(command.name)") }
    var printed = Printed()
    let status: TerminationStatus
    do {
      status = try await Subprocess.run(
        configuration(command), input: .inputWriter, output: .sequence, error: .sequence
      ) { running in
        failpoint("during git \(command.name)")
        let group = running.processIdentifier.value
        do {
          printed = try await exchange(running, input, outputLimit, limit, main)
          try Task.checkCancellation()
          // A helper that ignored the first signal outlives git itself. The group's number can't have
          // been given away: its leader isn't waited for before this closure returns.
          if limit.isExpired { kill(-group, SIGKILL) }
        } catch {
          kill(-group, SIGKILL)
          throw error
        }
      }.terminationStatus
    } catch let error as SubprocessError {
      try Task.checkCancellation()
      throw limit.isExpired ? timeout(command) : couldNotRun(command, error)
    }
    // What was done in spite of the signal is done.
    if limit.isExpired, status != .exited(0) { throw timeout(command) }
    return Result(
      status: status.shellStatus, output: printed.output,
      errorText: Redaction(token: command.remote?.token)(printed.errorText.text))
  }

  /// Writes and reads all of the process's pipes at once: one after the other would block both sides.
  private func exchange(
    _ running: Running, _ input: [UInt8]?, _ outputLimit: Int?, _ limit: TimeLimit,
    _ main: (GitInput, SubprocessOutputSequence) async throws -> Void
  ) async throws -> Printed {
    let group = running.processIdentifier.value
    return try await withThrowingTaskGroup(of: Finished.self) { tasks in
      tasks.addTask { .errorText(try await bounded(running.standardError)) }
      tasks.addTask {
        await limit.watch(group)
        return .timer
      }
      if let input {
        tasks.addTask {
          // One that doesn't read all of it says so by its exit status.
          _ = try? await running.standardInputWriter.write(input)
          try? await running.standardInputWriter.finish()
          return .input
        }
      }
      if let outputLimit {
        tasks.addTask { .output(try await collect(running.standardOutput, limit: outputLimit)) }
      }
      try await main(GitInput(writer: running.standardInputWriter), running.standardOutput)
      var printed = Printed()
      var waiting = 1 + (input == nil ? 0 : 1) + (outputLimit == nil ? 0 : 1)
      while waiting > 0, let finished = try await tasks.next() {
        switch finished {
        case .timer: continue
        case .input: break
        case .output(let bytes): printed.output = bytes
        case .errorText(let text): printed.errorText = text
        }
        waiting -= 1
      }
      tasks.cancelAll()
      return printed
    }
  }

  private func configuration(_ command: GitCommand) -> Configuration {
    let environment = command.environment(of: installation, workDirectory: workDirectory)
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [
      .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: TimeLimit.grace)
    ]
    return Configuration(
      executable: .path(FilePath(installation.executable)),
      arguments: Arguments([command.name] + command.arguments),
      environment: .custom(environment.map { Array("\($0.key)=\($0.value)\0".utf8) }),
      workingDirectory: FilePath(command.repository ?? workDirectory),
      platformOptions: options)
  }

  private func timeout(_ command: GitCommand) -> GitError {
    GitError(.timeout, command: command.name, "the time for it was over")
  }

  private func couldNotRun(_ command: GitCommand, _ error: SubprocessError) -> GitError {
    switch error.code {
    case .executableNotFound:
      GitError(.notInstalled, command: command.name, "\(installation.executable) is gone")
    case .failedToChangeWorkingDirectory:
      GitError(.corruptCache, command: command.name, "the repository's folder is gone")
    case .outputLimitExceeded:
      GitError(.other, command: command.name, "it printed more than was expected")
    default:
      GitError(.other, command: command.name, "it could not be run: \(error)")
    }
  }
}

/// What the tasks around a process end with.
private enum Finished: Sendable {
  case input
  case output([UInt8])
  case errorText(BoundedText)
  case timer
}

private struct Printed: Sendable {
  var output: [UInt8] = []
  var errorText = BoundedText()
}

extension TerminationStatus {
  fileprivate var shellStatus: Int {
    switch self {
    case .exited(let code): Int(code)
    case .signaled(let signal): 128 + Int(signal)
    }
  }
}

private func bounded(_ output: SubprocessOutputSequence) async throws -> BoundedText {
  var text = BoundedText()
  for try await piece in output { text.append(piece.withUnsafeBytes { Array($0) }) }
  return text
}

private func collect(_ output: SubprocessOutputSequence, limit: Int) async throws -> [UInt8] {
  var bytes: [UInt8] = []
  for try await piece in output {
    guard bytes.count + piece.count <= limit else {
      throw GitError(.other, "git printed more than \(limit) bytes")
    }
    piece.withUnsafeBytes { bytes += $0 }
  }
  return bytes
}

/// Writing to a git that ended early must be an error, not our end.
///
/// Children get the default back.
private let brokenPipesAreErrors: Void = {
  _ = signal(SIGPIPE, SIG_IGN)
}()
