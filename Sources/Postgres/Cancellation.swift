import CPostgres

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension Connection {
  /// Asks the server to end what it is doing for `connection`, and waits a quarter of a second at most until
  /// it has the request.
  ///
  /// `PQcancel` (https://www.postgresql.org/docs/current/libpq-cancel.html) connects and waits without a time
  /// limit, so it has a thread of its own, which is left behind if the server doesn't answer.
  ///
  /// - Returns: whether the server has had the request; if not, it may come at any time.
  @discardableResult
  func cancel(_ connection: OpaquePointer) -> Bool {
    guard let request = PQgetCancel(connection) else { return false }
    let cancellation = Cancellation(owning: request)
    let argument = Unmanaged.passRetained(cancellation)
    let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
      if let argument { Unmanaged<Cancellation>.fromOpaque(argument).takeRetainedValue().run() }
      return nil
    }
    #if canImport(Glibc)
      var thread = pthread_t()
      guard pthread_create(&thread, nil, run, argument.toOpaque()) == 0 else {
        argument.release()
        return false
      }
      pthread_detach(thread)
    #else
      var thread: pthread_t?
      guard pthread_create(&thread, nil, run, argument.toOpaque()) == 0, let thread else {
        argument.release()
        return false
      }
      pthread_detach(thread)
    #endif
    return cancellation.wait(milliseconds: 250)
  }
}

/// A cancel request under way, owned by the thread that sends it and the one that waits for it.
private final class Cancellation {
  private let request: OpaquePointer
  private let done = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init(owning request: OpaquePointer) {
    self.request = request
    sem_init(done, 0, 0)
  }

  func run() {
    var message = [CChar](repeating: 0, count: 256)
    // Whether it worked isn't of use: the connection is drained or closed in either case.
    PQcancel(request, &message, Int32(message.count))
    sem_post(done)
  }

  /// Whether it was done within the time.
  func wait(milliseconds: Int) -> Bool {
    var end = timespec()
    clock_gettime(CLOCK_REALTIME, &end)
    let nanoseconds = end.tv_nsec + milliseconds * 1_000_000
    end.tv_sec += nanoseconds / 1_000_000_000
    end.tv_nsec = nanoseconds % 1_000_000_000
    // Again after a signal.
    while sem_timedwait(done, &end) != 0 {
      if errno != EINTR { return false }
    }
    return true
  }

  deinit {
    PQfreeCancel(request)
    sem_destroy(done)
    done.deallocate()
  }
}
