import Postgres

extension Session {
  /// Stops both functions from changing anything, or lets them go on.
  ///
  /// They answer all the same, and what is saved waits in the outbox. A run under way ends at its next step.
  public func pause(_ isPaused: Bool, deadline: Deadline) async throws {
    try await withRun(deadline, progress: Progress(isShown: false), isReadOnly: true) { run in
      _ = try run.connection.pipeline([run.key.create, run.key.pause(isPaused)])
    }
  }
}
