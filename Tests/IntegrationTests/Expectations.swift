import Foundation
import Postgres
import TestSupport
import Testing

/// Expects that both sides agree: another run of both executables changes no row, no base, no record and no commit.
func expectQuiet(_ world: World, sourceLocation: SourceLocation = #_sourceLocation) throws {
  func state() throws -> [String] {
    let rows = try world.sql(
      """
      SELECT (SELECT coalesce(string_agg(s::text, E'\\n' ORDER BY s.id), '') FROM "Skill" s) AS skills,
        (SELECT coalesce(string_agg(b::text, E'\\n' ORDER BY skill_id), '') FROM skill_sync.base b) AS base,
        (SELECT coalesce(string_agg(c::text, E'\\n' ORDER BY id), '') FROM skill_sync.conflict c) AS conflicts,
        (SELECT coalesce(string_agg(o::text, E'\\n' ORDER BY id), '') FROM skill_sync.outbox o) AS outbox,
        (SELECT count(*)::text FROM skill_sync.intent) AS intents
      """)[0]
    return try ["skills", "base", "conflicts", "outbox", "intents"].map { try rows.text($0) }
      + [try world.repository.references()]
  }
  let before = try state()
  let (imported, exported) = try world.sweep()
  #expect(imported.didNothing, "\(imported)", sourceLocation: sourceLocation)
  #expect(exported.didNothing, "\(exported)", sourceLocation: sourceLocation)
  #expect(try state() == before, sourceLocation: sourceLocation)
}

extension World {
  /// What the file says below its front matter.
  func body(_ path: String) throws -> String? { try repository.file(path).flatMap(World.parts)?.body }

  /// A file's front matter with its fences, and its body; nil where there is none.
  static func parts(of file: String) -> (head: String, body: String)? {
    file.range(of: "\n---\n").map { (String(file[..<$0.upperBound]), String(file[$0.upperBound...])) }
  }

  /// The value on the line of a key of the file's front matter.
  func value(_ key: String, in path: String) throws -> String? {
    try repository.file(path).flatMap { World.value(key, of: $0) }
  }

  /// The same of a file's text.
  static func value(_ key: String, of file: String) -> String? {
    file.split(separator: "\n").first { $0.hasPrefix("\(key): ") }.map { String($0.dropFirst(key.count + 2)) }
  }

  /// The open conflicts' skills.
  func openConflicts() throws -> [String] {
    try sql("SELECT skill_id FROM skill_sync.conflict WHERE resolved_at IS NULL ORDER BY 1").map {
      try $0.text("skill_id")
    }
  }

  /// All recorded conflicts: skill, decision, the row's text and the file's.
  func conflicts() throws -> [(skill: String, decision: String, row: String?, file: String?)] {
    try sql("SELECT skill_id, decision, row_text, file_text FROM skill_sync.conflict ORDER BY id").map {
      (
        try $0.text("skill_id"), try $0.text("decision"), try $0.optionalText("row_text"),
        try $0.optionalText("file_text")
      )
    }
  }

  /// A skill file as engineers write it.
  static func skillFile(id: String? = nil, title: String, body: String = "A body.\n", more: String = "")
    -> String
  {
    "---\n\(id.map { "id: \($0)\n" } ?? "")title: \(title)\n\(more)---\n\(body)"
  }

  /// A world whose row `id` and file agree.
  static func agreeing(_ id: String = "s1", title: String = "Alpha", content: String = "A body.\n") throws
    -> World
  {
    let world = try World()
    try world.create(id, title: title, content: content)
    _ = try world.export()
    return world
  }
}

extension LoopbackProxy {
  /// A proxy between `world`'s executables and its database.
  convenience init(beforeDatabaseOf world: World) throws {
    try self.init(before: "DATABASE_URL", of: world)
    world.environment["DATABASE_URL"]? += "?sslmode=disable"
  }

  /// A proxy between `world`'s executables and its git server.
  convenience init(beforeRepositoryOf world: World) throws { try self.init(before: "GITHUB_REPO", of: world) }

  private convenience init(before variable: String, of world: World) throws {
    let url = try #require(world.environment[variable])
    let port = try #require(url.split(separator: ":").last?.split(separator: "/").first.flatMap { Int($0) })
    try self.init(to: port)
    world.environment[variable] = url.replacing(":\(port)/", with: ":\(self.port)/")
  }
}

extension World {
  /// Ends the lease of whoever holds it, as if its time were over.
  func endLease() throws {
    try sql("UPDATE skill_sync.repository SET lease_holder = NULL, lease_until = NULL")
  }

  /// A person who has the row's present text in front of them changes a part of it.
  func rewrite(_ old: String, _ new: String) throws {
    try application(
      #"UPDATE "Skill" SET content = replace(content, $1, $2), "updatedAt" = timezone('utc', now()) WHERE id = 's1'"#,
      [.text(old), .text(new)])
  }

  /// An engineer who has the branch's present text in front of them changes a part of it; returns the commit.
  @discardableResult
  func push(_ old: String, _ new: String) throws -> String {
    var attempt = 1
    while true {
      do {
        return try repository.commit { try $0.edit("skills/alpha.md", old, new) }
      } catch  where attempt < 20 {
        // A push of ours may be under way: then theirs is refused, and they pull again.
        attempt += 1
        usleep(50_000)
      }
    }
  }
}

extension Program {
  /// Whether it was stopped by a signal.
  var isStopped: Bool {
    let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    return status.split(separator: ")").last?.split(separator: " ").first == "T"
  }
}
