import Git
import SkillsCore

/// Skills as files before and after an import, gathered for a diff that people read.
final class PreviewTexts {
  private let texts: Spool
  private var before: [(path: String, range: Range<Int>)] = []
  private var after: [(path: String, range: Range<Int>)] = []

  init(directory: String) {
    texts = Spool(directory: directory)
  }

  /// One skill: its row as a file, before and after; nil where there is no row.
  func add(path: String, before old: String?, after new: String?) throws {
    if let old { before.append((path, try texts.append(Array(old.utf8)))) }
    if let new { after.append((path, try texts.append(Array(new.utf8)))) }
  }

  /// The difference as git shows it.
  func diff(in repository: Repository) async throws -> String {
    try await repository.diff(from: commit(before, in: repository), to: commit(after, in: repository))
  }

  private func commit(_ files: [(path: String, range: Range<Int>)], in repository: Repository) async throws
    -> ObjectID
  {
    let nobody = Signature(name: "preview", email: "preview@noreply.invalid", seconds: 0)
    return try await repository.commit(
      CommitRequest(parent: nil, author: nobody, committer: nobody, message: "preview\n")
    ) { stream in
      for file in files { try await stream.write(texts.read(file.range), to: file.path) }
    }
  }
}

extension Session {
  /// What an import would write, as a diff of the rows shown as files; nothing is changed.
  public func previewImport(deadline: Deadline, progress: Progress) async throws -> Preview {
    try await withRun(deadline, progress: progress, isReadOnly: true) { run in
      let tip = try await run.repository.fetchTip()
      let texts = PreviewTexts(directory: run.settings.workDirectory)
      let comparison = try await TreeComparison(run: run, commit: tip)
      let plan = try await ImportPlan(run: run, comparison: comparison, target: tip, preview: texts)
      var preview = Preview(diff: try await texts.diff(in: run.repository))
      preview.remarks = plan.outcomes.filter { $0.kind == .conflict }.map {
        "conflict: \($0.path) (skill \($0.skillID)): both sides differ, and neither is written"
      }
      preview.remarks += plan.failures.map {
        "failed: \($0.path ?? ""): \($0.reason.rawValue): \($0.message)"
      }
      preview.remarks += plan.held.map { [HeldReport($0).text] } ?? []
      return preview
    }
  }
}
