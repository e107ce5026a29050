/// When a run must have ended.
public struct Deadline: Sendable {
  /// Milliseconds since the epoch, by the wall clock: a sandbox that was frozen finds its deadline passed.
  public let milliseconds: Int64

  /// The deadline at a time, in milliseconds since the epoch.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// The deadline `seconds` from now.
  public static func after(seconds: Int64) -> Deadline {
    Deadline(milliseconds: wallClock() + seconds * 1_000)
  }

  /// What is left; negative once it has passed.
  public var remaining: Duration { .milliseconds(milliseconds - wallClock()) }

  /// Kept free at the end, so that what was begun is finished and recorded.
  static let reserve = Duration.seconds(3)

  /// Whether there is time to begin something.
  var hasTime: Bool { remaining > Deadline.reserve }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Milliseconds since the epoch.
func wallClock() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_REALTIME, &now)
  return Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000
}
