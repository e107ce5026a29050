/// What git, or the way to its server, refused to do.
///
/// `message` and `suggestion` never contain a token, a credential or the user part of a URL: safe to log.
public struct GitError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure it is; callers decide by it, never by the message.
  public enum Code: String, Sendable, CaseIterable {
    /// There is no executable `git` where it is looked for.
    case notInstalled = "git-not-installed"
    /// The server doesn't accept the token, or the token may not do this.
    case authentication = "git-authentication"
    /// The server has no such repository, or hides it from this token.
    case repositoryNotFound = "git-repository-not-found"
    /// The server could not be reached, or the connection broke.
    case network = "git-network"
    /// The time given for the work was over.
    case timeout = "git-timeout"
    /// The work directory's file system is full.
    case diskFull = "git-disk-full"
    /// The local copy is damaged. It is thrown away and cloned again.
    case corruptCache = "git-corrupt-cache"
    /// Neither the local copy nor the server has the object.
    case missingObject = "git-missing-object"
    /// The commit to be built on hasn't the file that was expected at a path.
    case unexpectedFile = "git-unexpected-file"
    /// A path that no repository may hold.
    case invalidPath = "git-invalid-path"
    /// A branch name that git doesn't allow.
    case invalidBranch = "git-invalid-branch"
    /// A URL of a kind that isn't served.
    case refusedURL = "git-refused-url"
    /// Anything else.
    case other = "git-error"
  }

  /// What kind of failure it is.
  public let code: Code
  /// git's subcommand, without its arguments; nil where none was run.
  public let command: String?
  /// What happened: git's or the server's own words where there are any, at most 2,000 characters.
  public let message: String
  /// What a person can do about it.
  public let suggestion: String?

  /// An error whose message is already free of secrets.
  init(_ code: Code, command: String? = nil, _ message: String, suggestion: String? = nil) {
    self.code = code
    self.command = command
    self.message = String(message.prefix(2_000))
    self.suggestion = suggestion ?? code.suggestion
  }

  /// One line for a log: the command, the message and the suggestion.
  public var description: String {
    let subject = command.map { "git \($0): " } ?? ""
    return subject + message + (suggestion.map { " (\($0))" } ?? "")
  }
}

extension GitError {
  /// Whether the local copy is, or may be, at fault: git has more words for damage than anybody could list.
  var isPerhapsDamage: Bool { code == .corruptCache || code == .other }

  /// Whether starting over may help, as the local copy was replaced or lacks what it had.
  public var mayBeCuredByStartingOver: Bool { isPerhapsDamage || code == .missingObject }
}

extension GitError.Code {
  /// What usually helps.
  var suggestion: String? {
    switch self {
    case .notInstalled:
      "install git; for a Lambda function, publish git-layer.zip as a layer and add it to the function"
    case .authentication: "check that the token is valid and may read and write the repository's contents"
    case .repositoryNotFound: "check the repository's owner and name, and that the token may see it"
    case .network: "it is tried again; if it persists, check the network, the proxy and the server"
    case .timeout: "give the function more time"
    case .diskFull: "give the function more temporary storage"
    case .corruptCache: "the local copy is cloned again by itself"
    case .missingObject, .unexpectedFile, .invalidPath, .invalidBranch, .refusedURL, .other: nil
    }
  }
}
