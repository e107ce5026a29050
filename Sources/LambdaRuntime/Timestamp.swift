#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A moment in UTC, written as RFC 3339 has it.
struct Timestamp {
  private let time: timespec

  /// This moment, by the wall clock.
  static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }

  /// A moment after 1970-01-01T00:00:00Z.
  init(seconds: Int, nanoseconds: Int) {
    time = timespec(tv_sec: seconds, tv_nsec: nanoseconds)
  }

  /// `2026-01-31T09:05:07.042Z`.
  var text: String {
    let parts = broken
    let year = padded(parts.tm_year + 1_900, 4)
    return "\(year)-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))T\(timeOfDay)Z"
  }

  /// `09:05:07.042`, cut to milliseconds, not rounded.
  var timeOfDay: String {
    let parts = broken
    let clock = "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
    return "\(clock).\(padded(Int32(time.tv_nsec / 1_000_000), 3))"
  }

  private var broken: tm {
    var seconds = time.tv_sec
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return parts
  }
}

private func padded(_ number: Int32, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
