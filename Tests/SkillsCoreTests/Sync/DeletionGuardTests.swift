import SkillsCore
import Testing

@Suite struct DeletionGuardTests {
  private func held(
    _ deletions: Int, of skills: Int, placeIsGone: Bool = false, recorded: [String] = [],
    confirmation: String? = nil
  ) -> [String]? {
    DeletionGuard.held(
      .import, deletions: (0..<deletions).map { "s\($0)" }, of: skills, placeIsGone: placeIsGone,
      recorded: recorded.isEmpty ? nil : HeldDeletions(.import, skillIDs: recorded),
      confirmation: confirmation
    )?.skillIDs
  }

  @Test(arguments: [
    (0, 0, false), (1, 1, false), (10, 10, false), (11, 11, true), (11, 21, true), (11, 22, false),
    (11, 23, false), (50, 100, false), (51, 100, true), (10, 12, false),
  ])
  func moreThanTenAndMoreThanHalfAreHeld(deletions: Int, skills: Int, areHeld: Bool) {
    #expect(held(deletions, of: skills)?.count == (areHeld ? deletions : nil))
  }

  @Test func withTheFolderGoneAnyNumberIsHeldButThatOfASingleSkill() {
    #expect(held(2, of: 2, placeIsGone: true) == ["s0", "s1"])
    #expect(held(1, of: 3, placeIsGone: true) == ["s0"])
    #expect(held(1, of: 1, placeIsGone: true) == nil)
    #expect(held(0, of: 5, placeIsGone: true) == nil)
  }

  @Test func whatWasHeldStaysHeldThoughFewAreLeft() {
    #expect(held(2, of: 20, recorded: ["s0", "s7"]) == ["s0"])
    #expect(held(2, of: 20, recorded: ["s7"]) == nil)
  }

  @Test func aConfirmationLetsJustItsSetThrough() {
    let all = HeldDeletions(.import, skillIDs: (0..<12).map { "s\($0)" })
    #expect(held(12, of: 20, confirmation: all.digest) == nil)
    #expect(held(13, of: 20, confirmation: all.digest)?.count == 13)
    let part = HeldDeletions(.import, skillIDs: ["s0"])
    #expect(held(2, of: 20, recorded: ["s0"], confirmation: part.digest) == nil)
  }

  @Test func theDigestIsThatOfTheSetAndTheWay() {
    let set = HeldDeletions(.import, skillIDs: ["b", "a"])
    #expect(set.digest == HeldDeletions(.import, skillIDs: ["a", "b"]).digest)
    #expect(set.digest != HeldDeletions(.import, skillIDs: ["a", "b", "c"]).digest)
    #expect(set.digest != HeldDeletions(.export, skillIDs: ["a", "b"]).digest)
    // printf 'import\na\nb' | sha256sum | cut -c 1-12
    #expect(set.digest == "20deb0cac58e")
  }
}
