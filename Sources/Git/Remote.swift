/// A branch of a repository on a server, and what it takes to be let in.
public struct Remote: Sendable {
  /// Where the repository is; has neither user nor password.
  public let url: String
  /// The branch, without `refs/heads/`.
  public let branch: String
  /// A personal access token or a GitHub App's installation token.
  public var token: Secret?
  /// The file of certificate authorities to trust (PEM); git's own if nil.
  public let certificateAuthorityFile: String?

  /// The branch at `location`, which is an https URL, `owner/name` on the server at `gitHubURL`, an http URL of this
  /// very machine, or, where `allowLocal` says so, a `file://` URL or an absolute path.
  ///
  /// - Throws: ``GitError`` with the code `refusedURL` or `invalidBranch`.
  public init(
    _ location: String,
    branch: String,
    gitHubURL: String = "https://github.com",
    token: Secret? = nil,
    certificateAuthorityFile: String? = nil,
    allowLocal: Bool = false
  ) throws {
    url = try remoteURL(location, gitHubURL: gitHubURL, allowLocal: allowLocal)
    guard isBranchName(branch) else {
      throw GitError(
        .invalidBranch, "\"\(branch.printable)\" is not a branch name",
        suggestion: "see https://git-scm.com/docs/git-check-ref-format")
    }
    self.branch = branch
    self.token = token
    self.certificateAuthorityFile = certificateAuthorityFile
  }

  /// The branch's full name.
  var reference: String { "refs/heads/\(branch)" }

  /// The one transport that git may use for it; everything else is switched off.
  var transport: String {
    if url.hasPrefix("https://") { return "https" }
    return url.hasPrefix("http://") ? "http" : "file"
  }
}

private func remoteURL(_ location: String, gitHubURL: String, allowLocal: Bool) throws -> String {
  func refused(_ reason: String) -> GitError {
    GitError(
      .refusedURL, "\"\(Redaction(token: nil)(location.printable))\" \(reason)",
      suggestion: "give https://HOST/OWNER/NAME.git, or OWNER/NAME for a repository on GitHub")
  }
  // Each would mean something to git's configuration, to a URL or to a terminal.
  guard location.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !"\"\\?#".utf8.contains($0) }) else {
    throw refused("has a character that no repository's URL has")
  }
  if location.hasPrefix("https://") {
    guard !authority(of: location).contains("@") else {
      throw refused("has a user or password: a token is given by itself")
    }
    guard !authority(of: location).isEmpty else { throw refused("has no host") }
    return location
  }
  if location.hasPrefix("http://") {
    guard isLoopback(authority(of: location)) else { throw refused("would send the token unencrypted") }
    return location
  }
  if location.hasPrefix("file:///") || location.hasPrefix("/") {
    guard allowLocal else { throw refused("is a local repository") }
    return location
  }
  let parts = location.split(separator: "/", omittingEmptySubsequences: false)
  guard parts.count == 2, parts.allSatisfy(isGitHubName) else {
    throw refused("is not a URL of a kind served")
  }
  return "\(gitHubURL)/\(parts[0])/\(parts[1].hasSuffix(".git") ? parts[1].dropLast(4) : parts[1]).git"
}

private func authority(of url: String) -> Substring {
  guard let colon = url.firstIndex(of: ":") else { return "" }
  return url[colon...].dropFirst(3).prefix { $0 != "/" }
}

/// Only numbers and `localhost`: another name could resolve to anything.
private func isLoopback(_ authority: Substring) -> Bool {
  let host =
    authority.hasPrefix("[")
    ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
  guard authority.dropFirst(host.count).drop(while: { $0 == ":" }).allSatisfy(\.isNumber) else {
    return false
  }
  return host == "127.0.0.1" || host == "localhost" || host == "[::1]"
}

private func isGitHubName(_ name: Substring) -> Bool {
  !name.isEmpty && name != "." && name != ".." && !name.hasPrefix("-")
    && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
}

/// Whether git takes `name` for a branch: its rules for what follows `refs/heads/`.
///
/// https://git-scm.com/docs/git-check-ref-format
public func isBranchName(_ name: String) -> Bool {
  let forbidden = name.unicodeScalars.contains {
    $0.value <= 32 || $0.value == 127 || "~^:?*[\\".unicodeScalars.contains($0)
  }
  if forbidden || name.isEmpty || name == "@" || name.hasPrefix("-") || name.hasSuffix(".") { return false }
  // A whole reference where a branch is wanted would be another branch of an odd name.
  if name.hasPrefix("refs/") || name.utf8.count > 200 { return false }
  if name.contains("..") || name.contains("@{") { return false }
  return name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
    !$0.isEmpty && !$0.hasPrefix(".") && !$0.hasSuffix(".lock")
  }
}
