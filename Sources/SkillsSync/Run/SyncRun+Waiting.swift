import Postgres

/// How long a lease is taken for: until the deadline, but no longer than others can wait for one whose holder died behind
/// a pooler.
func leaseSeconds(_ deadline: Deadline) -> Int {
  min(60, max(1, Int(deadline.remaining.components.seconds)))
}

extension SyncRun {
  /// Waits; what is saved meanwhile goes along.
  private func wait(_ duration: Duration) async throws {
    waiting = nil
    try await measurements.sleep(duration)
  }

  /// Waits until this run holds the lease, or there is no time left to do anything with it.
  ///
  /// Whoever holds it does our work too, as it does what waits in the outbox.
  /// - Returns: whether the lease was had.
  func waitForLease() async throws -> Bool {
    var delay = 50
    while !state.hasLease {
      guard deadline.remaining > Deadline.reserve + .milliseconds(delay) else { return false }
      try await wait(.milliseconds(delay))
      delay = min(delay * 2, 1_000)
      let results = try connection.pipeline([key.takeLease(seconds: leaseSeconds(deadline)), key.read])
      if let row = results[1].first { state = try RepositoryState(row) }
    }
    return true
  }

  /// Waits until `PUSH_INTERVAL` has passed since the last push, so that what is saved meanwhile goes along.
  func waitForPushInterval() async throws {
    guard let since = state.secondsSincePush else { return }
    let missing = Double(settings.pushInterval) - since
    guard missing > 0 else { return }
    // What follows the wait needs time too: reading, the commit, the push, and the reserve.
    let longest = deadline.remaining - Deadline.reserve - .seconds(7)
    let duration = min(.milliseconds(Int(missing * 1_000)), longest)
    if duration > .zero { try await wait(duration) }
    state.secondsSincePush = nil
  }

  /// Waits before another try: longer each time, and by chance, so that two don't meet again (exponential backoff with full
  /// jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
  func backOff(attempt: Int) async throws {
    measurements.count(.races)
    let longest = min(100 << min(attempt, 6), 5_000)
    guard deadline.remaining > Deadline.reserve + .milliseconds(longest) else { return }
    try await wait(.milliseconds(Int.random(in: 0...longest)))
  }

  /// How many changes wait in the outbox.
  func pending() throws -> Int {
    try connection.query(
      Statement(
        "count the outbox", "SELECT count(*) AS pending FROM skill_sync.outbox WHERE skill_table = $1",
        [.text(table.key)])
    )[0].integer("pending")
  }
}
