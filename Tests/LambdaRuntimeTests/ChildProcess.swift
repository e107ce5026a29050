import Foundation

/// A program that a test starts, its output in a file; killed when the test is done with it.
final class ChildProcess {
  let pid: pid_t
  private let outputPath: String
  private var status: Int32?

  /// The executables that were built with the tests.
  static let productsDirectory = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().path
  static let echo = productsDirectory + "/lambda-echo"

  init(_ path: String, _ arguments: [String] = [], environment: [String: String] = [:]) throws {
    outputPath = NSTemporaryDirectory() + "lambda-runtime-tests-\(UUID().uuidString)"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // A test runs on a thread that blocks signals, which a child would inherit.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var argv = ([path] + arguments).map { strdup($0) } + [nil]
    var envp = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in argv + envp { free(text) } }
    var child: pid_t = 0
    let failure = posix_spawn(&child, path, &actions, &attributes, &argv, &envp)
    guard failure == 0 else { throw CocoaError(.executableNotLoadable, userInfo: ["path": path]) }
    pid = child
  }

  deinit {
    if status == nil {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    unlink(outputPath)
  }

  /// What it has written so far, on standard output and standard error.
  var output: String {
    String(decoding: FileManager.default.contents(atPath: outputPath) ?? Data(), as: UTF8.self)
  }

  /// Its exit status; 128 and the signal if one ended it; nil when it still runs after that time.
  func exitStatus(within limit: Duration = .seconds(20)) -> Int32? {
    eventually(within: limit) {
      var raw: Int32 = 0
      if self.status == nil, waitpid(self.pid, &raw, WNOHANG) == self.pid {
        self.status = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : 128 + raw & 0x7F
      }
      return self.status != nil
    }
    return status
  }
}

/// Asks again and again until it is so or the time is up; returns whether it became so.
///
/// It blocks its thread: what is waited for happens in other processes and on the servers' threads.
@discardableResult
func eventually(within limit: Duration = .seconds(20), _ isSo: () throws -> Bool) rethrows -> Bool {
  let end = ContinuousClock.now + limit
  while try !isSo() {
    if ContinuousClock.now > end { return false }
    usleep(2_000)
  }
  return true
}
