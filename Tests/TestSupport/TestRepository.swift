import Foundation

/// A bare repository on the git server, and an engineer's clone of it; both removed afterwards.
///
/// The engineer's git reaches the repository as a folder, so that the server's access log shows the sync's requests alone.
package final class TestRepository {
  /// Its name on the server, without `.git`.
  package let name: String
  private let bare: String
  private let clone: String
  private let branch = "main"

  /// A new repository without commits.
  ///
  /// - Parameter folder: where the engineer's clone goes.
  package init(in folder: String) throws {
    name = "test-\(randomName())"
    bare = "\(try Servers.repositories)/\(name).git"
    clone = "\(folder)/engineer"
    try git(["init", "--quiet", "--bare", "--initial-branch=main", bare], in: folder)
    for (key, value) in [
      ("http.receivepack", "true"), ("uploadpack.allowFilter", "true"),
      ("uploadpack.allowAnySHA1InWant", "true"),
    ] {
      try git(["config", key, value], in: bare)
    }
    try git(["init", "--quiet", "--initial-branch=main", clone], in: folder)
    try git(["remote", "add", "origin", bare], in: clone)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: bare)
    try? FileManager.default.removeItem(atPath: clone)
  }

  /// The branch's commit; nil before the first.
  package var tip: String? {
    get throws {
      let finished = try gitResult(["rev-parse", "--verify", "--quiet", "refs/heads/\(branch)"], in: bare)
      return finished.status == 0 ? finished.output.trimmingCharacters(in: .newlines) : nil
    }
  }

  /// The commits of the branch, the newest first: `git log` in `format`.
  package func log(_ format: String = "%s") throws -> [String] {
    guard try tip != nil else { return [] }
    return try git(["log", "-z", "--format=\(format)", branch], in: bare).split(separator: "\0").map {
      String($0)
    }
  }

  /// The text of the file at `path` in the branch's tip; nil if there is none.
  package func file(_ path: String) throws -> String? {
    let finished = try gitResult(["cat-file", "blob", "\(branch):\(path)"], in: bare)
    return finished.status == 0 ? finished.output : nil
  }

  /// The paths of all files at the tip.
  package var paths: [String] {
    get throws {
      guard try tip != nil else { return [] }
      return try git(["ls-tree", "-r", "-z", "--name-only", branch], in: bare).split(separator: "\0").map {
        String($0)
      }
    }
  }

  /// What the commit at the tip changed, as a unified diff without context.
  package func lastDiff() throws -> String {
    try git(["show", "--format=", "--unified=0", "--no-renames", branch], in: bare)
  }

  /// Makes `script` a hook of the bare repository, run by the shell.
  package func hook(_ name: String, _ script: String) throws {
    let path = "\(bare)/hooks/\(name)"
    try FileManager.default.createDirectory(atPath: "\(bare)/hooks", withIntermediateDirectories: true)
    try writeScript("#!/bin/sh\n\(script)\n", to: path)
  }

  /// All references and where they are.
  package func references() throws -> String { try gitResult(["show-ref"], in: bare).output }

  /// Adds commits by `git fast-import` to the bare repository; `stream` is in its format (git-fast-import(1)).
  package func fastImport(_ stream: String) throws {
    let finished = try gitResult(["fast-import", "--quiet"], in: bare, input: stream)
    guard finished.status == 0 else { throw TestSupportError("git fast-import: \(finished.errors)") }
  }

  /// Runs git in the bare repository and returns what it prints.
  @discardableResult
  package func onServer(_ arguments: String...) throws -> String { try git(arguments, in: bare) }

  /// Runs git in the engineer's clone and returns what it prints.
  @discardableResult
  package func engineer(_ arguments: String...) throws -> String { try git(arguments, in: clone) }

  /// Brings the engineer's clone to the branch's tip.
  package func pull() throws {
    guard try tip != nil else { return }
    try git(["fetch", "--quiet", "origin", branch], in: clone)
    try git(["reset", "--quiet", "--hard", "FETCH_HEAD"], in: clone)
  }

  /// Pulls, lets the engineer change files, commits and pushes them; returns the commit.
  ///
  /// - Parameter seconds: when it is committed, as seconds since the epoch; now if nil.
  @discardableResult
  package func commit(
    _ message: String = "an engineer's edit", at seconds: Int? = nil, _ change: (Worktree) throws -> Void
  ) throws -> String {
    try pull()
    try change(Worktree(folder: clone, repository: self))
    try git(["add", "--all"], in: clone)
    try git(["commit", "--quiet", "--message", message], in: clone, at: seconds)
    try git(["push", "--quiet", "origin", "HEAD:\(branch)"], in: clone)
    return try tip ?? ""
  }

  @discardableResult
  fileprivate func git(_ arguments: [String], in folder: String, at seconds: Int? = nil) throws -> String {
    let finished = try gitResult(arguments, in: folder, at: seconds)
    guard finished.status == 0 else {
      throw TestSupportError("git \(arguments.joined(separator: " ")): \(finished.errors)")
    }
    return finished.output
  }

  private func gitResult(
    _ arguments: [String], in folder: String, at seconds: Int? = nil, input: String = ""
  ) throws -> Finished {
    var environment = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C",
      "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Engineer",
      "GIT_AUTHOR_EMAIL": "engineer@example.com",
      "GIT_COMMITTER_NAME": "Engineer", "GIT_COMMITTER_EMAIL": "engineer@example.com",
    ]
    if let seconds {
      environment["GIT_AUTHOR_DATE"] = "@\(seconds) +0000"
      environment["GIT_COMMITTER_DATE"] = "@\(seconds) +0000"
    }
    let always = ["-C", folder, "-c", "safe.directory=*", "-c", "gc.auto=0", "-c", "core.quotePath=false"]
    return try Program(["git"] + always + arguments, environment: environment, input: input).wait()
  }
}

/// The files of the engineer's clone.
package struct Worktree {
  let folder: String
  let repository: TestRepository

  /// The text of a file.
  package func read(_ path: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
  }

  /// Writes a file, and the folders above it.
  package func write(_ path: String, _ text: String) throws {
    let file = URL(fileURLWithPath: "\(folder)/\(path)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// Replaces a text in a file that must have it.
  package func edit(_ path: String, _ old: String, _ new: String) throws {
    let text = try read(path)
    guard text.contains(old) else { throw TestSupportError("\(path) has no “\(old)”:\n\(text)") }
    try write(path, text.replacingOccurrences(of: old, with: new))
  }

  /// Lets a file be executed.
  package func makeExecutable(_ path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(path)")
  }

  /// Deletes a file.
  package func remove(_ path: String) throws {
    try FileManager.default.removeItem(atPath: "\(folder)/\(path)")
  }

  /// Makes a symbolic link.
  package func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(path)", withDestinationPath: target)
  }

  /// `git mv`.
  package func move(_ old: String, to new: String) throws {
    let parent = URL(fileURLWithPath: "\(folder)/\(new)").deletingLastPathComponent()
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    try repository.git(["mv", old, new], in: folder)
  }
}
