#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A folder of the work directory, by its absolute path.
struct Folder: Sendable {
  let path: String

  var exists: Bool { access(path, F_OK) == 0 }

  func child(_ name: String) -> Folder { Folder(path: "\(path)/\(name)") }

  /// Makes the folder and those above it, where they aren't there.
  func make() throws {
    guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
    if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      try Folder(path: String(path[..<slash])).make()
      guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
    }
    throw fileError("could not make the folder", path)
  }

  /// A new folder of an unused name here.
  func makeTemporary(_ prefix: String) throws -> Folder {
    var template = Array("\(path)/\(prefix)XXXXXX\0".utf8CString)
    guard mkdtemp(&template) != nil else { throw fileError("could not make a folder in", path) }
    return Folder(
      path: String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  /// Removes the folder and all in it, or the file that has its name; nothing happens if it isn't there.
  func remove() {
    forEach { name, isFolder, _ in
      if isFolder { child(name).remove() } else { unlink("\(path)/\(name)") }
    }
    if rmdir(path) != 0, errno == ENOTDIR { unlink(path) }
  }

  func removeFile(_ name: String) {
    unlink("\(path)/\(name)")
  }

  /// Calls `body` with the name of each entry, whether it is a folder (links aren't), and its size.
  func forEach(_ body: (_ name: String, _ isFolder: Bool, _ size: Int) -> Void) {
    guard let listing = opendir(path) else { return }
    var entries: [(name: String, isFolder: Bool, size: Int)] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var status = stat()
      guard name != ".", name != "..", fstatat(dirfd(listing), name, &status, AT_SYMLINK_NOFOLLOW) == 0
      else { continue }
      entries.append((name, status.st_mode & S_IFMT == S_IFDIR, Int(status.st_size)))
    }
    closedir(listing)
    for entry in entries { body(entry.name, entry.isFolder, entry.size) }
  }

  /// The content of a small file; nil if it can't be read.
  func read(_ name: String) -> [UInt8]? {
    let file = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var content: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = readFile(file, &piece, piece.count)
      guard count >= 0 else { return nil }
      if count == 0 { return content }
      content += piece.prefix(count)
    }
  }

  /// Makes a file, readable by us alone.
  func write(_ name: String, _ content: [UInt8]) throws {
    let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw fileError("could not write", "\(path)/\(name)") }
    defer { close(file) }
    var rest = content[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { writeFile(file, $0.baseAddress, $0.count) }
      guard count > 0 else { throw fileError("could not write", "\(path)/\(name)") }
      rest = rest.dropFirst(count)
    }
  }
}

// Inside `Folder` the C functions are hidden by its methods.
private func readFile(_ file: CInt, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(file, buffer, count)
}
private func writeFile(_ file: CInt, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, buffer, count)
}

/// The present `errno` as an error that names the file.
func fileError(_ what: String, _ path: String) -> GitError {
  let number = errno
  let reason = String(cString: strerror(number))
  return GitError(
    number == ENOSPC || number == EDQUOT ? .diskFull : .other, "\(what) \(path): \(reason)",
    suggestion: number == EROFS || number == EACCES ? "give a work directory that can be written" : nil)
}
