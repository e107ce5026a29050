/// A skill whose file an export writes: what its path depends on.
public struct PathRequest: Equatable, Sendable {
  /// The skill's id: its digest makes a name unique.
  public var id: String
  /// The title that the file is to have.
  public var title: String
  /// When the row was made, ISO 8601 in UTC: of two new skills the older is served first.
  public var createdAt: String
  /// The file's path, if there is one, and the title that it carries.
  public var found: (path: String, title: String)?

  /// A request for a path.
  public init(id: String, title: String, createdAt: String, found: (path: String, title: String)?) {
    self.id = id
    self.title = title
    self.createdAt = createdAt
    self.found = found
  }

  /// Whether both ask the same.
  public static func == (one: PathRequest, other: PathRequest) -> Bool {
    one.id == other.id && one.title == other.title && one.createdAt == other.createdAt
      && one.found?.path == other.found?.path && one.found?.title == other.found?.title
  }
}

/// Gives each skill its path.
///
/// A file stays where it is, unless it is at the path of its old title: then it follows the title. Of two skills new to one
/// path the older keeps it plain. Two paths that differ only in case are one, as some file systems see it. A file that has
/// to move and finds every name taken stays.
///
/// - Parameters:
///   - directory: the skills' folder, without a slash at its end.
///   - treePaths: all paths in that folder, also of files that are no skills.
///   - deleted: paths that this commit deletes.
/// - Returns: skill id → path; a new skill for which every name is taken is left out.
public func planPaths(
  _ requests: [PathRequest], directory: String, treePaths: some Collection<String>, deleted: Set<String>
) -> [String: String] {
  var paths: [String: String] = [:]
  var moving: [(index: Int, folder: String)] = []
  var leaving = deleted
  for (index, request) in requests.enumerated() {
    guard let (path, title) = request.found else {
      moving.append((index, directory))
      continue
    }
    let (folder, name) = split(path)
    let isAtSlug = fileNames(title: title, id: request.id).contains { "\($0).md" == name }
    if isAtSlug, slug(of: title) != slug(of: request.title) {
      leaving.insert(path)
      moving.append((index, folder))
    } else {
      paths[request.id] = path
    }
  }
  guard !moving.isEmpty else { return paths }

  var taken: Set<String> = []
  for path in treePaths where !leaving.contains(path) { occupy(path, in: &taken) }
  moving.sort {
    let (one, other) = (requests[$0.index], requests[$1.index])
    return (one.createdAt, one.id) < (other.createdAt, other.id)
  }
  for (index, folder) in moving {
    let request = requests[index]
    let candidates = fileNames(title: request.title, id: request.id).map {
      folder.isEmpty ? "\($0).md" : "\(folder)/\($0).md"
    }
    guard let path = candidates.first(where: { !taken.contains($0.lowercased()) }) else {
      if request.found == nil { continue }
      // Its own place may have been given away by now: plan again, and let it stay.
      var requests = requests
      requests[index].found?.title = request.title
      return planPaths(requests, directory: directory, treePaths: treePaths, deleted: deleted)
    }
    paths[request.id] = path
    occupy(path, in: &taken)
  }
  return paths
}

/// A path takes itself and every folder above it.
private func occupy(_ path: String, in taken: inout Set<String>) {
  var path = path.lowercased()[...]
  while taken.insert(String(path)).inserted, let slash = path.lastIndex(of: "/") { path = path[..<slash] }
}

private func split(_ path: String) -> (folder: String, name: String) {
  guard let slash = path.lastIndex(of: "/") else { return ("", path) }
  return (String(path[..<slash]), String(path[path.index(after: slash)...]))
}
