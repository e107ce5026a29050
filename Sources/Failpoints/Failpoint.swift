/// A place where a test may stop or kill this process: before and after every effect on the world outside.
///
/// Debug builds alone have them; in a release build the call is empty, and its name isn't even made.
///
/// A test numbers the points that a run passes, from 1, and rules them by variables of the environment:
/// - `FAILPOINT_RECORD`: a file that gets a line with the name of each.
/// - `FAILPOINT_KILL`: the number of the one at which the process gets SIGKILL, or the name of those at the first of which it
///   does; of several statements in one round trip, each has its own.
/// - `FAILPOINT_STOP`: the same for SIGSTOP; it goes on with SIGCONT.
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
    private static let places = Mutex(
      (passed: 0, killed: variable("FAILPOINT_KILL"), stopped: variable("FAILPOINT_STOP")))
    private static let record = variable("FAILPOINT_RECORD").map {
      open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    }

    static func pass(_ name: String) {
      let (isKilled, isStopped) = places.withLock { places in
        places.passed += 1
        if let record { write(record, "\(name)\n", name.utf8.count + 1) }
        let here = ["\(places.passed)"] + names(name)
        return (isMet(&places.killed, here), isMet(&places.stopped, here))
      }
      if isKilled { kill(getpid(), SIGKILL) }
      // This thread itself: a signal to the process may reach it through another one, a while later.
      if isStopped { raise(SIGSTOP) }
    }

    /// "before SQL a, b" as that of a and that of b.
    private static func names(_ name: String) -> [String] {
      let words = name.split(separator: " ", maxSplits: 2)
      guard words.count == 3, words[1] == "SQL" else { return [name] }
      return words[2].split(separator: ", ").map { "\(words[0]) SQL \($0)" }
    }

    private static func isMet(_ place: inout String?, _ here: [String]) -> Bool {
      guard let wanted = place, here.contains(wanted) else { return false }
      place = nil
      return true
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
  }
#endif
