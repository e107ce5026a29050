#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A path that a check looks at.
struct WalkedFile: Equatable {
  /// As it is to be shown and opened.
  var path: String
  /// Why it can't be looked at; nil if it can.
  var problem: String?
}

/// The files that `paths` stand for: a file itself, whatever its name; of a folder, and of all folders in it, each `*.md` but
/// README, in the order of their names.
///
/// A path that is reached twice comes once.
func walk(_ paths: [String]) -> [WalkedFile] {
  var files: [WalkedFile] = []
  for path in paths {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      var folder = path[...]
      while folder.hasSuffix("/"), folder.count > 1 { folder = folder.dropLast() }
      walkFolder(String(folder), into: &files)
    } else {
      let isLink = lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
      // What a shell hands over as /dev/fd/63 is a link too, to a pipe.
      let isLinkToFile = isLink && (stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG)
      files.append(isLinkToFile ? link(path) : WalkedFile(path: path))
    }
  }
  // However it is spelled, a file is no copy of itself; a link to it is looked at as a link.
  var seen: Set<[UInt8]> = []
  return files.filter {
    seen.insert(Array(($0.problem == nil ? realPath($0.path) ?? $0.path : $0.path).utf8)).inserted
  }
}

private func link(_ path: String) -> WalkedFile {
  WalkedFile(path: path, problem: "a symbolic link can't be a skill: make it a file")
}

private func realPath(_ path: String) -> String? {
  guard let real = realpath(path, nil) else { return nil }
  defer { free(real) }
  return String(cString: real)
}

private func walkFolder(_ folder: String, into files: inout [WalkedFile]) {
  guard let directory = opendir(folder) else {
    files.append(WalkedFile(path: folder, problem: "can't be read: \(ReadingError.latest)"))
    return
  }
  var names: [String] = []
  while let entry = readdir(directory) {
    // As long as NAME_MAX allows; the declared array is one of 256 bytes.
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) {
        (text: String(validatingCString: $0), shown: String(cString: $0))
      }
    }
    if let text = name.text {
      names.append(text)
    } else {
      files.append(
        WalkedFile(path: "\(folder)/\(name.shown)", problem: "the file's name isn't UTF-8: rename it"))
    }
  }
  closedir(directory)
  let prefix = folder == "." ? "" : folder == "/" ? "/" : folder + "/"
  for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  where ![".", "..", ".git"].contains(name) {
    let path = prefix + name
    var status = stat()
    guard lstat(path, &status) == 0 else {
      files.append(WalkedFile(path: path, problem: "can't be read: \(ReadingError.latest)"))
      continue
    }
    let isSkillFile = name.lowercased().hasSuffix(".md") && name.lowercased() != "readme.md"
    switch status.st_mode & S_IFMT {
    case S_IFDIR: walkFolder(path, into: &files)
    case S_IFLNK where isSkillFile: files.append(link(path))
    case S_IFREG where isSkillFile: files.append(WalkedFile(path: path))
    default: break
    }
  }
}
