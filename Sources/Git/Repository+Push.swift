extension Repository {
  /// Moves the branch on the server from `expected` (nil: it doesn't exist) to `commit`: 2 requests, 1 if the
  /// branch is elsewhere.
  ///
  /// `tip` follows when it is accepted.
  ///
  /// The lease, not a plain push: that fast-forwards a branch which somebody rewound, and brings back what
  /// they removed.
  ///
  /// - Throws: ``GitError`` where the commit certainly didn't land: `authentication`,
  ///   `repositoryNotFound`, `network` before anything was sent, `timeout` before git was started,
  ///   `diskFull`, `missingObject`, and `corruptCache`, after which there is a new copy and the work
  ///   starts over.
  public func push(_ commit: ObjectID, expecting expected: ObjectID?) async throws -> PushOutcome {
    let reference = remote.reference
    var command = GitCommand(
      "push",
      [
        "--porcelain", "--no-verify", "--recurse-submodules=no",
        "--force-with-lease=\(reference):\(expected?.description ?? "")",
        "origin", "\(commit):\(reference)",
      ], repository: path, remote: remote)
    command.configuration = [("core.compression", "0")]
    let result: GitProcess.Result
    guard process.remainingTime() > .zero else {
      throw GitError(.timeout, command: command.name, "the time for it was over")
    }
    do {
      result = try await process.run(command)
    } catch let error as GitError where error.code != .notInstalled {
      return .unknown(error)
    } catch is CancellationError {
      return .unknown(GitError(.timeout, command: command.name, "it was cancelled"))
    }
    let output = Redaction(token: remote.token)(String(decoding: result.output, as: UTF8.self))
    guard let report = PushReport(output, reference: reference), !report.isUnanswered else {
      return try await unanswered(result, command)
    }
    if report.isAccepted {
      follow(commit)
      return .accepted
    }
    if report.isStale { return .stale(reason: report.reason) }
    return .rejected(
      PushRejection(
        reason: report.reason.isEmpty ? report.summary : report.reason, errorText: result.errorText))
  }

  /// Tells a push that can't have landed from one that may have.
  private func unanswered(_ result: GitProcess.Result, _ command: GitCommand) async throws -> PushOutcome {
    let error = failure(result, command.name)
    let diagnosis = Diagnosis(result.errorText)
    switch error.code {
    case .corruptCache:
      try await rebuild()
      throw error
    case .authentication where !diagnosis.gitWasNotLetIn: break
    case .authentication, .repositoryNotFound, .missingObject, .diskFull, .notInstalled: throw error
    default: break
    }
    if diagnosis.failedBeforeSending || diagnosis.wasRefusedByStatus { throw error }
    return .unknown(error)
  }

  /// Only saves the next fetch some work, so its failure is none.
  private func follow(_ commit: ObjectID) {
    tip = commit
    let parts = remote.reference.parts(between: "/")
    let folder = Folder(path: path).child(parts.dropLast().joined(separator: "/"))
    try? folder.make()
    try? folder.write(parts[parts.count - 1], Array("\(commit)\n".utf8))
  }
}
