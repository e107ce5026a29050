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
    refused = comparison.listing.refused
    paths = comparison.allPaths
  }

  /// Those of a few skills, where what is recorded tells whose files they are; nil where only a look at all files does.
  ///
  /// So the cost of a save doesn't grow with the repository. Where the recorded state is whole, a file that isn't at its
  /// base is recorded as set aside, in conflict or held. What is pushed isn't built on
  /// that alone: the commit is made only of files as they are recorded.
  init?(of skillIDs: [String], _ waiting: Waiting, _ run: SyncRun) {
    guard run.settings.direction == .both, run.state.isWhole, let hadFile = waiting.hadFile else {
      return nil
    }
    for id in skillIDs {
      guard let hadFile = hadFile[id], hadFile || waiting.hasOnlyKnownFiles else { return nil }
      if hadFile { atBase.insert(id) }
    }
    refused = waiting.refused
  }
}
