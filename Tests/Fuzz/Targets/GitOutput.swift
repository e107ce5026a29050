@testable import Git

extension Target {
  /// What git and a server print about a push, and in errors.
  static let gitOutput = Target(
    name: "git-output",
    seeds: {
      [
        "To https://example.com/r.git\n!\tabc:refs/heads/main\t[remote rejected] (pre-receive hook declined)\nDone\n",
        " \tabc:refs/heads/main\t1111111..2222222\nDone\n",
        "!\tabc:refs/heads/main\t[rejected] (stale info)\n",
        "remote: error: GH013: Repository rule violations found for refs/heads/main.\n"
          + "remote: - Push cannot contain secrets\nremote:   path: skills/a b.md:12,14\n",
        "remote: error: File skills/a.md is 120.00 MB; this exceeds GitHub's file size limit of 100.00 MB\n",
        "fatal: unable to access 'https://x:token-of-ours@example.com/r.git/': Could not resolve host\n",
        "error: RPC failed; HTTP 403 curl 22 The requested URL returned error: 403\n",
      ].map { Array($0.utf8) }
    },
    words: [
      "\t", "\n", "\r\n", ":refs/heads/main", " (", ")", "!", "remote: ", "path: ", "File ", " is ", "://",
      "@",
      "token-of-ours", "[remote failure]", "[remote rejected]", "fetch first", "non-fast-forward", "GH006",
      "GH007",
      "hook declined", "no space left on device", "authentication failed", "not our ref", "is corrupt",
      "bad object",
    ]
  ) { bytes in
    let output = String(decoding: bytes, as: UTF8.self)
    if let report = PushReport(output, reference: "refs/heads/main") {
      expect(!report.isAccepted || report.flag != "!", "accepted with the flag of a refusal")
      _ = (report.isStale, report.isUnanswered)
    }
    let rejection = PushRejection(reason: output, errorText: output)
    expect(rejection.words.count <= 4_000 && rejection.reason.count <= 500, "a rejection of any length")
    expect(!rejection.paths.contains(""), "a path without a name")
    let diagnosis = Diagnosis(output)
    _ = (diagnosis.code, diagnosis.failedBeforeSending, diagnosis.wasRefusedByStatus)
    let redacted = Redaction(token: Secret("token-of-ours"))(output)
    expect(!redacted.contains("token-of-ours"), "the token is still there: \(redacted)")
  }

  /// What `git ls-tree -z` prints, in two pieces: the same entries as in one.
  static let treeListing = Target(
    name: "tree-listing",
    seeds: {
      let id = String(repeating: "0123456789", count: 4)
      return [
        "100644 blob \(id)\tskills/a.md\0100755 blob \(id)\tskills/ö.md\0",
        "120000 blob \(id)\tlink\0160000 commit \(id)\tsub\0", "040000 tree \(id)\tskills\0",
      ].map { Array($0.utf8) }
    },
    words: ["100644 blob ", "160000 commit ", "\t", "\0", " "]
  ) { bytes in
    func entries(_ pieces: [ArraySlice<UInt8>]) -> [TreeEntry]? {
      var listing = TreeListing()
      do {
        for piece in pieces { try listing.append(Array(piece)) }
        return listing.entries
      } catch {
        return nil
      }
    }
    let middle = bytes.count / 2
    let whole = entries([bytes[...]])
    expect(entries([bytes[..<middle], bytes[middle...]]) == whole, "in two pieces it is another listing")
    if let whole { expect(whole.count == bytes.count { $0 == 0 }, "not one entry for each NUL") }
  }
}
