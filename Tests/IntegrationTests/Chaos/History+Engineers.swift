import Foundation
import Postgres
import TestSupport

/// What people do in git.
extension History {
  /// Changes the branch by a commit, unless somebody was faster or nothing changes.
  ///
  /// - Parameters:
  ///   - change: given the paths of all skills; returns nil where there is nothing to do.
  ///   - landed: what to remember once it is on the branch.
  private func commit<Change>(
    _ what: String, _ change: (Worktree, [String]) throws -> Change?, landed: (Change) -> Void = { _ in }
  ) throws {
    let paths = try skillPaths()
    guard !paths.isEmpty else { return }
    var made: Change?
    do {
      try world.repository.commit(what) {
        made = try change($0, paths)
        if made == nil { throw NothingToDo() }
      }
    } catch is NothingToDo {
      return
    } catch let error as TestSupportError {
      log.append("git: \(what) came to nothing: \(error.description.prefix(120))")
      return
    }
    log.append("git: \(what)")
    if let made { landed(made) }
  }

  private struct NothingToDo: Error {}

  func skillPaths() throws -> [String] { try world.repository.paths.filter { $0.hasPrefix("skills/") } }

  /// The skill of a file, unless another file says the same: then whose text counts is for a person to say.
  private func onlySkill(of file: String, at path: String, among paths: [String], in files: Worktree) throws
    -> String?
  {
    guard let id = World.value("id", of: file) else { return try recordedSkill(at: path) }
    return try paths.filter { World.value("id", of: try files.read($0)) == id }.count == 1 ? id : nil
  }

  /// The skill of a file that says no id: the one that it was paired with; nil for a new one.
  private func recordedSkill(at path: String) throws -> String? {
    try world.sql("SELECT skill_id FROM skill_sync.base WHERE path = $1 AND state = 'present'", [.text(path)])
      .first?.text("skill_id")
  }

  /// The skills that a file without an id may belong to though its path says nothing: those whose own file moved.
  private func skillsOfMovedFiles(_ paths: [String]) throws -> [String] {
    try world.sql(
      "SELECT skill_id FROM skill_sync.base WHERE state = 'present' AND path <> ALL ($1::text[])",
      [.textArray(paths)]
    ).map { try $0.text("skill_id") }
  }

  func push() throws {
    try commit("edit") { files, paths -> (String?, String, String, [String])? in
      guard let path = pick(paths) else { return nil }
      let text = try files.read(path)
      guard let (head, body) = World.parts(of: text) else { return nil }
      let new = edited(body)
      try files.write(path, head + new)
      log.append("push \(path): \(new.debugDescription)")
      let skill = try onlySkill(of: text, at: path, among: paths, in: files)
      return (skill, body, new, skill == nil ? try skillsOfMovedFiles(paths) : [])
    } landed: {
      account.edited($0.0, on: .file, from: $0.1, to: $0.2)
      for skill in $0.3 { account.leaveOpen(skill) }
    }
  }

  func move() throws {
    try commit("move") { files, paths -> Void? in
      guard let path = pick(paths) else { return nil }
      let new = "skills/folder\(Int.random(in: 1...3, using: &random))/\(account.newWord()).md"
      try files.move(path, to: new)
      return log.append("move \(path) to \(new)")
    }
  }

  func renameFolder() throws {
    let new = "skills/folder-\(account.newWord())"
    try commit("rename a folder to \(new)") { files, paths -> Void? in
      guard let path = pick(paths) else { return nil }
      let folder = String(path[...(path.lastIndex(of: "/") ?? path.startIndex)])
      for path in paths where path.hasPrefix(folder) && !path.dropFirst(folder.count).contains("/") {
        try files.move(path, to: "\(new)/\(path.dropFirst(folder.count))")
      }
      return ()
    }
  }

  func swapTitlesOfFiles() throws {
    try commit("swap titles") { files, paths -> [String]? in
      let two = Array(paths.shuffled(using: &random).prefix(2))
      let texts = try two.map { try files.read($0) }
      let titles = texts.compactMap { World.value("title", of: $0) }
      guard titles.count == 2 else { return nil }
      for (place, path) in two.enumerated() {
        try files.write(path, Self.withTitle(titles[1 - place], texts[place]))
      }
      log.append("of \(two)")
      return try zip(two, texts).compactMap { try World.value("id", of: $1) ?? recordedSkill(at: $0) }
    } landed: {
      for skill in $0 { retitled(skill, on: .file) }
    }
  }

  /// Copies a file; as often as not forgets to take out the id.
  func copyFile() throws {
    let name = account.newWord()
    let keepsID = Bool.random(using: &random)
    try commit("copy to \(name).md, \(keepsID ? "with its id" : "as another skill")") {
      files, paths -> String?? in
      guard let path = pick(paths) else { return nil }
      var text = try files.read(path)
      let skill = World.value("id", of: text)
      if !keepsID { text = Self.asAnotherSkill(text, title: "Copy \(name)") }
      try files.write("skills/\(name).md", text)
      return .some(keepsID ? skill : nil)
    } landed: {
      if let skill = $0 { account.leaveOpen(skill) }
    }
  }

  /// A file's text without its id and with another title.
  static func asAnotherSkill(_ text: String, title: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return withTitle(title, lines.filter { !$0.hasPrefix("id: ") }.joined(separator: "\n"))
  }

  func createFile() throws {
    let (name, body) = (account.newWord(), "\(account.newWord())\n\n")
    try commit("create \(name).md") { files, _ -> Void? in
      try files.write("skills/\(name).md", World.skillFile(title: "File \(name)", body: body))
    } landed: {
      account.edited(nil, on: .file, from: "", to: body)
    }
  }

  func deleteFile() throws {
    guard Bool.random(using: &random) else { return }
    try commit("delete") { files, paths -> (String?, String)? in
      guard let path = pick(paths) else { return nil }
      let text = try files.read(path)
      try files.remove(path)
      log.append("delete \(path)")
      return (try World.value("id", of: text) ?? recordedSkill(at: path), text)
    } landed: {
      account.deleted($0.0, text: $0.1)
    }
  }

  /// Takes the branch back by a commit: who does it has seen what goes.
  func rewind() throws {
    guard try world.repository.log().count > 2, let tip = try world.repository.tip else { return }
    let (before, after) = (try texts(of: tip), try texts(of: "\(tip)~1"))
    guard (try? world.repository.onServer("update-ref", "refs/heads/main", "\(tip)~1", tip)) != nil else {
      return
    }
    for (file, old) in before {
      retitled(file.skill, on: .file)
      if let new = after[file] {
        if new != old { account.edited(file.skill, on: .file, from: old, to: new) }
      } else {
        account.deleted(file.skill, text: old)
      }
    }
    for file in after.keys where before[file] == nil { file.skill.map { account.leaveOpen($0) } }
    log.append("rewind by one commit")
  }

  /// A file as its skill, or as its path where it says none.
  private struct Subject: Hashable {
    var skill: String?
    var path: String?
  }

  /// The bodies in a commit; of files that say the same skill they stand together.
  private func texts(of commit: String) throws -> [Subject: String] {
    var texts: [Subject: String] = [:]
    let paths = try world.repository.onServer("ls-tree", "-r", "-z", "--name-only", commit)
    for path in paths.split(separator: "\0") {
      let file = try world.repository.onServer("cat-file", "blob", "\(commit):\(path)")
      guard let (_, body) = World.parts(of: file) else { continue }
      let skill = try World.value("id", of: file) ?? recordedSkill(at: String(path))
      texts[Subject(skill: skill, path: skill == nil ? String(path) : nil), default: ""] += body
    }
    return texts
  }
}
