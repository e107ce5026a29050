import Synchronization

/// How long git's commands took in all, by their names.
final class CommandTimes: Sendable {
  private let times = Mutex<[String: Duration]>([:])

  func add(_ duration: Duration, to command: String) {
    times.withLock { $0[command, default: .zero] += duration }
  }

  subscript(command: String) -> Duration { times.withLock { $0[command] ?? .zero } }
}
