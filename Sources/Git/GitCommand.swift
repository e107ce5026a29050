/// One call of git: the subcommand, what it works on, and whether it may reach the server.
struct GitCommand: Sendable {
  let name: String
  let arguments: [String]
  /// The bare repository; nil for a command that needs none.
  var repository: String?
  /// Given only to a command that talks to the server: no other learns the token.
  var remote: Remote?
  /// Whether objects that a filter left out may be missing, and be fetched when git needs one.
  var isPartialFetch = false
  /// The index (https://git-scm.com/docs/index-format) that it reads and writes.
  var indexFile: String?
  /// Further configuration of this call alone.
  var configuration: [(key: String, value: String)] = []

  init(_ name: String, _ arguments: [String], repository: String? = nil, remote: Remote? = nil) {
    self.name = name
    self.arguments = arguments
    self.repository = repository
    self.remote = remote
  }
}

extension GitCommand {
  /// The whole environment of the process: nothing is inherited but what the installation allows.
  ///
  /// Configuration goes by GIT_CONFIG_COUNT (https://git-scm.com/docs/git-config#ENVIRONMENT): what is in
  /// the environment is in no argument list, and in no file.
  func environment(of installation: GitInstallation, workDirectory: String) -> [String: String] {
    var environment = installation.environment
    environment["HOME"] = workDirectory
    environment["LC_ALL"] = "C"
    environment["GIT_TERMINAL_PROMPT"] = "0"
    environment["GIT_CONFIG_NOSYSTEM"] = "1"
    environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
    environment["GIT_LITERAL_PATHSPECS"] = "1"
    if let repository {
      environment["GIT_DIR"] = repository
    } else {
      environment["GIT_CEILING_DIRECTORIES"] = workDirectory
    }
    environment["GIT_INDEX_FILE"] = indexFile
    if let file = remote?.certificateAuthorityFile { environment["GIT_SSL_CAINFO"] = file }
    let settings = Self.always + (remote.map(reaching) ?? [("protocol.allow", "never")]) + configuration
    environment["GIT_CONFIG_COUNT"] = String(settings.count)
    for (position, setting) in settings.enumerated() {
      environment["GIT_CONFIG_KEY_\(position)"] = setting.0
      environment["GIT_CONFIG_VALUE_\(position)"] = setting.1
    }
    return environment
  }

  private static let always: [(String, String)] = [
    // A mounted folder's owner is seldom us.
    ("safe.directory", "*"),
    // Never in the background, never in the time of an invocation: the cache is cloned again instead.
    ("gc.auto", "0"), ("maintenance.auto", "false"),
    // The copy may be lost with the machine.
    ("core.fsync", "none"),
    // What git maps of large packs counts as its memory.
    ("core.packedGitWindowSize", "1m"), ("core.packedGitLimit", "16m"),
    ("core.hooksPath", "/dev/null"),
    ("credential.helper", ""), ("core.askPass", ""),
  ]

  private func reaching(_ remote: Remote) -> [(String, String)] {
    var settings = [
      ("remote.origin.url", remote.url),
      ("protocol.allow", "never"), ("protocol.\(remote.transport).allow", "always"),
      // A redirect would take the credential to another place.
      ("http.followRedirects", "false"),
      // Whatever the copy's own configuration says: by the whole URL, or a more precise setting would win.
      ("http.\(remote.url).sslVerify", "true"),
      // A server that says nothing for a minute won't any more: git's own servers send a sign of life every five seconds.
      ("http.lowSpeedLimit", "1"), ("http.lowSpeedTime", "60"),
    ]
    if let token = remote.token, remote.transport != "file" {
      settings.append(
        ("http.\(remote.url).extraHeader", "Authorization: Basic \(basicCredential(token))"))
    }
    if isPartialFetch {
      // Only here, never in the repository's own file: where git doesn't know that objects may be
      // missing, it can't fetch them one by one, and a push doesn't ask for the old text of what it
      // changes (two requests less).
      settings += [
        ("remote.origin.promisor", "true"), ("remote.origin.partialclonefilter", "blob:none"),
      ]
    }
    return settings
  }
}
