import Foundation
import TestSupport
import Testing

/// The machine's limits, as Lambda has them and worse: a full disk, a read-only file system, no HOME, a damaged cache.
@Suite(.onOwnThreads) struct MachineTests {
  /// A file system of its own, so small that it fills; unmounted with this object.
  private final class SmallDisk {
    let path: String

    /// nil if this user may not mount.
    init?(_ kilobytes: Int, in folder: String) {
      path = "\(folder)/disk-\(kilobytes)"
      guard mkdir(path, 0o700) == 0, mount("none", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
        return nil
      }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }
  }

  private static let canMount: Bool = {
    let folder = "\(temporaryFolder)/mount-\(randomName())"
    guard mkdir(folder, 0o700) == 0 else { return false }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return SmallDisk(64, in: folder) != nil
  }()

  /// Letters that no compression makes smaller.
  private static func noise(_ count: Int) -> String {
    String(decoding: (0..<count).map { _ in UInt8.random(in: 97...122) }, as: UTF8.self)
  }

  @Test(.enabled(if: canMount, "only root may mount a small file system"), arguments: ["import", "export"])
  func aDiskThatFillsAtAnyPointIsSaidAndNothingHalfDoneIsLeft(way: String) throws {
    let world = try World()
    let files = (1...12).map { (path: "skills/skill-\($0).md", body: Self.noise(30_000)) }
    if way == "import" {
      try world.repository.commit {
        for (index, file) in files.enumerated() {
          try $0.write(file.path, World.skillFile(title: "Skill \(index + 1)", body: file.body))
        }
      }
    } else {
      for (index, file) in files.enumerated() {
        try world.create("s\(index + 1)", title: "Skill \(index + 1)", content: file.body)
      }
    }
    let tip = try world.repository.tip
    let executable = way == "import" ? Executable.gitToSkills : .skillsToGit
    var errors: [String: [Int]] = [:]
    var isDone = false
    // It fills while the copy is begun, while objects are fetched or made, and while texts are on their way.
    for size in [16, 40, 64, 80, 96, 112, 128, 144, 160, 200, 260, 330, 400, 520, 700, 1_000, 1_500]
    where !isDone {
      let disk = try #require(SmallDisk(size, in: world.folder))
      let finished = try world.run(
        executable, way == "import" ? .import : .sync, environment: ["WORK_DIRECTORY": disk.path])
      if finished.status == 0 {
        isDone = true
      } else {
        let error = try finished.json(ErrorAnswer.self)
        errors[error.errorType, default: []].append(size)
        #expect(["GitError.diskFull", "WorkDirectoryFull"].contains(error.errorType), "\(size): \(error)")
        #expect(try world.repository.tip == tip)
        #expect(try world.count("skill_sync.intent") == 0)
        #expect(try world.count("skill_sync.base") == 0)
        #expect(try world.rows().count == (way == "import" ? 0 : 12))
        #expect(try world.count("skill_sync.outbox") == (way == "import" ? 0 : 12))
      }
    }
    print("a full disk, \(way): \(errors)")
    #expect(isDone && errors["GitError.diskFull"] != nil && errors["WorkDirectoryFull"] != nil, "\(errors)")
    for (index, file) in files.enumerated() {
      #expect(try world.body(file.path)?.trimmed == file.body)
      #expect(try world.row(titled: "Skill \(index + 1)")?.content.trimmed == file.body)
    }
    try world.repository.onServer("fsck", "--strict")
  }

  /// Runs a program where nothing can be written but the work directory, as a user without a name, and without HOME.
  private func runConfined(_ world: World, _ executable: Executable, _ event: Event) throws -> Finished {
    let script = """
      set -e
      mount --make-rprivate /
      mount --bind "$WORK_DIRECTORY" "$WORK_DIRECTORY"
      mount -o remount,bind,ro /
      if touch '\(world.folder)/written' 2>/dev/null; then echo 'the file system can be written' >&2; exit 99; fi
      exec setpriv --reuid=54321 --regid=54321 --clear-groups "$@"
      """
    return try Program(
      [
        "unshare", "--mount", "sh", "-c", script, "sh",
        "\(Servers.executables)/\(executable.rawValue)", "--event", "-",
      ], environment: world.environment, input: event.json
    ).wait()
  }

