import FoundationEssentials

private let repository = String(#filePath.dropLast("Tests/Fuzz/Harness/RepositoryFiles.swift".count))

/// The bytes of a file of this repository, named from its root.
func repositoryFile(_ path: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(filePath: repository + path)))
}

/// The paths of all files below a folder, in order, named from the repository's root; only those with the suffix.
func repositoryFiles(below folder: String, suffix: String) throws -> [String] {
  try FileManager.default.subpathsOfDirectory(atPath: repository + folder)
    .filter { $0.hasSuffix(suffix) }.sorted().map { folder + "/" + $0 }
}
