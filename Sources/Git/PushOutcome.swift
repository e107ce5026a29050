/// What became of a push.
///
/// Only `accepted` means that the branch has the commit; only `unknown` leaves it open.
public enum PushOutcome: Sendable, Equatable {
  /// The server's own status of the branch says so, whatever else it printed.
  case accepted
  /// The branch isn't where it was expected: git saw that before it sent anything. `reason` is git's.
  case stale(reason: String)
  /// The server refuses the commit: by a rule, or because another push was faster. Its words don't tell the two apart for
  /// certain; where the branch is now (``Repository/remoteTip()``) does.
  case rejected(PushRejection)
  /// The connection broke, or the time was over, after the commit may have been sent: it may have landed,
  /// and may land still.
  case unknown(GitError)
}

/// Reads what `git push --porcelain` prints: `<flag> TAB <from>:<to> TAB <summary> [(<reason>)]`
/// (https://git-scm.com/docs/git-push#_output).
struct PushReport {
  /// The flag: `!` for a refusal.
  let flag: Unicode.Scalar
  /// Such as `[remote rejected]`.
  let summary: String
  /// What is in parentheses.
  let reason: String

  /// The line of `reference`; nil if there is none, because nothing was answered.
  init?(_ output: String, reference: String) {
    for line in output.lines {
      let fields = line.parts(between: "\t")
      guard fields.count >= 3, let flag = fields[0].unicodeScalars.first ?? " ".unicodeScalars.first,
        fields[1].hasSuffix(":\(reference)")
      else { continue }
      self.flag = flag
      let words = fields[2...].joined(separator: "\t").parts(between: " (")
      summary = words[0]
      let rest = words.dropFirst().joined(separator: " (")
      reason = rest.hasSuffix(")") ? String(rest.dropLast()) : rest
      return
    }
    return nil
  }

  var isAccepted: Bool { [" ", "+", "*", "="].contains(flag) }

  /// The server took the commit, and never said what it did with it.
  var isUnanswered: Bool { summary == "[remote failure]" }

  /// Whether git itself found the branch elsewhere.
  var isStale: Bool {
    summary == "[rejected]"
      && [
        "stale info", "fetch first", "non-fast-forward", "needs force", "remote ref updated since checkout",
      ].contains(reason)
  }
}
