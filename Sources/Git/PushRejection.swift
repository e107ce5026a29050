/// Why a server refused a commit.
///
/// Where it is a rule, trying again changes nothing.
public struct PushRejection: Sendable, Hashable, CustomStringConvertible {
  /// The rules that GitHub names.
  ///
  /// The raw values are for logs, metrics and alarms, and stay.
  public enum Kind: String, Sendable, CaseIterable {
    /// The content has something that looks like a secret.
    case pushProtection = "push-protection"
    /// A file is larger than the server takes.
    case fileTooLarge = "file-too-large"
    /// An address in the commit is private to the pusher's account.
    case emailPrivacy = "email-privacy"
    /// Commits must be signed.
    case unsignedCommits = "unsigned-commits"
    /// The branch takes changes by pull request, after checks, or from others only.
    case protectedBranch = "protected-branch"
    /// A hook of the server, which says no more than its words.
    case hookDeclined = "hook-declined"
    /// Anything else.
    case other = "rejected"

    /// What a person can do about it.
    public var suggestion: String {
      switch self {
      case .pushProtection: "remove the secret from the named skills, or allow it by the link in the message"
      case .fileTooLarge: "shorten the named skills"
      case .emailPrivacy: "use no-reply addresses for authors (AUTHOR_EMAILS=noreply)"
      case .unsignedCommits:
        "exempt the GitHub App, or the user whose token this is, from the rule that commits must be signed"
      case .protectedBranch:
        "let the GitHub App, or the user whose token this is, bypass the branch's protection, or choose another branch "
          + "(GITHUB_BRANCH)"
      case .hookDeclined, .other: "see the server's words"
      }
    }
  }

  /// The rule.
  public let kind: Kind
  /// git's reason, as `pre-receive hook declined`.
  public let reason: String
  /// The server's own words, without secrets, at most 4,000 characters.
  public let words: String
  /// The files that the server names as the cause, if any.
  public let paths: [String]

  /// Reads the rule from the reason and from what the server printed (`remote: …` on standard error).
  init(reason: String, errorText: String) {
    let lines = errorText.lines.filter { $0.hasPrefix("remote:") }
      .map { String($0.dropFirst("remote:".count)).trimmed }.filter { !$0.isEmpty }
    self.reason = String(reason.prefix(500))
    words = String(lines.joined(separator: "\n").prefix(4_000))
    paths = namedPaths(lines)
    kind = Self.kind(of: (lines + [reason]).joined(separator: "\n").lowercased())
  }

  /// What a person can do about it.
  public var suggestion: String { kind.suggestion }

  /// One line for a log.
  public var description: String { "\(kind.rawValue): \(reason)" }

  /// The first that fits: what names a file comes first, for that file can be set aside.
  private static func kind(of text: String) -> Kind {
    let sentences: [(Kind, [String])] = [
      (.pushProtection, ["push protection", "push cannot contain secrets"]),
      (.fileTooLarge, ["gh001", "file size limit", "large files detected", "exceeds maximum allowed size"]),
      (.emailPrivacy, ["gh007", "email privacy", "private email address"]),
      (.unsignedCommits, ["must have verified signatures", "commits must be signed"]),
      (
        .protectedBranch,
        [
          "gh003", "gh006", "gh013", "protected branch", "changes must be made through a pull request",
          "rule violations", "required status check", "deletion of the current branch",
        ]
      ),
      (.hookDeclined, ["hook declined"]),
    ]
    return sentences.first { $0.1.contains { text.contains($0) } }?.0 ?? .other
  }
}

/// `path: <file>:<line>[,<line>…]` of push protection, `File <file> is <n> MB` of the size limit.
private func namedPaths(_ lines: [String]) -> [String] {
  var paths: [String] = []
  for line in lines {
    var path: String?
    if line.hasPrefix("path: ") {
      let parts = String(line.dropFirst("path: ".count)).parts(between: ":")
      let numbers = parts.last?.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ",") } == true
      path = (parts.count > 1 && numbers ? parts.dropLast() : parts[...]).joined(separator: ":")
    } else if let range = line.parts(between: "File ").dropFirst().first, range.contains(" is ") {
      path = range.parts(between: " is ").dropLast().joined(separator: " is ")
    }
    if let path = path?.trimmed, !path.isEmpty, !paths.contains(path) { paths.append(path) }
  }
  return paths
}
