@testable import SkillFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Files beside the tests.
enum Fixture {
  static let folder = String(#filePath.dropLast("Fixture.swift".count)) + "Fixtures/"

  struct Missing: Error { var path: String }

  static func bytes(_ path: String, in folder: String = folder) throws -> [UInt8] {
    guard let file = fopen(folder + path, "rb") else { throw Missing(path: path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  /// The names in a folder, sorted, without `suffix`; only those that have it.
  static func names(in path: String, suffix: String = "", of folder: String = folder) -> [String] {
    guard let directory = opendir(folder + path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix("."), name.hasSuffix(suffix) { names.append(String(name.dropLast(suffix.count))) }
    }
    return names.sorted()
  }

  /// The paths of all files in a folder and its folders, relative to it.
  static func paths(of folder: String, in path: String = "") -> [String] {
    names(in: path, of: folder).flatMap { name in
      guard let directory = opendir(folder + path + name) else { return [path + name] }
      closedir(directory)
      return paths(of: folder, in: path + name + "/")
    }
  }

  /// The value of an environment variable.
  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// A JSON file as a value, with its tagged dates and numbers.
  static func json(_ path: String) throws -> Mapping {
    let bytes = try bytes(path)
    guard case .map(let mapping) = untagged(try JSONReader.value(of: bytes, in: 0..<bytes.count)) else {
      throw Missing(path: path)
    }
    return mapping
  }

  private static func untagged(_ value: Value) -> Value {
    switch value {
    case .list(let items): return .list(items.map(untagged))
    case .map(let mapping):
      if case .number(let milliseconds)? = mapping["$date"] {
        return .date(milliseconds: Int64(milliseconds))
      }
      if case .string(let name)? = mapping["$number"] {
        return .number(name == "NaN" ? .nan : name == "Infinity" ? .infinity : -.infinity)
      }
      return .map(Mapping(mapping.entries.map { Mapping.Entry(key: $0.key, value: untagged($0.value)) }))
    default: return value
    }
  }
}

extension String {
  /// The text's bytes.
  var bytes: [UInt8] { Array(utf8) }
}

extension [UInt8] {
  /// The bytes as text.
  var text: String { String(decoding: self, as: UTF8.self) }
}
