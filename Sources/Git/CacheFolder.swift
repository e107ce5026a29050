import Cryptography

/// Where a repository's local copy is, and the lock that makes it ours.
///
/// Copies are bare, shallow and without blobs (https://git-scm.com/docs/partial-clone), a folder for each
/// remote and branch. Who finds it in use works in a private folder and removes that when done.
final class CacheFolder {
  /// A copy grows by a tree object a push, about 0.5 MB beside 10,000 files; cloning it again costs 0.1 s.
  static let sizeLimit = 256 << 20
  /// Each fetch leaves a pack, and every command opens the index of each.
  static let packLimit = 200

  let folder: Folder
  let isPrivate: Bool
  private let lock: FileLock
  private var isClosed = false
  /// The size of all its files as they were found, in bytes.
  private var sizeFound: Int?

  /// Whether there is one of `remote`, whoever has it.
  static func exists(for remote: Remote, in workDirectory: Folder) -> Bool {
    workDirectory.child("\(name(of: remote)).git").exists
  }

  /// The cached folder of `remote`; nil while another has it.
  static func take(for remote: Remote, in workDirectory: Folder) throws -> CacheFolder? {
    removeAbandoned(in: workDirectory)
    let name = name(of: remote)
    return try FileLock.take(workDirectory.child("\(name).lock").path).map { lock in
      CacheFolder(workDirectory.child("\(name).git"), isPrivate: false, lock)
    }
  }

  /// A private folder.
  static func takePrivate(in workDirectory: Folder) throws -> CacheFolder {
    while true {
      let name = "private-" + String(UInt64.random(in: .min ... .max), radix: 36)
      if let lock = try FileLock.take(workDirectory.child("\(name).lock").path) {
        return CacheFolder(workDirectory.child("\(name).git"), isPrivate: true, lock)
      }
    }
  }

  private static func name(of remote: Remote) -> String {
    "git-" + hexadecimal(sha256(Array("\(remote.url)\0\(remote.branch)".utf8)).prefix(12))
  }

  private init(_ folder: Folder, isPrivate: Bool, _ lock: FileLock) {
    self.folder = folder
    self.isPrivate = isPrivate
    self.lock = lock
  }

  /// Removes what a killed predecessor left half done.
  ///
  /// - Returns: whether what remains is within the limits.
  func removeLeftovers() -> Bool {
    var size = 0
    var packs = 0
    func visit(_ folder: Folder, _ leftovers: [String]) {
      folder.forEach { name, isFolder, bytes in
        if leftovers.contains(where: name.hasPrefix) || name.hasSuffix(".lock") {
          if isFolder { folder.child(name).remove() } else { folder.removeFile(name) }
        } else if isFolder {
          // A branch may be called anything.
          visit(folder.child(name), name == "objects" ? objectLeftovers : name == "refs" ? [] : leftovers)
        } else {
          size += bytes
          packs += name.hasSuffix(".pack") ? 1 : 0
        }
      }
    }
    visit(folder, topLeftovers)
    sizeFound = size
    return size <= Self.sizeLimit && packs <= Self.packLimit
  }

  /// Removes all of it.
  func empty() {
    folder.remove()
    sizeFound = nil
  }

  /// The size of all its files, in bytes: as they were found, or are now in a new copy.
  var size: Int {
    if let sizeFound { return sizeFound }
    var size = 0
    func visit(_ folder: Folder) {
      folder.forEach { name, isFolder, bytes in
        if isFolder { visit(folder.child(name)) } else { size += bytes }
      }
    }
    visit(folder)
    return size
  }

  /// Gives up the lock, and the folder if it is a private one.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    if isPrivate {
      folder.remove()
      lock.removeFile()
    }
    lock.release()
  }
}

/// What a killed git, or we, left in the repository's folder, beside locks.
private let topLeftovers = ["tmp_", "fast_import_crash_"]
/// Packs and objects that were never finished, objects that were received and never accepted.
private let objectLeftovers = ["tmp_", ".tmp-"]

/// Removes private folders whose owners ended without doing so: their locks are free.
private func removeAbandoned(in workDirectory: Folder) {
  workDirectory.forEach { name, _, _ in
    guard name.hasPrefix("private-"), name.hasSuffix(".lock"),
      let lock = try? FileLock.take(workDirectory.child(name).path)
    else { return }
    let base = name.dropLast(".lock".count)
    workDirectory.child("\(base).git").remove()
    lock.removeFile()
  }
}
