import Testing

@testable import Git

@Suite(.needsServer) struct CommitTests {
  @Test func aCommitDeletesThenWritesSoThatTitlesCanBeSwapped() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit([
      "skills/a.md": "A", "skills/b.md": "B", "skills/c.md": "C", "other": "O",
    ])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    _ = try await fixture.requests()
    let commit = try await repository.commit(
      request(tip, deleting: [file("skills/c.md", "C")])
    ) { stream in
      try await stream.write([66], to: "skills/a.md", replacing: file("skills/b.md", "B"))
      try await stream.write([65], to: "skills/b.md", replacing: file("skills/a.md", "A"))
    }
    #expect(try await fixture.requests() == [])
    #expect(try await repository.push(commit, expecting: tip) == .accepted)
    #expect(try await fixture.files() == ["other", "skills/a.md", "skills/b.md"])
    #expect(try await fixture.content("skills/a.md") == "B")
    #expect(try await fixture.content("skills/b.md") == "A")
  }

  @Test func theHeaderSaysWhoWhenAndWhat() async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    let commit = try await repository.commit(
      CommitRequest(
        parent: nil,
        author: Signature(name: "Zoë Ü", email: "zoe@example.com", seconds: 1_600_000_000, zoneMinutes: 330),
        committer: Signature(name: "bot", email: "", seconds: 1_700_000_000, zoneMinutes: -690),
        message: "create: Ä\n\nSkill-Id: 1\n")
    ) { try await $0.write([65], to: "a") }
    #expect(try await repository.push(commit, expecting: nil) == .accepted)
    let text = try await git("cat-file", "commit", "main", in: fixture.path)
    #expect(
      text.lines.dropFirst() == [
        "author Zoë Ü <zoe@example.com> 1600000000 +0530", "committer bot <> 1700000000 -1130", "create: Ä",
        "Skill-Id: 1",
      ])
    try await git("fsck", "--strict", in: fixture.path)
  }

  @Test(arguments: [
    "x\ncommitter Evil <e@e> 1 +0000", "a <evil@example.com> 1 +0000", "\0\u{1}\u{7f}\u{85}\u{2028}", "",
    "  \r\n ",
    "\"quoted\" \\ name", "name>",
  ])
  func nothingInANameOrAnAddressAltersTheCommit(text: String) async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    let signature = Signature(name: text, email: text, seconds: -5, zoneMinutes: 9_999)
    let commit = try await repository.commit(
      CommitRequest(parent: nil, author: signature, committer: signature, message: text)
    ) { try await $0.write([65], to: "a") }
    #expect(try await repository.push(commit, expecting: nil) == .accepted)
    let object = try await git("cat-file", "commit", "main", in: fixture.path)
    let header = object.parts(between: "\n\n")[0].parts(between: "\n")
    #expect(header.map { $0.parts(between: " ")[0] } == ["tree", "author", "committer"])
    #expect(header[1].hasSuffix("> 0 +0000"))
    try await git("fsck", "--strict", in: fixture.path)
  }

  @Test(arguments: [
    "done\n", "D a\n", "M 100644 :1 b\ndata 3\nabc\n", "from refs/heads/main\n", "data <<X\nX\n", "\0",
    "\r\n\r\n", "-m",
  ])
  func nothingInAMessageOrAContentIsACommand(text: String) async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    let commit = try await repository.commit(request(nil, text)) {
      try await $0.write(Array(text.utf8), to: "a")
    }
    #expect(try await repository.push(commit, expecting: nil) == .accepted)
    #expect(try await fixture.files() == ["a"])
    #expect(try await fixture.content("a") == text)
    let object = try await git("cat-file", "commit", "main", in: fixture.path)
    #expect(object.parts(between: "\n\n").dropFirst().joined(separator: "\n\n") == text.filter { $0 != "\0" })
  }

  @Test(arguments: [
    "a b.md", "\"quoted\".md", "ä/日本語.md", "-rf", "--help", "a\"b\"", " leading", "trailing ", "a:b", "*?[x]",
    ":(top)x",
    ".gitignore", "git", "a.git/b", "…", "e\u{301}/\u{301}x",
  ])
  func aPathIsAFile(path: String) async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    let first = try await repository.commit([path: "A", "other": "O"], onto: nil)
    #expect(
      try await repository.tree(of: first, directory: "").map(\.path).sorted() == [path, "other"].sorted())
    #expect(try await repository.push(first, expecting: nil) == .accepted)
    let second = try await repository.commit(["other": "P"], onto: first, deleting: [file(path, "A")])
    #expect(try await repository.tree(of: second, directory: "").map(\.path) == ["other"])
  }

  @Test(arguments: [
    "", "/a", "a/", "a//b", ".", "..", "a/../b", "../a", "a/..", "./a", ".git/hooks/x", "a/.git",
    ".GIT/config",
    ".Git", "git~1", "GIT~1/x", ".git ", ".git.", ".git. ./x", ".git::$INDEX_ALLOCATION", ".git:x",
    ".g\u{200c}it",
    "\u{feff}.git/x", "a\0b", "a\nb", "a\r\nb", "a\tb", "a\\b", "a\u{7f}", "a\u{85}", "a/../\u{301}x",
    String(repeating: "a", count: 256), String(repeating: "a/", count: 2_000) + "a",
  ])
  func aPathThatNoRepositoryMayHoldIsRefused(path: String) async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    let written = await gitError { _ = try await repository.commit([path: "A"], onto: nil) }
    #expect(written?.code == .invalidPath)
    let deleted = await gitError {
      _ = try await repository.commit([:], onto: nil, deleting: [file(path, "A")])
    }
    #expect(deleted?.code == .invalidPath)
    let replaced = await gitError {
      _ = try await repository.commit(request(nil)) {
        try await $0.write([65], to: "a", replacing: file(path, "A"))
      }
    }
    #expect(replaced?.code == .invalidPath)
    #expect(written?.description.utf8.contains { $0 < 32 } == false)
  }

  @Test func anErrorWhileTextsAreStreamedMakesNoCommit() async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    await #expect(throws: Failure.self) {
      _ = try await repository.commit(request(nil)) { stream in
        try await stream.write([UInt8](repeating: 65, count: 500_000), to: "a")
        throw Failure(text: "the database is gone")
      }
    }
    let references = try await git("for-each-ref", in: repository.path)
    #expect(references.isEmpty)
    // And the copy still works.
    let commit = try await repository.commit(["a": "A"], onto: nil)
    #expect(try await repository.hasCommit(commit))
  }

  /// One is made by way of an index, the others file by file.
  @Test func aLargeCommitHasTheSameFilesAsManySmallOnes() async throws {
    let fixture = try await Fixture()
    try await fixture.commit([
      "skills/sub/b.md": "B", "skills/gone.md": "G", "skills/a-folder": "F", "other": "O",
    ])
    let tip = try await fixture.commit(["skills/a.md": "A", "skills/b.md": "B"], mode: "100755")
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    _ = try await fixture.requests()
    var files = (0..<3_000).map { ("skills/Skill \"\($0)\" ä.md", "text \($0)") }
    files += [
      ("skills/a.md", "AA"), ("skills/moved.md", "BB"), ("skills/sub/c.md", "C"),
      ("skills/a-folder/d.md", "D"),
      ("skills.md", "S"),
    ]
    files.shuffle()
    func tree(_ parts: [ArraySlice<(String, String)>], onto root: ObjectID?) async throws -> [TreeEntry] {
      let replaced =
        root == nil ? [:] : ["AA": file("skills/a.md", "A"), "BB": file("skills/b.md", "B")]
      var parent = root
      for (number, part) in parts.enumerated() {
        let deleted = number == 0 && parent != nil ? [file("skills/gone.md", "G")] : []
        parent = try await repository.commit(request(parent, deleting: deleted)) { stream in
          for (path, text) in part {
            try await stream.write(Array(text.utf8), to: path, replacing: replaced[text])
          }
        }
      }
      return try await repository.tree(of: #require(parent), directory: "")
    }
    let small = stride(from: 0, to: files.count, by: 1_000).map { files[$0..<min($0 + 1_000, files.count)] }
    let all = try await tree([files[...]], onto: tip)
    #expect(try await tree(small, onto: tip) == all)
    #expect(all.count == 3_007)
    #expect(all.filter { $0.kind == .executable }.map(\.path) == ["skills/a.md", "skills/moved.md"])
    #expect(all.contains { $0.path == "skills/sub/b.md" } && !all.contains { $0.path == "skills/gone.md" })
    #expect(try await tree([files[...]], onto: nil) == tree(small, onto: nil))
    #expect(try await fixture.requests() == [])
  }

  enum Unexpected: CaseIterable {
    case otherText, nothing, folder, link, nowhere
  }

  @Test(arguments: Unexpected.allCases, [0, 2_500])
  func aCommitIsMadeOnlyOfFilesThatItsParentHas(case unexpected: Unexpected, others: Int) async throws {
    let fixture = try await Fixture()
    try await fixture.commit(["skills/link.md": "A"], mode: "120000")
    let tip = try await fixture.commit(["skills/a.md": "A", "skills/folder.md/b": "A", "skills/ä b.md": "A"])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let expected =
      switch unexpected {
      case .otherText: file("skills/a.md", "another")
      case .nothing: file("skills/\(ObjectID.blobID(of: [65])) x.md", "A")
      case .folder: file("skills/folder.md", "A")
      case .link: file("skills/link.md", "A")
      case .nowhere: file("skills/a.md", "A")
      }
    func commit(onto parent: ObjectID?, _ old: ParentFile, isDeleted: Bool) async throws -> ObjectID {
      try await repository.commit(request(parent, deleting: isDeleted ? [old] : [])) { stream in
        for number in 0..<others { try await stream.write([65], to: "skills/\(number).md") }
        if !isDeleted { try await stream.write([66], to: "skills/a.md", replacing: old) }
      } known: { _ in
        Issue.record("the commit was named")
      }
    }
    for isDeleted in [false, true] {
      let error = await gitError {
        _ = try await commit(onto: unexpected == .nowhere ? nil : tip, expected, isDeleted: isDeleted)
      }
      #expect(
        error?.code == .unexpectedFile && error?.message.hasPrefix(expected.path) == true, "\(error as Any)")
    }
    // The copy is as it was.
    let next = try await repository.commit(request(tip, deleting: [file("skills/ä b.md", "A")])) { _ in }
    #expect(try await repository.push(next, expecting: tip) == .accepted)
    #expect(try await fixture.files() == ["skills/a.md", "skills/folder.md/b", "skills/link.md"])
  }

  /// Each answer may be four times as long as its question.
  @Test func manyLongNamesAreNotAskedForAtOnce() async throws {
    let fixture = try await Fixture()
    var files: [String: String] = [:]
    for number in 0..<400 {
      let folder = (0..<15).map { String(repeating: "ä", count: 100 + $0) }.joined(separator: "/")
      files["\(folder)/\(number).md"] = "text \(number)"
    }
    let repository = try await fixture.open()
    let first = try await repository.commit(files, onto: nil)
    #expect(try await repository.push(first, expecting: nil) == .accepted)
    let second = try await repository.commit(request(first)) { stream in
      for (path, text) in files {
        try await stream.write([66], to: path, replacing: file(path, text))
      }
    }
    let entries = try await repository.tree(of: second, directory: "")
    #expect(entries.count == 400 && entries.allSatisfy { $0.object == .blobID(of: [66]) })
  }

  @Test func aCommitIsNamedBeforeItIsThere() async throws {
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["a": "A"])
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    var named: ObjectID?
    let commit = try await repository.commit(request(tip)) {
      try await $0.write([66], to: "b")
    } known: {
      named = $0
      // git hasn't ended.
      #expect(repository.process.times["fast-import"] == .zero)
    }
    #expect(named == commit)
    await #expect(throws: Failure.self) {
      _ = try await repository.commit(request(tip)) {
        try await $0.write([67], to: "c")
      } known: { _ in
        throw Failure(text: "the database is gone")
      }
    }
    // git came to its end: nothing of it is in the next one's way.
    let next = try await repository.commit(request(commit)) { try await $0.write([68], to: "d") }
    #expect(try await repository.push(next, expecting: tip) == .accepted)
    #expect(try await fixture.files() == ["a", "b", "d"])
  }

  @Test func aRootCommitIsOneAlsoAfterAnother() async throws {
    let fixture = try await Fixture()
    let repository = try await fixture.open()
    _ = try await repository.commit(["a": "A"], onto: nil)
    let second = try await repository.commit(["b": "B"], onto: nil)
    #expect(try await repository.tree(of: second, directory: "").map(\.path) == ["b"])
    #expect(try await git("rev-list", "--count", second.description, in: repository.path).trimmed == "1")
  }

  @Test func aParentThatTheCopyHasNotIsAMissingObject() async throws {
    let fixture = try await Fixture()
    let parent = try await fixture.commit(["a": "A"])
    let repository = try await fixture.open()
    let error = await gitError { _ = try await repository.commit(["b": "B"], onto: parent) }
    #expect(error?.code == .missingObject)
    try await repository.fetchCommit(parent)
    let commit = try await repository.commit(["b": "B"], onto: parent)
    #expect(try await repository.push(commit, expecting: parent) == .accepted)
    #expect(try await fixture.files() == ["a", "b"])
  }
}
