import SkillsCore
import Testing

/// What GitHub is told of an import, and when.
@Suite struct CommitStatusTests {
  private typealias File = (path: String, message: String)

  private func status(
    _ changed: [(what: String, count: Int)] = [], setAside: [(path: String, message: String)] = [],
    held: Int = 0
  ) -> CommitStatus {
    CommitStatus(changed: changed, setAside: setAside, held: held)
  }

  @Test(arguments: [
    ([("updated", 3), ("created", 1)], "3 skills updated, 1 created"),
    ([("updated", 0), ("created", 1), ("renamed", 2), ("archived", 0)], "1 skill created, 2 renamed"),
    ([("updated", 0), ("in conflict", 2)], "2 skills in conflict"),
    ([("updated", 0)], "no skill changed"), ([], "no skill changed"),
  ])
  func aSuccessCountsWhatHappened(changed: [(String, Int)], text: String) {
    #expect(status(changed.map { (what: $0.0, count: $0.1) }) == CommitStatus(state: .success, text: text))
  }

  @Test func aFailureNamesTheFirstFileItsMessageAndHowManyMore() {
    let bad: File = ("skills/b.md", "line 4: the key `title` is already set on line 3")
    #expect(
      status([("updated", 3)], setAside: [bad])
        == CommitStatus(
          state: .failure, text: "skills/b.md: line 4: the key `title` is already set on line 3"))
    let others: [File] = [("skills/c.md", "x"), ("skills/a.md", "no title"), bad]
    #expect(status(setAside: others).text == "skills/a.md: no title (and 2 more)")
  }

  @Test func whatWasSetAsideBeforeIsNotTheCommitsFault() {
    #expect(
      CommitStatus(changed: [("updated", 1)], setAside: [], setAsideBefore: 2, held: 0)
        == CommitStatus(state: .success, text: "1 skill updated; 2 older files are still set aside"))
  }

  @Test func deletionsThatWaitAreAFailureThatSaysWhatToDo() {
    #expect(
      status([("updated", 1)], held: 12)
        == CommitStatus(
          state: .failure, text: "12 deletions wait for somebody to confirm: skills-to-git status"))
    #expect(status(held: 1).text.hasPrefix("1 deletion waits"))
    #expect(status(setAside: [("a.md", "x")], held: 12).text == "a.md: x")
  }

  @Test func aTextIsOneLineOfAtMost140CharactersThatAreWhole() {
    let long = status(setAside: [("skills/a.md", String(repeating: "é", count: 200))]).text
    #expect(long.count == 140)
    #expect(long.hasSuffix("éé…"))
    let fits = status(setAside: [("a.md", String(repeating: "e", count: 134))]).text
    #expect(fits.count == 140 && !fits.hasSuffix("…"))
    // A family is one character of eleven code units, which isn't cut.
    let families = status(
      setAside: [("a.md", String(repeating: "👨‍👩‍👧‍👦", count: 30)), ("b.md", "x")]
    ).text
    #expect(families == "a.md: " + String(repeating: "👨‍👩‍👧‍👦", count: 10) + "… (and 1 more)")
    #expect(families.utf16.count <= 140)
    let lines = status(setAside: [("a\u{1B}[31m.md", "ERROR: no\r\n  DETAIL: yes\u{0}\u{2028}end")]).text
    #expect(lines == "a [31m.md: ERROR: no DETAIL: yes end")
  }

  @Test func ofALongPathTheEndIsKeptAndThereIsRoomForTheMessage() {
    let folder = String(repeating: "folder/", count: 40)
    let text = status(setAside: [(folder + "name.md", "line 4: no title")]).text
    #expect(text.hasPrefix("…") && text.hasSuffix("folder/name.md: line 4: no title"), "\(text)")
    #expect(text.count <= 140)
  }

  // MARK: When

  private let success = CommitStatus(state: .success, text: "1 skill updated")
  private let nothing = CommitStatus(state: .success, text: "no skill changed")
  private let failure = CommitStatus(state: .failure, text: "a.md: no title")

  private func recorded(_ commit: String, _ status: CommitStatus, isSet: Bool = true) -> RecordedCommitStatus
  {
    RecordedCommitStatus(commit: commit, status: status, isSet: isSet)
  }

  private func next(
    _ imported: String?, _ status: CommitStatus, after last: RecordedCommitStatus?
  ) -> RecordedCommitStatus? {
    .next(imported: imported, status: status, last: last)
  }

  @Test func aCommitThatWasImportedGetsItsStatus() {
    let new = recorded("new", success, isSet: false)
    #expect(next("new", success, after: nil) == new)
    #expect(next("new", success, after: recorded("old", success)) == new)
    #expect(next("new", success, after: recorded("old", failure, isSet: false)) == new)
  }

  @Test func aLookThatFindsTheSameSaysNothing() {
    #expect(next(nil, nothing, after: nil) == nil)
    #expect(next(nil, nothing, after: recorded("old", success)) == nil)
    #expect(next(nil, failure, after: recorded("old", failure)) == nil)
  }

  @Test func whatIsSetAsideOrNoLongerChangesTheSameCommitsStatus() {
    #expect(next(nil, success, after: recorded("old", failure)) == recorded("old", success, isSet: false))
    #expect(next(nil, failure, after: recorded("old", success)) == recorded("old", failure, isSet: false))
    let other = CommitStatus(state: .failure, text: "b.md: no title")
    #expect(next(nil, other, after: recorded("old", failure)) == recorded("old", other, isSet: false))
  }

  @Test func whatGitHubDidNotTakeIsSaidLater() {
    let waiting = recorded("old", success, isSet: false)
    #expect(next(nil, nothing, after: waiting) == waiting)
    #expect(next(nil, failure, after: waiting) == recorded("old", failure, isSet: false))
  }
}
