import SkillsCore

extension World {
  /// Sweeps of both kinds until a round changes nothing.
  func quiesce() async throws {
    for round in 0..<8 {
      let before = state
      for executable in [Run.Executable.skillsToGit, .gitToSkills] {
        try await Run(executable, name: "sweep \(round)", isSweep: true, in: self).finish()
      }
      if state == before { return }
    }
    throw Violation("no quiet after 8 rounds of sweeps")
  }

  private struct State: Equatable {
    var head: Int, tip: Int
    var rows: [String: TableRow], bases: [String: Base], outbox: Set<Int>
    var conflicts: Set<ConflictRecord>, setAside: [String: Database.SetAside]
  }

  private var state: State {
    State(
      head: head, tip: database.tip, rows: database.rows, bases: database.bases,
      outbox: Set(database.outbox.keys),
      conflicts: database.conflicts, setAside: database.setAside)
  }

  /// Skills of which people can see that they differ.
  var visible: Set<String> {
    Set(database.conflicts.filter(\.isOpen).map(\.skill)).union(database.setAside.values.compactMap(\.skill))
  }

  /// What must hold once all is quiet.
  func checkPromises() throws {
    let tree = commits[head].tree
    let matching = matching(tree)
    var recorded: Set<String> = []
    for conflict in database.conflicts {
      for text in conflict.texts { recorded.formUnion(marks(of: conflict.skill, text)) }
    }
    for path in matching.duplicates + matching.new {
      guard database.setAside[path] != nil else {
        throw Violation("a file without a row, and nobody says so: \(path)")
      }
      recorded.formUnion(marks(of: tree[path]?.id, tree[path]?.text))
    }
    var (onRows, onFiles, inUse, unpublished) = (Set<String>(), Set<String>(), Set<String>(), Set<String>())
    for skill in Set(database.rows.keys).union(matching.found.keys).union(database.bases.keys).sorted() {
      let row = database.rows[skill]
      let file = matching.found[skill].flatMap { tree[$0] }
      try checkAgreement(skill, file: file, path: matching.found[skill])
      if visible.contains(skill) {
        recorded.formUnion(marks(of: skill, row?.text).union(marks(of: skill, file?.text)))
      }
      if skill.contains("#") {  // without an id a file that was moved and edited is a new one
        books.excused.formUnion(marks(of: skill, row?.text).union(marks(of: skill, file?.text)))
      }
      switch database.side(of: skill)?.publication {
      case .published?:
        onRows.formUnion(marks(of: skill, row?.text))
        onFiles.formUnion(marks(of: skill, file?.text))
        if row?.text.isActive == true { inUse.formUnion(marks(of: skill, row?.text)) }
      case .draft?, .archived?: unpublished.formUnion(marks(of: skill, row?.text))
      case nil: break
      }
    }
    let removed = books.allRemoved
    let lost = books.saved.subtracting(removed).subtracting(recorded).subtracting(unpublished)
      .subtracting(books.excused).subtracting(onRows.intersection(onFiles))
    if !lost.isEmpty { throw Violation("lost: \(lost.sorted())") }
    let back = removed.subtracting(books.addedAgain).subtracting(books.excused).subtracting(books.nameless)
      .subtracting(recorded)
      .intersection(inUse).filter { !$0.contains("=") }
    if !back.isEmpty { throw Violation("removed, and back: \(back.sorted())") }
    try checkSingleEditors(tree, matching)
  }

  private func checkAgreement(_ skill: String, file: RepositoryFile?, path: String?) throws {
    guard !visible.contains(skill) else { return }
    let base = database.bases[skill]
    let isFileBase = base?.state == .present && base?.path == path && base?.blob == file?.blob
    let row = database.side(of: skill)
    switch row?.publication {
    case .published?:
      if row?.values != file?.text.values || !isFileBase {
        throw Violation(
          "\(skill) disagrees: \(database.rows[skill].map { "\($0)" } ?? "no row"), \(file.map { "\($0)" } ?? "no file")"
        )
      }
    case .draft?, .archived?:
      if file != nil, !isFileBase { throw Violation("\(skill), unpublished, disagrees: \(file as Any)") }
    case nil:
      if file != nil { throw Violation("\(skill) has a file and no row") }
    }
  }

  /// Where one side alone edited a skill, its last text is final.
  private func checkSingleEditors(_ tree: Tree, _ matching: Matching) throws {
    for (skill, editors) in books.editors
    where editors.count == 1 && !visible.contains(skill) && !skill.contains("#") {
      if editors == [.user], let last = books.lastSave[skill], database.rows[skill] != last {
        throw Violation(
          "only users edited \(skill), and last \(last as Any), but it is \(database.rows[skill] as Any)")
      }
      let file = matching.found[skill].flatMap { tree[$0] }
      if editors == [.engineer], let last = books.lastPush[skill], file?.text != last,
        file.map({ $0.id != nil }) != false
      {
        throw Violation("only engineers edited \(skill), and last \(last as Any), but it is \(file as Any)")
      }
    }
  }
}
