/// A place where a test may stop or kill this process: before and after every effect on the world outside.
///
/// Debug builds alone have them; in a release build the call is empty, and its name isn't even made.
///
/// A test numbers the points that a run passes, from 1, and rules them by variables of the environment:
/// - `FAILPOINT_RECORD`: a file that gets a line with the name of each.
/// - `FAILPOINT_KILL`: the number of the one at which the process gets SIGKILL.
/// - `FAILPOINT_STOP`: the number of the one at which it gets SIGSTOP, and goes on with SIGCONT.
@inline(__always)
public func failpoint(_ name: @autoclosure () -> String) {
  #if FAILPOINTS
    Failpoints.pass(name())
  #endif
}

#if FAILPOINTS
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #endif
  import Synchronization

  private enum Failpoints {
    private static let passed = Mutex(0)
    private static let record = variable("FAILPOINT_RECORD").map {
      open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    }
    private static let killed = variable("FAILPOINT_KILL").flatMap { Int($0) }
    private static let stopped = variable("FAILPOINT_STOP").flatMap { Int($0) }

    static func pass(_ name: String) {
      guard record != nil || killed != nil || stopped != nil else { return }
      let number = passed.withLock { passed in
        passed += 1
        if let record { write(record, "\(name)\n", name.utf8.count + 1) }
        return passed
      }
      if number == killed { kill(getpid(), SIGKILL) }
      if number == stopped { kill(getpid(), SIGSTOP) }
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
  }
#endif
