import SkillsCore
import Testing

/// What the page of decisions doesn't show: that texts are compared as the bytes that they are.
struct MergeTests {
  private let composed = "\u{E9}"
  private let decomposed = "e\u{301}"

  private func decide(
    base: SkillValues, row: SkillValues, file: SkillValues, path: String = "a.md", basePath: String = "a.md",
    blob: String = "new"
  ) async throws -> Decision {
    try await reconcile(
      base: Base(path: basePath, blob: "old", values: base), row: Row(values: row),
      file: File(path: path, blob: blob, values: file), policy: .merge, deletePolicy: .archive,
      rowIsNewer: false,
      mergeLines: { _, _, _, _ in throw WrongPage("nothing to merge line by line here") })
  }

  @Test func anAccentThatOneSideRewroteSurvivesTheOtherSidesEdit() async throws {
    let base = SkillValues(title: composed, body: composed, categories: [composed], tier: composed)
    let rewritten = SkillValues(
      title: decomposed, body: decomposed, categories: [decomposed], tier: decomposed)
    var (edited, merged) = (base, rewritten)
    edited.active = false
    merged.active = false
    #expect(try await decide(base: base, row: rewritten, file: edited).row == .write(merged))
    #expect(try await decide(base: base, row: edited, file: rewritten).row == .write(merged))
  }

  @Test func anAccentThatBothRewroteDifferentlyIsAnOverlap() async throws {
    let base = SkillValues(title: "e", body: "")
    let decision = try await decide(
      base: base, row: SkillValues(title: composed, body: ""), file: SkillValues(title: decomposed, body: ""))
    #expect(decision.record == .settled)
    #expect(decision.row == .write(SkillValues(title: decomposed, body: "")))
  }

  @Test func aFileThatWasRenamedToTheSameNameInAnotherFormHasMoved() async throws {
    let values = SkillValues(title: "T", body: "B")
    let decision = try await decide(
      base: values, row: values, file: values, path: "\(decomposed).md", basePath: "\(composed).md",
      blob: "old")
    #expect(decision == Decision(.sameChange, base: .asFound))
  }

  @Test func aSummaryIsAFieldOfItsOwn() async throws {
    func values(_ tier: String, _ summary: String) -> SkillValues {
      SkillValues(title: "T", body: "B", tier: tier, summary: summary)
    }
    let apart = try await decide(base: values("a", "s"), row: values("a", " t "), file: values("b", "s"))
    #expect(apart == Decision(.merge, row: .write(values("b", "t")), base: .asFound))
    let both = try await decide(base: values("a", "s"), row: values("a", "t"), file: values("a", "u"))
    #expect(both.record == .settled && both.row == .write(values("a", "u")))
  }

  @Test func aMergedBodyIsTrimmed() async throws {
    let decision = try await reconcile(
      base: Base(path: "a.md", blob: "old", values: SkillValues(title: "T", body: "1")),
      row: Row(values: SkillValues(title: "T", body: "2")),
      file: File(path: "a.md", blob: "new", values: SkillValues(title: "T", body: "3")), policy: .merge,
      deletePolicy: .archive, rowIsNewer: true,
      mergeLines: { _, _, _, _ in MergedText(text: "\n2\n3\n", overlaps: false) })
    #expect(decision.row == .write(SkillValues(title: "T", body: "2\n3")))
  }
}
