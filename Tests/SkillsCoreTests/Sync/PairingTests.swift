import SkillsCore
import Testing

struct PairingTests {
  private func file(_ path: String, _ id: String? = nil, title: String = "T", blob: String? = nil)
    -> FoundFile
  {
    FoundFile(path: path, blob: blob ?? "blob of \(path)", id: id, title: title)
  }

  private func known(
    _ path: String, title: String = "T", blob: String = "base", _ state: Base.State = .present
  ) -> KnownSkill {
    KnownSkill(path: path, blob: blob, title: title, state: state)
  }

  private func paired(
    _ files: [FoundFile], unchanged: [String: String] = [:], known: [String: KnownSkill] = [:],
    rows: [String: String] = [:], setAside: [String: String] = [:], duplicates: [String: String]? = nil
  ) -> Pairing {
    let pairing = pair(
      files: files, unchanged: unchanged, known: known, treePaths: Set(files.map(\.path) + unchanged.values),
      untrackedRows: rows, setAside: setAside, setAsideAsDuplicates: duplicates)
    let again = pair(
      files: files.reversed(), unchanged: unchanged, known: known,
      treePaths: Set(files.map(\.path) + unchanged.values), untrackedRows: rows, setAside: setAside,
      setAsideAsDuplicates: duplicates)
    #expect(pairing == again, "the order of the files makes no difference")
    return pairing
  }

  @Test func anIDCountsWhereverTheFileIsAndWhateverItSays() {
    let moved = file("deep/new.md", "a", title: "Other")
    let pairing = paired([moved], known: ["a": known("old.md")], rows: ["Other": "b"])
    #expect(pairing.found == ["a": moved])
    #expect(pairing.new.isEmpty && pairing.duplicates.isEmpty)
  }

  @Test func anIDThatNobodyKnowsIsTaken() {
    let file = file("x.md", "imported-from-elsewhere")
    #expect(paired([file]).found == ["imported-from-elsewhere": file])
  }

  @Test func aFileWithoutAnIDBelongsToTheSkillAtItsPath() {
    let edited = file("a.md", title: "Quite another title")
    #expect(paired([edited], known: ["a": known("a.md")]).found == ["a": edited])
  }

  @Test func anIDAtAnotherSkillsPathCountsMoreThanThePath() {
    let swapped = [file("a.md", "b"), file("b.md", "a")]
    let pairing = paired(swapped, known: ["a": known("a.md"), "b": known("b.md")])
    #expect(pairing.found == ["b": swapped[0], "a": swapped[1]])
  }

  @Test func aMovedFileWithoutAnIDIsKnownByItsBytes() {
    let moved = file("new.md", title: "T", blob: "base")
    #expect(paired([moved], known: ["a": known("old.md")]).found == ["a": moved])
  }

  @Test func aMovedAndEditedFileWithoutAnIDIsKnownByTheTitleOfItsBase() {
    let moved = file("new.md", title: "Old title")
    let pairing = paired([moved], known: ["a": known("old.md", title: "Old title")])
    #expect(pairing.found == ["a": moved])
  }

  @Test func bytesCountMoreThanATitleWhicheverFileComesFirst() {
    // The folder was copied, and the copy that comes first was edited.
    let (edited, moved) = (file("0/a.md", title: "T"), file("z/a.md", title: "T", blob: "base"))
    let pairing = paired([edited, moved], known: ["a": known("a.md")])
    #expect(pairing.found == ["a": moved])
    #expect(pairing.new == [edited])
  }

  @Test func aSkillWhoseFileIsStillThereIsNotTakenForAMovedOne() {
    let copy = file("copy.md", title: "T", blob: "base")
    let pairing = paired([copy], unchanged: ["a": "a.md"], known: ["a": known("a.md")])
    #expect(pairing.new == [copy])
    // Nor where the file was edited in place, or can't be read: its path is in the tree.
    let edited = file("a.md", "a", blob: "edited")
    #expect(paired([copy, edited], known: ["a": known("a.md")]).new == [copy])
    let unreadable = pair(
      files: [copy], unchanged: [:], known: ["a": known("a.md")], treePaths: ["a.md", "copy.md"],
      untrackedRows: [:],
      setAside: [:])
    #expect(unreadable.new == [copy])
  }

  @Test func aRowThatWasNeverSyncedIsFoundByItsTitle() {
    let file = file("a.md", title: "T")
    #expect(paired([file], rows: ["T": "row"]).found == ["row": file])
    #expect(paired([file], rows: ["U": "row"]).new == [file])
  }

  @Test func oneRowIsFoundByOneFileOnly() {
    let files = [file("a.md", title: "T"), file("b.md", title: "T")]
    let pairing = paired(files, rows: ["T": "row"])
    #expect(pairing.found == ["row": files[0]])
    #expect(pairing.new == [files[1]])
  }

