import Foundation
import Testing

@testable import Git

@Suite struct LineMergeTests {
  private func merge(
    _ base: String, _ ours: String, _ theirs: String, favor: LineMerge.Side = .ours
  ) async throws -> LineMerge.Result {
    let folder = FileManager.default.temporaryDirectory.path + "/merge-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let merge = LineMerge(workDirectory: folder, git: try installation()) { .seconds(30) }
    let result = try await merge.mergeLines(base: base, ours: ours, theirs: theirs, favor: favor)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    try FileManager.default.removeItem(atPath: folder)
    return result
  }

  @Test func changesOfDifferentLinesMerge() async throws {
    let result = try await merge("1\n2\n3\n4\n5\n", "one\n2\n3\n4\n5\n", "1\n2\n3\n4\nfive\n")
    #expect(result == .init(text: "one\n2\n3\n4\nfive\n", overlaps: false))
  }

  @Test(arguments: [LineMerge.Side.ours, .theirs])
  func whereTheyOverlapTheFavouredSideWinsAndTheRestMerges(side: LineMerge.Side) async throws {
    let result = try await merge("1\n2\n3\n4\n5\n", "one\n2\n3\n4\n5\n", "uno\n2\n3\n4\nfive\n", favor: side)
    #expect(result == .init(text: "\(side == .ours ? "one" : "uno")\n2\n3\n4\nfive\n", overlaps: true))
  }

  @Test func theSameChangeOnBothSidesIsNoOverlap() async throws {
    #expect(try await merge("a\n", "b\n", "b\n") == .init(text: "b\n", overlaps: false))
  }

  @Test func lineEndsAndTheLastLineStayAsTheyAre() async throws {
    let result = try await merge("1\r\n2\r\n3\r\n4", "one\r\n2\r\n3\r\n4", "1\r\n2\r\n3\r\n4!")
    #expect(result == .init(text: "one\r\n2\r\n3\r\n4!", overlaps: false))
    #expect(try await merge("", "", "new") == .init(text: "new", overlaps: false))
  }

  @Test func manyOverlapsAreOverlaps() async throws {
    func text(_ mark: String) -> String {
      (0..<400).map { "\($0 % 3 == 0 ? mark : "same") \($0)\n" }.joined()
    }
    let result = try await merge(text("base"), text("ours"), text("theirs"), favor: .theirs)
    #expect(result == .init(text: text("theirs"), overlaps: true))
  }

  @Test func markersAndOptionsInTextsAreText() async throws {
    let markers = "<<<<<<< ours\n=======\n>>>>>>> theirs\n"
    let result = try await merge("a\nb\nc\n", "\(markers)a\nb\nc\n", "a\nb\nc\n--theirs\n")
    #expect(result == .init(text: "\(markers)a\nb\nc\n--theirs\n", overlaps: false))
  }

  @Test func aTextWithAZeroByteGoesWhole() async throws {
    #expect(try await merge("a\n", "b\0\n", "c\n", favor: .theirs) == .init(text: "c\n", overlaps: true))
  }
}
