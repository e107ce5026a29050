import Foundation

/// What a program left behind.
package struct Finished: Sendable {
  /// The exit status; 128 and the signal's number for a program that a signal ended, as shells count.
  package let status: Int32
  /// Standard output.
  package let output: String
  /// Standard error.
  package let errors: String
}

/// What went wrong with a test's own tools.
package struct TestSupportError: Error, CustomStringConvertible {
  /// In words for whoever reads the failure.
  package let description: String

  /// An error in words.
  package init(_ description: String) { self.description = description }
}

/// A program under way, its output in files without a name; killed when nobody holds it any more.
package final class Program {
  /// Its process id.
  package let pid: pid_t
  private let output: CInt
  private let errors: CInt
  private var status: Int32?

  /// Starts a program, found on the environment's `PATH`, with `input` on its standard input.
  package init(_ command: [String], environment: [String: String], input: String = "") throws {
    let input = try scratchFile(holding: input)
    defer { close(input) }
    output = try scratchFile()
    errors = try scratchFile()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    // A test's thread blocks signals, which a child would inherit.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var argv = command.map { strdup($0) } + [nil]
    var envp = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in argv + envp { free(text) } }
    let path = command[0].hasPrefix("/") ? command[0] : try find(command[0], in: environment)
    var child: pid_t = 0
    let failure = posix_spawn(&child, path, &actions, &attributes, &argv, &envp)
    guard failure == 0 else {
      close(output)
      close(errors)
      throw TestSupportError("can't start \(path): \(String(cString: strerror(failure)))")
    }
    pid = child
  }

  deinit {
    if status == nil {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    close(output)
    close(errors)
  }

  /// What it has written so far on standard output.
  package var outputSoFar: String { content(of: output) }

  /// What it has written so far on standard error.
  package var errorsSoFar: String { content(of: errors) }

  /// Whether it still runs.
  package var isRunning: Bool {
    var raw: Int32 = 0
    if status == nil, waitpid(pid, &raw, WNOHANG) == pid {
      status = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : 128 + raw & 0x7F
    }
    return status == nil
  }

  /// Waits for its end.
  ///
  /// - Throws: if it still runs after `limit`.
  package func wait(within limit: Duration = .seconds(120)) throws -> Finished {
    guard eventually(within: limit, { !self.isRunning }) else {
      throw TestSupportError("process \(pid) still runs after \(limit): \(outputSoFar)\(errorsSoFar)")
    }
    return Finished(status: status ?? -1, output: outputSoFar, errors: errorsSoFar)
  }
}

/// Asks again and again until it is so or the time is up; returns whether it became so.
///
/// It blocks its thread: what is waited for happens in other processes.
@discardableResult
package func eventually(within limit: Duration = .seconds(20), _ isSo: () throws -> Bool) rethrows -> Bool {
  let end = ContinuousClock.now + limit
  while try !isSo() {
    if ContinuousClock.now > end { return false }
    usleep(1_000)
  }
  return true
}

private func find(_ name: String, in environment: [String: String]) throws -> String {
  for folder in (environment["PATH"] ?? "").split(separator: ":") where access("\(folder)/\(name)", X_OK) == 0
  {
    return "\(folder)/\(name)"
  }
  throw TestSupportError("no \(name) in PATH")
}

private func scratchFile(holding text: String = "") throws -> CInt {
  let path = "\(temporaryFolder)/test-\(randomName())"
  let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else { throw TestSupportError("can't write to \(temporaryFolder)") }
  unlink(path)
  let bytes = Array(text.utf8)
  guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
    throw TestSupportError("can't write to \(temporaryFolder)")
  }
  return descriptor
}

private func content(of descriptor: CInt) -> String {
  var information = stat()
  fstat(descriptor, &information)
  var bytes = [UInt8](repeating: 0, count: Int(information.st_size))
  let count = pread(descriptor, &bytes, bytes.count, 0)
  return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
}

/// Where tests put their files.
package var temporaryFolder: String { ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp" }

/// Makes `text` a program at `path`.
///
/// Another process writes it: what this one has open for writing, each process that another test starts has open too until it
/// runs its program, and meanwhile the kernel doesn't execute it.
package func writeScript(_ text: String, to path: String) throws {
  let finished = try Program(
    ["sh", "-c", #"cat > "$1" && chmod 755 "$1""#, "sh", path], environment: ["PATH": "/usr/bin:/bin"],
    input: text
  ).wait()
  guard finished.status == 0 else { throw TestSupportError("\(path): \(finished.errors)") }
}
