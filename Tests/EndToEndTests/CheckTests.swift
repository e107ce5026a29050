import Foundation
import TestSupport
import Testing

/// `git-to-skills check` on files on disk.
@Suite(.onOwnThreads) final class CheckTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("check-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func write(_ path: String, _ text: String) throws {
    let file = folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: false, encoding: .utf8)
  }

  private func check(_ arguments: String...) throws -> Finished {
    // Paths are shown as given, so the folder must be the working directory.
    try Program(
      ["env", "-C", folder.path, "\(Servers.executables)/git-to-skills", "check"] + arguments,
      environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
    ).wait()
  }

  @Test func aFolderOfGoodFilesIsStatus0() throws {
    try write("skills/a.md", "---\ntitle: A\n---\nText.\n")
    try write("skills/more/b.md", "---\ntitle: B\n---\n")
    let finished = try check("skills")
    #expect(finished.status == 0)
    #expect(finished.output == "")
    #expect(finished.errors == "2 files checked: nothing is wrong\n")
  }

  @Test func ofAFolderTheSkillFilesAreCheckedAndNothingElse() throws {
    for path in ["b.md", "a.MD", "sub/c.md", ".hidden/d.md"] { try write(path, "---\ntitle: \(path)\n---\n") }
    for path in ["README.md", "sub/readme.MD", "notes.txt", ".git/config.md"] {
      try write(path, "---\na: [\n---\n")
    }
    let lines = try check("--json", ".").output.split(separator: "\n")
    let paths = lines.compactMap { line in
      line.split(separator: "\"").dropFirst(2).first { !$0.hasPrefix(":") }.map { String($0) }
    }
    #expect(paths == [".hidden/d.md", "a.MD", "b.md", "sub/c.md"])
  }

  @Test func aFileThatIsNamedIsAlwaysCheckedAndItsPathIsShownAsGiven() throws {
    try write("README.md", "---\ntitle: [\n---\n")
    let finished = try check("./README.md")
    #expect(finished.status == 1)
    #expect(finished.output.hasPrefix("./README.md:2:8: the `]` for this is missing\n"))
  }

  @Test func aFileThatIsReachedTwiceIsNoDuplicateOfItself() throws {
    try write("skills/a.md", "---\nid: a\ntitle: A\n---\n")
    #expect(try check("skills", "skills/a.md", "./skills/a.md", "skills/../skills/a.md").status == 0)
    #expect(try check("\(folder.path)/skills/a.md", "skills/a.md").status == 0)
  }

  @Test func whatCannotBeASkillFailsForPeopleAndNotForPrograms() throws {
    try write("a.md", "---\nid: one\ntitle: A\n---\n")
    try write("b.md", "---\nid: one\ntitle: B\n---\n")
    let text = try check(".")
    #expect(text.status == 1)
    #expect(
      text.output == """
        b.md:2:1: the id `one` is also that of a.md: delete the id line of the newer one of the two
          2 | id: one
            | ^

        """)
    #expect(text.errors == "2 files checked: 1 warning\n")
    let github = try check("--format", "github", ".")
    #expect(github.status == 1)
    #expect(github.output.hasPrefix("::warning file=b.md,line=2,col=1::the id `one`"))
    let json = try check("--json", ".")
    #expect(json.status == 0)
    #expect(json.output.contains(#""ok":true,"#))
    #expect(json.output.contains(#""warning":{"message":"the id `one`"#))
  }

  @Test func whatCannotBeReadFailsInEveryForm() throws {
    try write("a.md", "---\ntitle: [\n---\n")
    for arguments in [["."], ["--format", "github", "."], ["--json", "."]] {
      let finished = try Program(
        ["env", "-C", folder.path, "\(Servers.executables)/git-to-skills", "check"] + arguments,
        environment: ["PATH": "/usr/bin:/bin"]
      ).wait()
      #expect(finished.status == 1, "\(arguments)")
    }
  }

  @Test func aPathThatIsNotThereIsSaidAndTheOthersAreChecked() throws {
    try write("b.md", "---\ntitle: [\n---\n")
    let finished = try check("missing.md", "b.md")
    #expect(finished.status == 1)
    #expect(finished.output.hasPrefix("missing.md:1:1: can't be read: No such file or directory\nb.md:2:8: "))
  }

  @Test func aSymbolicLinkInAFolderIsNoSkillFile() throws {
    try write("elsewhere/a.md", "---\ntitle: A\n---\n")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("skills"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: folder.appendingPathComponent("skills/a.md").path, withDestinationPath: "../elsewhere/a.md")
    let finished = try check("skills")
    #expect(finished.status == 1)
    #expect(finished.output == "skills/a.md:1:1: a symbolic link can't be a skill: make it a file\n")
  }

  @Test func aLinkHidesNeitherItselfNorItsFile() throws {
    try write("a.md", "---\ntitle: [\n---\n")
    try FileManager.default.createSymbolicLink(
      atPath: folder.appendingPathComponent("0.md").path, withDestinationPath: "a.md")
    for output in [try check(".").output, try check("0.md", "a.md").output] {
      #expect(output.contains("0.md:1:1: a symbolic link"), "\(output)")
      #expect(output.contains("a.md:2:8: "), "\(output)")
    }
  }

  @Test func aPipeThatNobodyWritesToIsNotWaitedFor() throws {
    #expect(mkfifo(folder.appendingPathComponent("pipe.md").path, 0o600) == 0)
    #expect(try check("pipe.md").status == 1)
    #expect(try check(".").errors == "0 files checked: there are none\n")
  }

  @Test func aNameThatIsNoTextIsSaid() throws {
    try write("good.md", "---\ntitle: A\n---\n")
    let path =
      Array(folder.path.utf8CString.dropLast()) + [CChar(0x2F), CChar(bitPattern: 0xFF)]
      + Array(".md".utf8CString)
    let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
    #expect(descriptor >= 0)
    close(descriptor)
    let finished = try check(".")
    #expect(finished.status == 1)
    #expect(finished.output.hasSuffix(".md:1:1: the file's name isn't UTF-8: rename it\n"))
    #expect(finished.errors == "2 files checked: 1 can't be read\n")
  }

  @Test func aFileThatIsTooLargeIsNotReadToItsEnd() throws {
    try write("a.md", String(repeating: "x", count: 11_000_000))
    let finished = try check("a.md")
    #expect(finished.status == 1)
    #expect(finished.output.hasPrefix("a.md:1:1: the file is larger than 10 MB\n"))
  }

  @Test func theExamplesOfThePageAreSkillFiles() throws {
    let page = try String(contentsOfFile: Servers.projectFolder("docs/skill-files.md"), encoding: .utf8)
    let examples = page.components(separatedBy: "```markdown\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
    #expect(examples.count == 2)
    for example in examples {
      try write("skills/access.md", example)
      #expect(try check("skills").errors == "1 file checked: nothing is wrong\n")
    }
    try write("skills/access.md", "---\nid: a\ntitle: Access\ntitle: Access\n---\n")
    let output = try check("skills").output
    #expect(page.contains("```\n\(output)```"), "\(output)")
  }
}
