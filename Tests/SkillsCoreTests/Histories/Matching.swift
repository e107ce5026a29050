import SkillsCore

/// A tree's files by skill, as both executables see them.
struct Matching {
  /// Skill id → path.
  var found: [String: String] = [:]
  var duplicates: [String] = []
  var new: [String] = []
}

extension World {
  func matching(_ tree: Tree) -> Matching {
    let bases = database.bases
    var matching = Matching()
    for (id, base) in bases where base.state == .present && tree[base.path]?.blob == base.blob {
      matching.found[id] = base.path
    }
    let unchanged = matching.found
    let explained = Set(unchanged.values)
    var untracked: [String: String] = [:]
    for (id, row) in database.rows where bases[id] == nil {
      untracked[row.text.title] = untracked[row.text.title].map { min($0, id) } ?? id
    }
    let pairing = pair(
      files: tree.filter { !explained.contains($0.key) }.map { path, file in
        FoundFile(path: path, blob: file.blob, id: file.id, title: file.text.title)
      },
      unchanged: unchanged,
      known: bases.mapValues {
        KnownSkill(path: $0.path, blob: $0.blob, title: $0.values.title, state: $0.state)
      },
      treePaths: Set(tree.keys), untrackedRows: untracked, setAside: database.setAside.mapValues(\.blob),
      setAsideAsDuplicates: database.setAside.filter { $0.value.skill == nil }.mapValues(\.blob))
    for (id, file) in pairing.found { matching.found[id] = file.path }
    matching.duplicates = pairing.duplicates.map(\.file.path)
    matching.new = pairing.new.map(\.path)
    return matching
  }

  /// The files of `skills` at the recorded tip, where what is recorded tells them; nil where all must be looked at.
  func matching(of skills: Set<String>, at tree: Tree) -> Matching? {
    var matching = Matching()
    for skill in skills {
      if let base = database.bases[skill], base.state == .present {
        guard tree[base.path]?.blob == base.blob else { return nil }
        matching.found[skill] = base.path
      } else if !database.hasOnlyKnownFiles {
        return nil
      }
    }
    return matching
  }

  /// The files that differ from the recorded tip, where known ones have another text; nil where all must be looked at.
  func matching(ofChangesIn tree: Tree) -> Matching? {
    guard database.hasOnlyKnownFiles else { return nil }
    let old = commits[database.tip].tree
    var matching = Matching()
    for path in Set(old.keys).union(tree.keys) where old[path] != tree[path] {
      let owner = database.bases.first { $0.value.state == .present && $0.value.path == path }?.key
      guard old[path] != nil, let file = tree[path], let owner, file.id == nil || file.id == owner else {
        return nil
      }
      matching.found[owner] = path
    }
    return matching
  }

  /// The file as the reconciler takes it.
  func side(_ tree: Tree, _ path: String?) -> File? {
    path.flatMap { path in tree[path].map { File(path: path, blob: $0.blob, values: $0.text.values) } }
  }
}

/// Marks are a set, so that lines never overlap.
func mergeMarks(_ base: String, _ row: String, _ file: String, _ favorRow: Bool) -> MergedText {
  let (base, row, file) = (marks(base), marks(row), marks(file))
  let merged = row.intersection(file).union(row.subtracting(base)).union(file.subtracting(base))
  return MergedText(text: merged.sorted().joined(separator: "\n"), overlaps: false)
}
