import SkillsCore
import Testing

/// Random histories: whatever happens, the promises hold once all is quiet.
///
/// Users save, engineers push, runs of both executables interleave, crash and sleep. A history that breaks a promise is
/// told with its seed, which makes it happen again.
struct HistoryTests {
  @Test(arguments: 0..<8)
  func noHistoryBreaksAPromise(block: Int) async throws {
    for number in 0..<250 {
      let seed = UInt64(block * 1_000_000 + number)
      let history = History(seed: seed)
      do {
        try await history.play()
      } catch let violation as Violation {
        let told = History(seed: seed, keepsLog: true)
        try? await told.play()
        Issue.record("history \(seed): \(violation)\n  \(told.log.joined(separator: "\n  "))")
        return
      }
    }
  }
}
