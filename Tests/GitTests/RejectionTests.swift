import Testing

@testable import Git

/// GitHub's own words (from public logs), printed by real hooks of a real server.
@Suite(.needsServer) struct RejectionTests {
  static let pushProtection = """
    remote: error: GH013: Repository rule violations found for refs/heads/main.
    - GITHUB PUSH PROTECTION
      —————————————————————————————————————————
        Resolve the following violations before pushing again

        - Push cannot contain secrets

          —— Amazon AWS Access Key ID ——————————————————————————
           locations:
             - commit: 8728dbe67b1a5b1f3b6b8bcb7ef3a5cc2c4d2b3a
               path: skills/aws: the keys.md:12,14
             - commit: 8728dbe67b1a5b1f3b6b8bcb7ef3a5cc2c4d2b3a
               path: skills/b.md:3
           (?) To push, remove secret from commit(s) or follow this URL to allow the secret.
           https://github.com/o/r/security/secret-scanning/unblock-secret/2abc
    """

  static let cases: [(String, PushRejection.Kind, [String])] = [
    (pushProtection, .pushProtection, ["skills/aws: the keys.md", "skills/b.md"]),
    (
      """
      error: GH013: Repository rule violations found for refs/heads/main.
      Review all repository rules at https://github.com/o/r/rules?ref=refs%2Fheads%2Fmain

      - Changes must be made through a pull request.
      """, .protectedBranch, []
    ),
    (
      """
      error: GH013: Repository rule violations found for refs/heads/main.
      - Commits must have verified signatures.
        Found 1 violation:
        8728dbe67b1a5b1f3b6b8bcb7ef3a5cc2c4d2b3a
      """, .unsignedCommits, []
    ),
    (
      """
      error: GH006: Protected branch update failed for refs/heads/main.
      error: 2 of 2 required status checks are expected.
      """, .protectedBranch, []
    ),
    ("error: GH003: Sorry, force-pushing to main is not allowed.", .protectedBranch, []),
    ("error: GH007: Your push would publish a private email address.", .emailPrivacy, []),
    (
      """
      error: Trace: 0123456789abcdef
      error: See https://gh.io/lfs for more information.
      error: File skills/huge is big.md is 123.00 MB; this exceeds GitHub's file size limit of 100.00 MB
      error: GH001: Large files detected. You may want to try Git Large File Storage.
      """, .fileTooLarge, ["skills/huge is big.md"]
    ),
    ("You shall not push.", .hookDeclined, []),
  ]

  @Test(arguments: cases.indices, ["pre-receive", "update"])
  func aRuleIsRecognisedAndItsWordsKept(index: Int, hook: String) async throws {
    let (words, kind, paths) = Self.cases[index]
    let fixture = try await Fixture()
    let tip = try await fixture.commit(["a": "A"])
    try fixture.hook(hook, "cat >&2 <<'WORDS'\n\(words)\nWORDS\nexit 1")
    let repository = try await fixture.open()
    _ = try await repository.fetchTip()
    let commit = try await repository.commit(["a": "ours"], onto: tip)
    guard case .rejected(let rejection) = try await repository.push(commit, expecting: tip) else {
      Issue.record("the push was not rejected")
      return
    }
    #expect(rejection.kind == kind)
    #expect(rejection.paths == paths)
    #expect(rejection.reason == (hook == "update" ? "hook declined" : "pre-receive hook declined"))
    let last = try #require(words.lines.last?.trimmed)
    #expect(rejection.words.contains(last))
    #expect(try await fixture.tip() == tip)
  }

  @Test func anAcceptedPushThatPrintsTheSameReasonsIsAccepted() async throws {
    let fixture = try await Fixture()
    try fixture.hook(
      "pre-receive",
      """
      echo 'Bypassed rule violations for refs/heads/main:' >&2
      echo '- Changes must be made through a pull request.' >&2
      echo '! [remote rejected] main -> main (push declined due to repository rule violations)' >&2
      printf '!\\tx:refs/heads/main\\t[remote rejected] (no)\\n' >&2
      """)
    let repository = try await fixture.open()
    let commit = try await repository.commit(["a": "A"], onto: nil)
    #expect(try await repository.push(commit, expecting: nil) == .accepted)
    #expect(try await fixture.tip() == commit)
  }

  @Test func aHookThatPrintsWithoutEndIsCutAndItsReasonKept() async throws {
    let fixture = try await Fixture()
    try fixture.hook(
      "pre-receive",
      "echo 'error: GH007: Your push would publish a private email address.' >&2; yes | head -c 2000000 >&2; exit 1"
    )
    let repository = try await fixture.open()
    let commit = try await repository.commit(["a": "A"], onto: nil)
    guard case .rejected(let rejection) = try await repository.push(commit, expecting: nil) else {
      Issue.record("the push was not rejected")
      return
    }
    #expect(rejection.kind == .emailPrivacy)
    #expect(rejection.words.count <= 4_000)
  }

  @Test func everyKindHasAStableNameAndASuggestion() {
    #expect(
      PushRejection.Kind.allCases.map(\.rawValue) == [
        "push-protection", "file-too-large", "email-privacy", "unsigned-commits", "protected-branch",
        "hook-declined", "rejected",
      ])
    for reason in ["protected branch hook declined", "push declined due to repository rule violations"] {
      #expect(PushRejection(reason: reason, errorText: "").kind == .protectedBranch)
    }
    #expect(
      PushRejection(reason: "push declined due to email privacy restrictions", errorText: "").kind
        == .emailPrivacy)
    #expect(PushRejection(reason: "unpacker error", errorText: "").kind == .other)
  }
}
