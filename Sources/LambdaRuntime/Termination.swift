#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// SIGTERM as a file descriptor that can be waited for beside a socket.
///
/// A signal handler may do next to nothing (signal-safety(7)); this one writes a byte into a pipe that
/// nobody reads, so that its other end stays readable from then on.
enum Termination {
  /// Makes SIGTERM readable instead of deadly, and returns the descriptor.
  ///
  /// For the whole process, and for good; programs that it starts get the default action back.
  static func descriptor() -> Int32 {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0, "the process has no file descriptors left")
    for end in ends {
      // No child inherits the pipe, and a handler that finds it full doesn't hang.
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    writeEnd = ends[1]
    signal(SIGTERM) { _ in
      let before = errno
      var byte: UInt8 = 1
      _ = write(writeEnd, &byte, 1)
      errno = before
    }
    return ends[0]
  }
}

/// Written once, before the handler that reads it is installed.
nonisolated(unsafe) private var writeEnd: Int32 = -1
