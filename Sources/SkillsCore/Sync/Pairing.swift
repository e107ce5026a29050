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
///   - setAside: path → blob of the files that were set aside when last looked at.
public func pair(
  files: [FoundFile], unchanged: [String: String], known: [String: KnownSkill], treePaths: Set<String>,
  untrackedRows: [String: String], setAside: [String: String]
) -> Pairing {
  var pairing = Pairing()
  let files = files.sorted { $0.path < $1.path }

  var byID: [String: [FoundFile]] = [:]
  for file in files { if let id = file.id { byID[id, default: []].append(file) } }
  for (id, candidates) in byID {
    let owner = ownerIndex(
      id: id, candidates: candidates, unchanged: unchanged, known: known, setAside: setAside)
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
  setAside: [String: String]
) -> Int? {
  if unchanged[id] != nil { return nil }
  if let path = known[id]?.path, let index = candidates.firstIndex(where: { $0.path == path }) {
    return index
  }
  let isDeleted = known[id]?.state == .tombstone
  return candidates.firstIndex { !isDeleted || setAside[$0.path] != $0.blob }
}

private func pairWithoutID(
  _ files: [FoundFile], into pairing: inout Pairing, unchanged: [String: String], known: [String: KnownSkill],
  treePaths: Set<String>, untrackedRows: [String: String], setAside: [String: String]
) {
  guard !files.isEmpty else { return }
  let free = known.filter { unchanged[$0.key] == nil && pairing.found[$0.key] == nil }.sorted {
    $0.key < $1.key
  }
  var byPath: [String: String] = [:]
  var movedByBlob: [String: [String]] = [:]
  var movedByTitle: [String: [String]] = [:]
  for (id, skill) in free {
    // One that is there goes before one that was deleted from the same place.
    if byPath[skill.path] == nil || skill.state == .present { byPath[skill.path] = id }
    if !treePaths.contains(skill.path) {
      movedByBlob[skill.blob, default: []].append(id)
      movedByTitle[skill.title, default: []].append(id)
    }
  }
  for file in files {
    func firstFree(_ ids: [String]?) -> String? { ids?.first { pairing.found[$0] == nil } }
    var id = byPath[file.path].flatMap { pairing.found[$0] == nil ? $0 : nil }
    if id == nil, setAside[file.path] == nil {
      id =
        firstFree(movedByBlob[file.blob]) ?? firstFree(movedByTitle[file.title])
        ?? firstFree(untrackedRows[file.title].map { [$0] })
    }
    if let id { pairing.found[id] = file } else { pairing.new.append(file) }
  }
}
