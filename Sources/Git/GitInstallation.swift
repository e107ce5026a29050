import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The git program that is run, and the few variables of our environment that it gets to see.
public struct GitInstallation: Sendable {
  let executable: String
  let environment: [String: String]

  /// What git and its transport read that is this machine's and not ours to decide.
  ///
  /// Anything else could change what git does (`GIT_DIR`, `GIT_SSH_COMMAND` …) or is none of its business
  /// (our own secrets).
  private static let inherited = [
    "TMPDIR", "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
  ]

  /// Under Lambda the layer's git, or one in `bin` beside the function; else the first executable `git` on the
  /// `PATH` of `environment`.
  ///
  /// - Throws: ``GitError`` with the code `notInstalled`.
  public static func find(in environment: [String: String]) throws -> GitInstallation {
    let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    // A layer is mounted at /opt (https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html).
    let own = environment["LAMBDA_TASK_ROOT"].map { ["/opt/bin", "\($0)/bin"] } ?? []
    for folder in own + path.parts(between: ":") where folder.hasPrefix("/") {
      guard access("\(folder)/git", X_OK) == 0 else { continue }
      var allowed = environment.filter { inherited.contains($0.key) }
      // Its own folder first: git starts its helpers as `git remote-https …`.
      allowed["PATH"] = "\(folder):\(path)"
      return GitInstallation(executable: "\(folder)/git", environment: allowed)
    }
    throw GitError(.notInstalled, "no executable git in \((own + [path.printable]).joined(separator: ":"))")
  }
}
