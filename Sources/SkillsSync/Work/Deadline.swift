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

  /// Kept free at the end: no work is taken on with less, so that what was is pushed and recorded.
  static let reserve = Duration.seconds(5)

  /// Whether there is time to take on work.
  var hasTime: Bool { remaining > Deadline.reserve }

  /// Whether there is time for a push of what was taken on: it gets a second and more.
  var hasTimeToPush: Bool { remaining > .seconds(3) }

  /// What is left for git, which has half a second to end: what it did is still to be recorded.
  var remainingForGit: Duration { remaining - .seconds(2) }

  /// What is left for the database, whose last statement takes a quarter of a second to be cancelled: the answer is still
  /// to be given.
  var remainingForDatabase: Duration { remaining - .milliseconds(500) }

  /// What is left for a call of AWS: that it failed is still to be said, or the answer to be given that needs no secret.
  var remainingForAWS: Duration { remaining - .seconds(1) }
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
