#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a socket is waited for.
enum Readiness {
  case reading
  case writing
  case either
}

/// Waits until `socket` is ready or failed, `duration` at most, and tells whether it is.
///
/// A signal may end the wait early.
func poll(_ socket: Int32, for readiness: Readiness, _ duration: Duration) -> Bool {
  let events =
    switch readiness {
    case .reading: POLLIN
    case .writing: POLLOUT
    case .either: POLLIN | POLLOUT
    }
  var descriptor = pollfd(fd: socket, events: Int16(events), revents: 0)
  return poll(&descriptor, 1, duration.milliseconds) > 0
}

/// The earlier of two ends: of the work's time, and of a step's own limit.
struct Deadline {
  private let limit: ContinuousClock.Instant?
  private let work: @Sendable () -> Duration

  init(limit: Duration?, _ work: @escaping @Sendable () -> Duration) {
    self.limit = limit.map { ContinuousClock.now + $0 }
    self.work = work
  }

  var remaining: Duration { min(work(), limit.map { $0 - ContinuousClock.now } ?? work()) }

  /// Whether the work's own time is up.
  var isExhausted: Bool { work() <= .zero }
}

extension Duration {
  // For poll(2): rounded up, so that a wait never spins through its last millisecond.
  fileprivate var milliseconds: Int32 {
    let (seconds, attoseconds) = components
    guard self > .zero else { return 0 }
    guard seconds < 60 else { return 60_000 }
    return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}

/// Copies of texts as C strings, freed with it.
final class CStrings {
  private let pointers: [UnsafeMutablePointer<CChar>?]

  /// `nil` stays a null pointer.
  init(_ texts: [String?]) {
    pointers = texts.map { text in
      guard let text else { return nil }
      // A null pointer would be sent as NULL.
      guard let copy = strdup(text) else { fatalError("out of memory") }
      return copy
    }
  }

  deinit {
    for pointer in pointers { free(pointer) }
  }

  /// Lends them as C takes them, with a null pointer at the end.
  func lend<Result>(_ body: (_ terminated: [UnsafePointer<CChar>?]) -> Result) -> Result {
    withExtendedLifetime(self) { body(pointers.map { UnsafePointer($0) } + [nil]) }
  }
}