  private static let canConfine: Bool = {
    let command = ["unshare", "--mount", "sh", "-c", "mount --make-rprivate / && mount -o remount,bind,ro /"]
    return (try? Program(command, environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"]).wait())?.status == 0
  }()

  @Test(.enabled(if: canConfine, "only root may remount file systems"))
  func nothingIsWrittenOutsideTheWorkDirectoryAndNeitherHomeNorAUsersNameIsNeeded() throws {
    let world = try World()
    #expect(world.environment["HOME"] == nil)
    chmod(world.folder, 0o755)
    chmod("\(world.folder)/work", 0o777)
    try world.create("s1", title: "Alpha", content: "One.\n\nTwo.\n\nThree.\n")
    let exported: ExportAnswer = try runConfined(world, .skillsToGit, .sync).answer()
    #expect(exported.created == ["s1"])
    // An edit on both sides is merged in temporary files.
    let commit = try world.repository.commit {
      try $0.edit("skills/alpha.md", "Three.", "Three, engineered.")
    }
    try world.save("s1", "content", "One, saved.\n\nTwo.\n\nThree.\n")
    let imported: WebhookAnswer = try runConfined(world, .gitToSkills, .push(commit)).answer()
    #expect(imported.statusCode == 200, "\(imported)")
    #expect(try runConfined(world, .skillsToGit, .sync).answer(ExportAnswer.self).updated == ["s1"])
    #expect(try world.row("s1")?.content.trimmed == "One, saved.\n\nTwo.\n\nThree, engineered.")
    #expect(try world.body("skills/alpha.md")?.trimmed == "One, saved.\n\nTwo.\n\nThree, engineered.")
  }

  @Test func aWorkDirectoryThatCannotBeWrittenIsSaid() throws {
    let world = try World.agreeing()
    try world.save("s1", "content", "Saved.")
    for executable in [Executable.skillsToGit, .gitToSkills] {
      let finished = try world.run(
        executable, executable == .skillsToGit ? .sync : .import,
        environment: ["WORK_DIRECTORY": "/proc/nowhere"])
      let error = try finished.json(ErrorAnswer.self)
      #expect(error.errorType.hasPrefix("GitError."), "\(error)")
      #expect(error.errorMessage.contains("/proc/nowhere"), "\(error)")
    }
    #expect(try world.count("skill_sync.outbox") == 1)
  }

  /// Each a file of the copy that only shows its damage in the middle of an export.
  @Test(arguments: ["refs/sync/commit", "objects", "HEAD", "config"])
  func aCacheThatIsDamagedIsBegunAnewInTheSameRun(part: String) throws {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta")
    try world.export()
    let work = "\(world.folder)/work"
    var damaged = 0
    for path in try FileManager.default.subpathsOfDirectory(atPath: work) where path.contains(".git/\(part)")
    {
      var isFolder: ObjCBool = false
      let file = "\(work)/\(path)"
      guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue else {
        continue
      }
      chmod(file, 0o600)
      var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
      if bytes.count > 8 { bytes[bytes.count / 2] ^= 4 }
      try bytes.write(to: URL(fileURLWithPath: file))
      try Data().write(to: URL(fileURLWithPath: file + ".lock"))
      damaged += 1
    }
    #expect(damaged > 0)
    try world.save("s1", "content", "Saved.")
    #expect(try world.export().updated == ["s1"])
    #expect(try world.body("skills/alpha.md") == "Saved.\n")
    #expect(try world.body("skills/beta.md") == "A body.\n")
    try world.repository.onServer("fsck", "--strict")
  }
}
