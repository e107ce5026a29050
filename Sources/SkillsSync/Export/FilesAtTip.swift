import Git
import SkillsCore

/// What an export has to know of the files at the recorded tip.
struct FilesAtTip {
  /// Skills whose file is as it was when both sides agreed, byte for byte.
  var atBase: Set<String> = []
  /// Skill id → its file, where it is another.
  var found: [String: FoundFile] = [:]
  /// Skill id → why its file is set aside.
  var setAside: [String: Failure] = [:]
  /// Files that may be executed, and stay so.
  var executables: Set<String> = []
  /// Skill id → what the repository refused of it.
  var refused: [String: RefusedText]
  /// All paths in the skills' folder; nil where nobody looked.
  var paths: [String]?

  /// All of them, as they were compared.
  init(_ comparison: TreeComparison) {
    atBase = Set(comparison.unchanged.keys)
    found = comparison.pairing.found
    setAside = Dictionary(
      comparison.failures.compactMap { failure in failure.skillID.map { ($0, failure) } },
      uniquingKeysWith: { one, _ in one })
    executables = comparison.executables
    refused = comparison.listing.refused
    paths = comparison.allPaths
  }

  /// Those of a few skills, where what is recorded tells whose files they are; nil where only a look at all files does.
  ///
  /// So the cost of a save doesn't grow with the repository. Where the recorded state is whole, a file that isn't at its
  /// base is recorded as set aside or in conflict, or is of a row that is never written.
  init?(of skillIDs: [String], _ waiting: Waiting, at tip: ObjectID, _ run: SyncRun) async throws {
    guard run.settings.direction == .both, let known = waiting.files else { return nil }
    var expected: [String: (skillID: String, blob: String)] = [:]
    for id in skillIDs {
      guard let file = known[id] else { return nil }
      if let file {
        expected[file.path] = (id, file.blob)
      } else if !waiting.hasOnlyKnownFiles {
        return nil
      }
    }
    refused = waiting.refused
    guard !expected.isEmpty else { return }
    for entry in try await run.repository.entries(of: tip, paths: expected.keys.sorted()) {
      guard let (id, blob) = expected[entry.path], entry.isPathExact, entry.object.description == blob,
        [.file, .executable].contains(entry.kind)
      else { return nil }
      atBase.insert(id)
      if entry.kind == .executable { executables.insert(entry.path) }
    }
    if atBase.count < expected.count { return nil }
  }
}
