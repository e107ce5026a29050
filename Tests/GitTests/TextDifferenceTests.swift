import Foundation
import Testing

@testable import Git

@Suite struct TextDifferenceTests {
  private func with<Result>(_ body: (TextDifference) async throws -> Result) async throws -> Result {
    // A space and an accent: git quotes such names in what it prints.
    let folder = FileManager.default.temporaryDirectory.path + "/différence \(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let result = try await body(
      TextDifference(workDirectory: folder, git: try installation()) { .seconds(30) })
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    return result
  }

  @Test func oneDifferenceIsShownAsGitShowsIt() async throws {
    let lines = try await with {
      try await $0.lines(from: "a\nb\nc\n", to: "a\nB\nc\n", names: ("agreed", "row"))
    }
    #expect(lines == "--- agreed\n+++ row\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c")
    #expect(try await with { try await $0.lines(from: "a\n", to: "a\n", names: ("x", "y")) } == "")
  }

  @Test func theEditsOfManyPairsComeInTheirOrder() async throws {
    let pairs = [
      (old: "a\nb\nc\n", new: "a\nB\nB2\nc\n"), (old: "same\n", new: "same\n"), (old: "", new: "new\n"),
      (old: "gone\n", new: ""), (old: "1\n2\n3\n4\n", new: "0\n1\n2\n4\n"),
      (old: "--- x\n+++ y\n", new: "++ y\ndiff --git a/1 b/0\n@@ -1 +1 @@\n"), (old: "a\r\n", new: "b\r\n"),
    ]
    let edits = try await with { try await $0.edits(of: pairs) }
    #expect(edits[0] == [.init(range: 1..<2, lines: ["B", "B2"])])
    #expect(edits[1] == [])
    #expect(edits[2] == [.init(range: 0..<0, lines: ["new"])])
    #expect(edits[3] == [.init(range: 0..<1, lines: [])])
    #expect(edits[4] == [.init(range: 0..<0, lines: ["0"]), .init(range: 2..<3, lines: [])])
    #expect(edits[5] == [.init(range: 0..<2, lines: ["++ y", "diff --git a/1 b/0", "@@ -1 +1 @@"])])
    #expect(edits[6] == [.init(range: 0..<1, lines: ["b\r"])])
    #expect(try await with { try await $0.edits(of: []) } == [])
  }

  /// What the edits say, made to the old text, is the new one.
  @Test func theEditsMakeTheNewTextOfTheOld() async throws {
    var generator = SystemRandomNumberGenerator()
    func text() -> [String] {
      (0..<Int.random(in: 0...30, using: &generator)).map { _ in "\(Int.random(in: 0...9, using: &generator))"
      }
    }
    let texts = (0..<50).map { _ in (text(), text()) }
    func joined(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
    let edits = try await with { try await $0.edits(of: texts.map { (joined($0.0), joined($0.1)) }) }
    for ((old, new), edits) in zip(texts, edits) {
      var made = old
      for edit in edits.reversed() { made.replaceSubrange(edit.range, with: edit.lines) }
      #expect(made == new, "\(old) \(edits)")
    }
  }
}
