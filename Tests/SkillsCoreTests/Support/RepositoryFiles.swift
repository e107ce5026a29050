import FoundationEssentials

/// The bytes of a file of this repository, named from its root.
func repositoryFile(_ path: String) throws -> [UInt8] {
  guard let data = FileManager.default.contents(atPath: repositoryRoot + path) else {
    throw MissingFile(path: path)
  }
  return Array(data)
}

/// The names of a folder's files, in order.
func repositoryFolder(_ path: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: repositoryRoot + path).sorted()
}

/// The paths of all files below a folder, from the repository's root.
func repositoryFiles(below path: String) throws -> [String] {
  try FileManager.default.subpathsOfDirectory(atPath: repositoryRoot + path).map { "\(path)/\($0)" }
}

struct MissingFile: Error {
  var path: String
}

private let repositoryRoot = #filePath.split(separator: "/").dropLast(4).reduce("/") { "\($0)\($1)/" }
