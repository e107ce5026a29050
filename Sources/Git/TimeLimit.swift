import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Ends a process group when its time is over.
final class TimeLimit: Sendable {
  /// What git gets to remove its temporary files and locks before it is killed.
  static let grace = Duration.milliseconds(500)

  private let expired = Atomic(false)
  private let time: Duration

  init(_ time: Duration) {
    self.time = time
  }

  var isExpired: Bool { expired.load(ordering: .relaxed) }

  /// Waits until the time is over or the task is cancelled, because the process ended before.
  ///
  /// The group's number must stay taken meanwhile: its leader may not have been waited for.
  func watch(_ group: pid_t) async {
    do { try await Task.sleep(for: time) } catch { return }
    expired.store(true, ordering: .relaxed)
    kill(-group, SIGTERM)
    // Cut short when all of its pipes are closed.
    try? await Task.sleep(for: Self.grace)
    kill(-group, SIGKILL)
  }
}
