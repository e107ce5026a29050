import Testing

@testable import Git

/// What is decided without git.
@Suite struct RulesTests {
  @Test(arguments: [
    ("acme/skills", "https://github.com/acme/skills.git"),
    ("acme/skills.git", "https://github.com/acme/skills.git"),
    ("https://ghe.example.com:8443/a/b.git", "https://ghe.example.com:8443/a/b.git"),
    ("http://127.0.0.1:8080/open/x.git", "http://127.0.0.1:8080/open/x.git"),
    ("http://localhost/x.git", "http://localhost/x.git"), ("http://[::1]:80/x.git", "http://[::1]:80/x.git"),
  ])
  func aURLOfAKindServedIsTaken(location: String, url: String) throws {
    #expect(try Remote(location, branch: "main").url == url)
  }

  @Test(arguments: [
    "http://github.com/a/b.git", "http://127.0.0.1.evil.com/x", "http://127.0.0.1@evil.com/x",
    "http://localhost:80@evil.com/",
    "http://[::1].evil.com/x", "https://user:hunter2@github.com/a/b.git",
    "https://hunter2@github.com/a/b.git", "https:///x",
    "ssh://git@github.com/a/b.git", "git@github.com:a/b.git", "git://github.com/a/b", "ext::sh -c id",
    "ext::id", "fd::17/x",
    "file:///etc", "/etc", "a", "a/b/c", "../b", "./b", "-a/b", "--upload-pack=x/y", "a/..", "", "a/b c",
    "a/b\n",
    "https://x/a?b", "https://x/a#b", "https://x/\"a", "HTTPS://github.com/a/b", "ftp://x/y", "https://x/ä",
  ])
  func anyOtherURLIsRefused(location: String) {
    #expect {
      _ = try Remote(location, branch: "main")
    } throws: { error in
      (error as? GitError)?.code == .refusedURL && !"\(error)".contains("hunter2")
    }
  }

  @Test func aLocalRepositoryNeedsLeave() throws {
    #expect(try Remote("/srv/x.git", branch: "main", allowLocal: true).url == "/srv/x.git")
    #expect(try Remote("file:///srv/x.git", branch: "main", allowLocal: true).transport == "file")
  }

  @Test(arguments: [
    "", "-x", "a b", "a..b", "a~b", "a^b", "a:b", "a?b", "a*b", "a[b", "a\\b", "a.lock", "a/.b", "/a", "a/",
    "a//b", "a.",
    "@", "refs/heads/main", "a@{b", "a\nb", "a\0b", "a\u{7f}b", "x.lock/y",
  ])
  func aNameThatGitTakesForNoBranchIsRefused(name: String) {
    #expect { _ = try Remote("a/b", branch: name) } throws: { ($0 as? GitError)?.code == .invalidBranch }
  }

  @Test(arguments: ["main", "feature/x", "v1.2", "ä", "a@b", "tmp_x"])
  func aBranchsNameIsTaken(name: String) throws {
    #expect(try Remote("a/b", branch: name).reference == "refs/heads/\(name)")
  }

  @Test func objectsAreNamedAsGitNamesThem() throws {
    #expect(ObjectID.blobID(of: []).description == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
    #expect(
      ObjectID.blobID(of: Array("hello\n".utf8)).description == "ce013625030ba8dba906f756967f9e9ca394464a")
    let text = "0123456789abcdef0123456789abcdef89abcdef"
    #expect(ObjectID(text)?.description == text)
    #expect(ObjectID(text.uppercased()) == ObjectID(text))
    for wrong in ["", "abc", text + "0", String(text.dropLast()) + "g", "-" + text.dropFirst()] {
      #expect(ObjectID(wrong) == nil)
    }
  }

  @Test func aSecretIsNeverShown() {
    let secret = Secret("hunter2")
    let remote = try? Remote("a/b", branch: "main", token: secret)
    for text in ["\(secret)", String(reflecting: secret), "\(String(describing: remote))", "\([secret])"] {
      #expect(!text.contains("hunter2"))
    }
    var dumped = ""
    dump(remote, to: &dumped)
    #expect(!dumped.contains("hunter2"))
    #expect(secret.fingerprint.wholeMatch(of: /[0-9a-f]{8}/) != nil)
    #expect(secret.fingerprint == Secret("hunter2").fingerprint)
    #expect(secret.fingerprint != Secret("hunter3").fingerprint)
    #expect(dumped.contains("main"))
  }

  @Test func textLosesTokensCredentialsAndUsersOfURLs() {
    let redact = Redaction(token: Secret("tok\u{65}n"))
    let credential = basicCredential(Secret("token"))
    #expect(credential == "eC1hY2Nlc3MtdG9rZW46dG9rZW4=")
    #expect(redact("a token\u{301} b \(credential) c") == "a [redacted]\u{301} b [redacted] c")
    #expect(
      redact("to http://me:pw@proxy:80/x@y and https://t@h")
        == "to http://[redacted]@proxy:80/x@y and https://[redacted]@h")
    #expect(redact("mail a@b and ://") == "mail a@b and ://")
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("\u{ff}\u{fe}?", "w7/Dvj8="),
  ])
  func base64IsRFC4648(text: String, encoded: String) {
    #expect(base64(Array(text.utf8)) == encoded)
  }

  @Test func carriageReturnsEndLines() {
    #expect("a\r\nb\n\u{301}c\r".lines == ["a", "b", "\u{301}c"])
    #expect("a/\u{301}b//".parts(between: "/") == ["a", "\u{301}b", "", ""])
  }

  @Test func theMiddleOfALongTextIsLeftOut() {
    var text = BoundedText()
    text.append(Array("begin ".utf8))
    for _ in 0..<100 { text.append([UInt8](repeating: 46, count: 10_000)) }
    text.append(Array(" end".utf8))
    #expect(text.text.utf8.count < 70_000)
    #expect(text.text.hasPrefix("begin ...") && text.text.hasSuffix("... end") && text.text.contains("…"))
  }

  @Test func everyCodeHasAStableName() {
    #expect(
      GitError.Code.allCases.map(\.rawValue) == [
        "git-not-installed", "git-authentication", "git-repository-not-found", "git-network", "git-timeout",
        "git-disk-full", "git-corrupt-cache", "git-missing-object", "git-unexpected-file", "git-invalid-path",
        "git-invalid-branch",
        "git-refused-url", "git-error",
      ])
    let error = GitError(.other, command: "fetch", String(repeating: "x", count: 5_000))
    #expect(error.message.count == 2_000)
    #expect(error.description.hasPrefix("git fetch: xxx"))
  }
}
