import SkillsCore

extension World {
  /// The application's transaction: the row, and by the trigger an outbox entry.
  @discardableResult
  func save(_ skill: String, _ row: TableRow?) -> Bool {
    let old = database.rows[skill]
    let isTaken = database.rows.contains { $0.key != skill && $0.value.text.title == row?.text.title }
    if old == row || isTaken { return false }
    let wasArchived = database.side(of: skill)?.publication == .archived
    clock += 1
    database.rows[skill] = row
    database.enqueue(skill, at: clock)
    books.edit(.user, skill, from: marks(of: skill, old?.text), to: marks(of: skill, row?.text))
    if wasArchived, row != nil, database.side(of: skill)?.publication != .archived {
      // Taken up again as a whole: who removed what is moot.
      let base = database.bases[skill].map { SkillText($0.values) }
      books.excused.formUnion(marks(of: skill, row?.text).union(marks(of: skill, base)))
    }
    if let old { books.previousSave[skill] = old }
    books.lastSave[skill] = .some(row)
    return true
  }

  /// An engineer's push onto the tip.
  @discardableResult
  func push(_ tree: Tree) -> Bool {
    let before = commits[head].tree
    if tree == before { return false }
    clock += 1
    head = commit(tree, onto: head)
    bookPush(from: before, to: tree)
    return true
  }

  /// A force-push of an older commit.
  func rewind(to older: Int) {
    let before = commits[head].tree
    clock += 1
    let kept = Set(history(of: older))
    for lost in history(of: head) where !kept.contains(lost) && database.intents[lost] != nil {
      // Nobody can know that this push of ours ever landed.
      for commit in [lost, commits[lost].parent ?? lost] {
        for (path, file) in commits[commit].tree {
          let skill = file.id ?? database.bases.filter { $0.value.path == path }.keys.min()
          books.excused.formUnion(marks(of: skill, file.text))
          if let skill { books.editors[skill] = [.user, .engineer] }
        }
      }
    }
    head = older
    bookPush(from: before, to: commits[older].tree)
  }

  private func bookPush(from before: Tree, to after: Tree) {
    let (old, new) = (filesBySkill(before), filesBySkill(after))
    for skill in Set(old.keys).union(new.keys).sorted() where old[skill] != new[skill] {
      let (was, now) = (old[skill].flatMap { before[$0.path] }, new[skill].flatMap { after[$0.path] })
      let isKnown = (was ?? now)?.id != nil || database.bases[skill] != nil
      func title(_ file: RepositoryFile?) -> Set<String> {
        guard let file, let id = file.id, !id.contains("#") else { return [] }
        return ["\(id)=\(file.text.title)"]
      }
      // Whose title it is, nobody can say for sure where there is no id.
      for file in [was, now] {
        if let file, file.id == nil { books.excused.insert("\(skill)=\(file.text.title)") }
      }
      books.edit(.engineer, isKnown ? skill : nil, from: title(was), to: title(now))
    }
    // Bodies as a whole, as there may be copies.
    func bodies(_ tree: Tree) -> Set<String> { tree.values.reduce([]) { $0.union($1.text.marks) } }
    books.edit(.engineer, nil, from: bodies(before), to: bodies(after))
    for file in after.values where file.id == nil { books.nameless.formUnion(file.text.marks) }
    for tree in [before, after] {
      let counts = Dictionary(grouping: tree.values.compactMap(\.id)) { $0 }.mapValues(\.count)
      // Which of two copies gives the title is chance.
      for file in tree.values {
        if let id = file.id, counts[id, default: 0] > 1 { books.excused.insert("\(id)=\(file.text.title)") }
      }
      guard tree == after else { continue }
      for (path, file) in after where before[path] != file {
        guard let id = file.id, counts[id, default: 0] > 1 else { continue }
        books.addedAgain.formUnion(marks(of: id, file.text))
        books.editors[id] = [.user, .engineer]
      }
    }
    rememberPush(after)
  }

  private struct PlacedFile: Equatable { var path: String, blob: String }

  private func filesBySkill(_ tree: Tree) -> [String: PlacedFile] {
    let matching = matching(tree)
    let paths = Array(matching.found) + matching.new.map { ($0, $0) }
    return Dictionary(paths.map { ($0.0, PlacedFile(path: $0.1, blob: tree[$0.1]?.blob ?? "")) }) { $1 }
  }

  private func rememberPush(_ tree: Tree) {
    let found = matching(tree).found
    for skill in database.bases.keys {
      let count = tree.values.count { $0.id == skill }
      let isCertain = count < 2 && (found[skill] != nil) == (count == 1)
      books.lastPush[skill] = isCertain ? .some(found[skill].flatMap { tree[$0]?.text }) : nil
    }
  }

  /// A person settles a conflict, by the row or by the file.
  func resolve(_ skill: String, takesFile: Bool) {
    let tree = commits[database.tip].tree
    guard let path = matching(tree).found[skill], let file = tree[path], let row = database.rows[skill] else {
      return
    }
    if takesFile, database.rows.contains(where: { $0.key != skill && $0.value.text.title == file.text.title })
    {
      return
    }
    database.conflicts.insert(ConflictRecord(skill: skill, texts: [nil, row.text, file.text], isOpen: false))
    if takesFile { database.rows[skill]?.text = file.text }
    database.bases[skill] = Base(path: path, blob: file.blob, values: file.text.values)
    database.enqueue(skill, at: clock)
    database.closeConflicts(of: skill)
    database.generation += 1
    books.editors[skill] = [.user, .engineer]
  }
}
