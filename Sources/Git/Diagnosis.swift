/// Tells from what git wrote to its standard error (in the C locale) what went wrong.
///
/// git has no machine-readable errors: its exit status is 128 for nearly all of them. The sentences are
/// pinned by the tests that make each one happen.
struct Diagnosis {
  /// Lines of git itself, lower case; the server's (`remote: …`) tell nothing about our side.
  private let own: String
  private let all: String

  init(_ errorText: String) {
    all = errorText.lowercased()
    own = all.lines.filter { !$0.hasPrefix("remote:") }.joined(separator: "\n")
  }

  var code: GitError.Code {
    if says(Self.diskFull) { return .diskFull }
    if says(Self.authentication) || all.contains("remote: permission to ")
      || all.contains("remote: invalid username or")
    {
      return .authentication
    }
    if says(Self.repositoryNotFound) { return .repositoryNotFound }
    if says(Self.notServed) { return .missingObject }
    if says(Self.damage) { return .corruptCache }
    if says(Self.network) { return .network }
    if says(Self.missing) { return .missingObject }
    return .other
  }

  /// Whether the connection failed while the server's references were asked for, before anything was sent.
  ///
  /// git says `unable to access` only there (remote-curl.c); a request that fails later is `RPC failed`.
  var failedBeforeSending: Bool { own.contains("unable to access '") }

  /// Whether the server answered the sent request itself with a refusal: it did nothing.
  var wasRefusedByStatus: Bool {
    ["rpc failed; http 401", "rpc failed; http 403", "rpc failed; http 404", "rpc failed; http 413"]
      .contains { own.contains($0) }
  }

  /// Whether git itself says that it wasn't let in, and not only a `remote:` line, which a hook may have written.
  var gitWasNotLetIn: Bool { says(Self.authentication) }

  private func says(_ sentences: [String]) -> Bool {
    sentences.contains { own.contains($0) }
  }

  private static let diskFull = ["no space left on device", "out of diskspace", "disk quota exceeded"]

  private static let authentication = [
    "authentication failed", "could not read username", "could not read password",
    "returned error: 401", "returned error: 403", "rpc failed; http 401", "rpc failed; http 403",
    "write access to repository not granted",
  ]

  // 301, 302, 307, 308: redirects aren't followed, for they would take the credential along. GitHub
  // redirects a repository that was renamed.
  private static let repositoryNotFound = [
    "repository not found", "' not found", "returned error: 404", "returned error: 410",
    "returned error: 301", "returned error: 302", "returned error: 307", "returned error: 308",
    "does not appear to be a git repository", "rpc failed; http 404",
  ]

  private static let notServed = ["not our ref", "does not allow request for unadvertised object"]

  private static let damage = [
    "is corrupt", "inflate: ", "does not match index", "unable to unpack", "is empty", "is truncated",
    "not a git repository", "failed to read delta base", "hash mismatch", "packfile", "index file",
    "bad config", "bad object header", "invalid object type", "garbage at end", "unknown object type",
    "failed to read object", "cannot read existing object", "unable to read tree", "bad tree",
    "bad shallow line", "bad boolean config", "bad numeric config", "not a valid commit: ",
    "invalid sha1 pointer", "unable to resolve reference", "unresolved delta", "non-monotonic index",
  ]

  private static let network = [
    "unable to access", "rpc failed", "hung up unexpectedly", "unexpected disconnect", "early eof",
    "could not resolve", "failed to connect", "connection refused", "connection reset", "timed out",
    "expected flush", "invalid server response", "fetch-pack: invalid index-pack output",
    "transport 'http", "error processing", "protocol error", "bad band", "broken pipe",
    "the requested url returned error",
  ]

  private static let missing = [
    "not a valid object name", "not a tree object", "bad object", "not a valid commit name",
    "could not fetch", "could not parse object", "unknown revision", "does not point to a valid object",
  ]
}
