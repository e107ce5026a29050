import HTTP

/// When GitHub may be asked again, where an answer says that it was asked too much; nil where it doesn't.
///
/// In seconds since the epoch, never before a second from `now`. Also an answer that gives what was asked for may say so: it
/// is the last of the hour.
///
/// https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
func retryTime(_ response: Response, now: Int64) -> Int64? {
  let isRefused = response.status == 403 || response.status == 429
  if isRefused || response.status >= 500, let seconds = response.headers["Retry-After"].flatMap({ Int64($0) })
  {
    return now + min(max(1, seconds), longestWait)
  }
  let isUsedUp = response.headers["X-RateLimit-Remaining"] == "0"
  if isUsedUp,
    let reset = response.headers["X-RateLimit-Reset"].flatMap({ Int64($0) })
  {
    return min(max(now + 1, reset), now + longestWait)
  }
  // A secondary limit may name no time.
  let isSecondary = words(of: response)?.lowercased().contains("rate limit") ?? false
  return response.status == 429 || isRefused && (isUsedUp || isSecondary) ? now + 60 : nil
}

/// GitHub's limits are those of an hour; a clock that is wrong must not stop us for good.
private let longestWait: Int64 = 2 * 3_600
