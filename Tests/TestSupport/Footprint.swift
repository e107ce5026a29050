import Foundation

/// The most that a program and all processes under it used at one time.
package struct Footprint: Sendable, CustomStringConvertible {
  /// Bytes of memory: each process's proportional share (PSS, proc(5)), added up.
  package private(set) var memory = 0
  /// Bytes on disk in the work directory, also of open files that have no name any more.
  package private(set) var disk = 0

  /// Looks at the program again and again until it ends.
  package init(of program: Program, workDirectory: String) {
    while program.isRunning {
      var memory = 0
      var disk = Self.size(of: workDirectory)
      for pid in Self.tree(program.pid) {
        memory += Self.proportionalShare(pid)
        disk += Self.sizeOfNamelessFiles(pid, in: workDirectory)
      }
      self.memory = max(self.memory, memory)
      self.disk = max(self.disk, disk)
      usleep(5_000)
    }
  }

  /// In MB, for people.
  package var description: String { "\(memory >> 20) MB of memory, \(disk >> 20) MB on disk" }

  private static func tree(_ pid: pid_t) -> [pid_t] {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
    let children = tasks.flatMap { task in
      text("/proc/\(pid)/task/\(task)/children").split(separator: " ").compactMap { pid_t($0) }
    }
    return [pid] + children.flatMap(tree)
  }

  private static func proportionalShare(_ pid: pid_t) -> Int {
    let line = text("/proc/\(pid)/smaps_rollup").split(separator: "\n").first { $0.hasPrefix("Pss:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
  }

  private static func sizeOfNamelessFiles(_ pid: pid_t, in folder: String) -> Int {
    let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")) ?? []
    return descriptors.reduce(0) { sum, descriptor in
      let path = "/proc/\(pid)/fd/\(descriptor)"
      guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path),
        target.hasPrefix(folder), target.hasSuffix(" (deleted)")
      else { return sum }
      var status = stat()
      return stat(path, &status) == 0 ? sum + Int(status.st_blocks) * 512 : sum
    }
  }

  private static func size(of folder: String) -> Int {
    guard let files = FileManager.default.enumerator(atPath: folder) else { return 0 }
    return files.reduce(0) { sum, file in
      var status = stat()
      return lstat("\(folder)/\(file)", &status) == 0 ? sum + Int(status.st_blocks) * 512 : sum
    }
  }

  private static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }
}