  @Test func whatIsThereGoesBeforeWhatWasDeletedWithTheSameTextTitleOrPath() {
    let skills = ["a": known("t.md", .tombstone), "b": known("t.md")]
    for moved in [
      file("new.md", title: "T", blob: "base"), file("new.md", title: "T"), file("t.md", title: "U"),
    ] {
      #expect(paired([moved], known: skills).found == ["b": moved])
    }
    let moved = file("new.md", title: "T")
    #expect(
      paired([moved], known: ["a": known("t.md", .tombstone)], rows: ["T": "row"]).found == ["row": moved])
  }

  @Test func aDeletedSkillIsTakenUpAgainByPathBytesOrTitle() {
    for again in [file("a.md", title: "U"), file("b.md", title: "U", blob: "base"), file("b.md", title: "T")]
    {
      #expect(paired([again], known: ["a": known("a.md", .tombstone)]).found == ["a": again])
    }
  }

  @Test func aFileThatWasSetAsideIsNotTakenForAMovedOne() {
    let file = file("new.md", title: "T", blob: "base")
    let known = ["a": known("old.md")]
    #expect(paired([file], known: known, setAside: ["new.md": "base"]).new == [file])
    #expect(paired([file], rows: ["T": "row"], setAside: ["new.md": "base"]).new == [file])
    // It stays with the skill at its path, though.
    #expect(
      paired([file], known: ["a": self.known("new.md")], setAside: ["new.md": "x"]).found == ["a": file])
  }
}

struct DuplicateTests {
  private let original = FoundFile(path: "a.md", blob: "edited", id: "a", title: "T")
  private let copy = FoundFile(path: "0-copy.md", blob: "copy", id: "a", title: "T")
  private let copyOfCopy = FoundFile(path: "z-copy.md", blob: "copy", id: "a", title: "T")

  private func paired(
    _ files: [FoundFile], unchanged: [String: String] = [:], _ state: Base.State = .present,
    setAside: [String: String] = [:], duplicates: [String: String]? = nil
  ) -> Pairing {
    pair(
      files: files, unchanged: unchanged,
      known: ["a": KnownSkill(path: "a.md", blob: "base", title: "T", state: state)],
      treePaths: Set(files.map(\.path) + unchanged.values), untrackedRows: [:], setAside: setAside,
      setAsideAsDuplicates: duplicates)
  }

  private func names(_ pairing: Pairing) -> [String] {
    pairing.duplicates.map { "\($0.file.path) of \($0.owner)" }
  }

  @Test func theFileAtTheBasesPathOwnsTheID() {
    let pairing = paired([copy, original, copyOfCopy])
    #expect(pairing.found == ["a": original])
    #expect(names(pairing) == ["0-copy.md of a.md", "z-copy.md of a.md"])
  }

  @Test func aFileThatDidNotChangeOwnsItsID() {
    let pairing = paired([copy], unchanged: ["a": "a.md"])
    #expect(pairing.found.isEmpty)
    #expect(names(pairing) == ["0-copy.md of a.md"])
  }

  @Test func ofTwoMovedFilesTheFirstByPathOwnsTheID() {
    let pairing = paired([copyOfCopy, copy])
    #expect(pairing.found == ["a": copy])
    #expect(names(pairing) == ["z-copy.md of 0-copy.md"])
  }

  @Test func aKnownDuplicateDoesNotReviveItsSkillOnceThatIsDeleted() {
    let known = ["0-copy.md": "copy"]
    let pairing = paired([copy], .tombstone, setAside: known, duplicates: known)
    #expect(pairing.found.isEmpty)
    #expect(names(pairing) == ["0-copy.md of a.md"])
    #expect(
      paired([copy], .tombstone, setAside: known).found.isEmpty,
      "nor where it isn't known why it was set aside")
  }

  @Test func aDuplicateThatWasEditedRevivesItsSkill() {
    let known = ["0-copy.md": "before the edit"]
    #expect(paired([copy], .tombstone, setAside: known, duplicates: known).found == ["a": copy])
  }

  @Test func aFileThatWasSetAsideForItsTitleRevivesItsSkillOnceTheTitleIsFree() {
    let pairing = paired([copy], .tombstone, setAside: ["0-copy.md": "copy"], duplicates: [:])
    #expect(pairing.found == ["a": copy])
    #expect(pairing.duplicates.isEmpty)
  }

  @Test func aKnownDuplicateTakesOverFromASkillThatMoved() {
    let known = ["0-copy.md": "copy"]
    #expect(paired([copy], .present, setAside: known, duplicates: known).found == ["a": copy])
  }

  @Test func theOwnerIsPartOfWhatIsFound() {
    var (one, other) = (Pairing(), Pairing())
    one.duplicates = [(copy, "a.md")]
    other.duplicates = [(copy, "b.md")]
    #expect(one != other)
  }
}

struct FolderTests {
  @Test(arguments: [true, false])
  func aRenamedFolderLeavesEveryFileWithItsSkill(hasIDs: Bool) {
    var known: [String: KnownSkill] = [:]
    var files: [FoundFile] = []
    for number in 0..<500 {
      known["s\(number)"] = KnownSkill(
        path: "skills/old/\(number).md", blob: "b\(number)", title: "T\(number)", state: .present)
      // Every third was edited too.
      files.append(
        FoundFile(
          path: "skills/new/\(number).md", blob: number % 3 == 0 ? "edited \(number)" : "b\(number)",
          id: hasIDs ? "s\(number)" : nil, title: "T\(number)"))
    }
    let pairing = pair(
      files: files, unchanged: [:], known: known, treePaths: Set(files.map(\.path)), untrackedRows: [:],
      setAside: [:])
    #expect(pairing.found.count == 500)
    #expect(pairing.found.allSatisfy { id, file in file.title == "T\(id.dropFirst())" })
    #expect(pairing.new.isEmpty && pairing.duplicates.isEmpty)
  }
}
