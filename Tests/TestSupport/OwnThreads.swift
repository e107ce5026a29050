import Foundation
import Testing

/// Runs tests on threads of their own: they wait for other processes, and would keep the threads that all asynchronous
/// tests share from everybody else.
package struct OwnThreads: SuiteTrait, TestTrait, TestScoping {
  package let isRecursive = true

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await function() }
    try await withTaskExecutorPreference(ThreadPool.shared) { try await function() }
  }
}

extension Trait where Self == OwnThreads {
  /// Runs the suite's tests on threads that may block.
  package static var onOwnThreads: OwnThreads { OwnThreads() }
}

/// A few threads that take one job after the other.
private final class ThreadPool: TaskExecutor, @unchecked Sendable {
  /// As many as the machine can run at once; `TEST_THREADS` where a test alone can use more, as it waits.
  static let shared = ThreadPool(
    threads: ProcessInfo.processInfo.environment["TEST_THREADS"].flatMap { Int($0) }
      ?? max(2, ProcessInfo.processInfo.activeProcessorCount))

  // Guards `jobs`.
  private let condition = NSCondition()
  private var jobs: [UnownedJob] = []

  init(threads: Int) {
    for _ in 0..<threads { Thread.detachNewThread { [self] in work() } }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    condition.withLock {
      jobs.append(job)
      condition.signal()
    }
  }

  private func work() -> Never {
    while true {
      let job = condition.withLock {
        while jobs.isEmpty { condition.wait() }
        return jobs.removeFirst()
      }
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
