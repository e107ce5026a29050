/// A file whose bytes differ from every base at its path, as read: what pairing needs to know of it.
public struct FoundFile: Equatable, Sendable {
  /// Where it is, from the repository's root.
  public var path: String
  /// The id of its blob, in hexadecimal digits.
  public var blob: String
  /// The skill's id that it carries, if it carries one.
  public var id: String?
  /// The title that it carries.
  public var title: String

  /// A file as read.
  public init(path: String, blob: String, id: String?, title: String) {
    self.path = path
    self.blob = blob
    self.id = id
    self.title = title
  }
}

/// What pairing needs to know of a skill that has a base.
public struct KnownSkill: Equatable, Sendable {
  /// The base's path.
  public var path: String
  /// The id of the base's blob, in hexadecimal digits.
  public var blob: String
  /// The base's title, never the row's: a moved file is recognised by what it said before.
  public var title: String
  /// Whether the base is there, or a tombstone.
  public var state: Base.State

  /// What is known of a skill by its base.
  public init(path: String, blob: String, title: String, state: Base.State) {
    self.path = path
    self.blob = blob
    self.title = title
    self.state = state
  }
}

/// Which file belongs to which skill.
public struct Pairing: Equatable, Sendable {
  /// Skill id → its file, for the files that were read.
  public var found: [String: FoundFile] = [:]
  /// Files with an id that another file has, and the path of that one.
  public var duplicates: [(file: FoundFile, owner: String)] = []
  /// Files that belong to no skill yet.
  public var new: [FoundFile] = []

  /// A pairing of nothing.
  public init() {}

  /// Whether both pair the same files in the same way.
  public static func == (one: Pairing, other: Pairing) -> Bool {
    one.found == other.found && one.new == other.new && one.duplicates.elementsEqual(other.duplicates, by: ==)
  }
}

/// Pairs the files that were read with skills: by id, then by path, then by content, then by title.
///
/// - Parameters:
///   - files: the files that aren't at their base.
///   - unchanged: skill id → path of the files that are at their base, byte for byte.
///   - known: the skills that have a base.
///   - treePaths: all paths of skill files in the tree.
///   - untrackedRows: title → id of the rows without a base.
///   - setAside: path → blob of the files that were set aside when last looked at, for whatever reason.
///   - setAsideAsDuplicates: path → blob of those among them that had another's id; nil if that isn't known, and all may.
public func pair(
  files: [FoundFile], unchanged: [String: String], known: [String: KnownSkill], treePaths: Set<String>,
  untrackedRows: [String: String], setAside: [String: String], setAsideAsDuplicates: [String: String]? = nil
) -> Pairing {
  var pairing = Pairing()
  let files = files.sorted { $0.path < $1.path }

  var byID: [String: [FoundFile]] = [:]
  for file in files { if let id = file.id { byID[id, default: []].append(file) } }
  for (id, candidates) in byID {
    let owner = ownerIndex(
      id: id, candidates: candidates, unchanged: unchanged, known: known,
      knownDuplicates: setAsideAsDuplicates ?? setAside)
    if let owner { pairing.found[id] = candidates[owner] }
    let ownerPath = unchanged[id] ?? owner.map { candidates[$0].path } ?? known[id]?.path ?? ""
    for (index, file) in candidates.enumerated() where index != owner {
      pairing.duplicates.append((file, ownerPath))
    }
  }
  pairing.duplicates.sort { $0.file.path < $1.file.path }

  pairWithoutID(
    files.filter { $0.id == nil }, into: &pairing, unchanged: unchanged, known: known, treePaths: treePaths,
    untrackedRows: untrackedRows, setAside: setAside)
  return pairing
}

/// Of the files with one id: the one at the base's path, else the first.
///
/// One that was set aside as a duplicate and didn't change doesn't bring a deleted skill back.
private func ownerIndex(
  id: String, candidates: [FoundFile], unchanged: [String: String], known: [String: KnownSkill],
  knownDuplicates: [String: String]
) -> Int? {
  if unchanged[id] != nil { return nil }
  if let path = known[id]?.path, let index = candidates.firstIndex(where: { $0.path == path }) {
    return index
  }
  let isDeleted = known[id]?.state == .tombstone
  return candidates.firstIndex { !isDeleted || knownDuplicates[$0.path] != $0.blob }
}

/// A file stays with the skill at its path; the others take what no better match has taken.
private func pairWithoutID(
  _ files: [FoundFile], into pairing: inout Pairing, unchanged: [String: String], known: [String: KnownSkill],
  treePaths: Set<String>, untrackedRows: [String: String], setAside: [String: String]
) {
  guard !files.isEmpty else { return }
  var (byPath, byBlob, byTitle): ([String: [String]], [String: [String]], [String: [String]]) = (
    [:], [:], [:]
  )
  let free = known.filter { unchanged[$0.key] == nil && pairing.found[$0.key] == nil }.sorted {
    $0.key < $1.key
  }
  func list(_ state: Base.State) {
    for (id, skill) in free where skill.state == state {
      byPath[skill.path, default: []].append(id)
      guard !treePaths.contains(skill.path) else { continue }
      byBlob[skill.blob, default: []].append(id)
      byTitle[skill.title, default: []].append(id)
    }
  }
  // What is there goes before what was deleted from the same place, or with the same text or title.
  list(.present)
  for (title, id) in untrackedRows { byTitle[title, default: []].append(id) }
  list(.tombstone)

  var left = files
  func take(_ candidates: (FoundFile) -> [String]?) {
    left.removeAll { file in
      guard let id = candidates(file)?.first(where: { pairing.found[$0] == nil }) else { return false }
      pairing.found[id] = file
      return true
    }
  }
  take { byPath[$0.path] }
  take { setAside[$0.path] == nil ? byBlob[$0.blob] : nil }
  take { setAside[$0.path] == nil ? byTitle[$0.title] : nil }
  pairing.new = left
}
