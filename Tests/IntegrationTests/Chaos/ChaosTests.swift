import Foundation
import Testing

/// Random histories on the real servers: people edit on both sides while runs are killed, stopped, cut off and refused.
///
/// `CHAOS_HISTORIES` says how many (`make chaos`), `CHAOS_SEED` from which seed on; a failure names its own. Without them, the
/// same few each time: a change is judged by histories that passed before it.
@Suite(.onOwnThreads) struct ChaosTests {
  private static let histories = number("CHAOS_HISTORIES") ?? 8
  private static let seed = number("CHAOS_SEED") ?? 1
  /// As many at once; each takes its part of the seeds.
  private static let shares = 8

  private static func number(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }

  @Test(arguments: 0..<shares)
  func whateverHappensBothSidesEndUpTheSameAndNobodysWordsAreLost(share: Int) throws {
    var faults: [String: Int] = [:]
    var failed: [Int] = []
    var quietPoints = 0
    var done = 0
    for seed in stride(from: Self.seed + share, to: Self.seed + Self.histories, by: Self.shares) {
      var problems: [String] = []
      var log: [String] = []
      do {
        let history = try History(seed: UInt64(seed))
        defer {
          log = history.log
          faults.merge(history.faults, uniquingKeysWith: +)
          quietPoints += history.quietPoints
        }
        try history.run()
        problems = try history.problems()
      } catch {
        problems = ["\(error)"]
      }
      done += 1
      if done.isMultiple(of: 25) { print("chaos, share \(share): \(done) histories done") }
      if problems.isEmpty { continue }
      failed.append(seed)
      Issue.record("CHAOS_SEED=\(seed):\n\(problems.joined(separator: "\n"))\n\(log.joined(separator: "\n"))")
    }
    let counts = faults.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    print(
      "chaos, share \(share) from CHAOS_SEED=\(Self.seed): \(counts); quiet \(quietPoints); failed \(failed)")
  }
}
