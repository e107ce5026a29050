import SkillsCore

private let titles = ["A", "B", "C", "D", "E", "F"]

extension History {
  /// A user of the web application saves something.
  func userEdits() {
    let rows = world.database.rows
    let skill = generator.pick(rows.keys.sorted() + ["x\(world.clock)"])
    guard var row = rows[skill] else {
      guard rows.count <= 4 else { return }
      let text = SkillText(title: generator.pick(titles), marks: ["u\(world.clock)"])
      let isDraft = generator.happens(0.3)
      note("user: creates \(skill) \(text)\(isDraft ? ", a draft" : "")")
      world.save(skill, TableRow(text: text, isDraft: isDraft))
      return
    }
    let edit = generator.pick(
      ["add", "add", "add", "undo", "undo", "delete", "title", "title", "swap", "draft", "drop", "switch"])
    switch edit {
    case "add": row.text.marks.insert("u\(world.clock)")
    case "drop":
      if let mark = row.text.marks.sorted().randomElement(using: &generator) { row.text.marks.remove(mark) }
    case "undo":
      guard let previous = world.books.previousSave[skill] else { return }
      (row.text.title, row.text.body) = (previous.text.title, previous.text.body)
    case "title": row.text.title = generator.pick(titles)
    case "draft": row.isDraft.toggle()
    case "switch": row.text.isActive.toggle()
    case "swap":
      swapTitles(skill, row)
      return
    default: break
    }
    note("user: \(edit) \(skill) \(row)")
    world.save(skill, edit == "delete" ? nil : row)
  }

  /// Three saves, as titles are unique.
  private func swapTitles(_ skill: String, _ row: TableRow) {
    let others = world.database.rows.keys.filter { $0 != skill }.sorted()
    guard !others.isEmpty else { return }
    let other = generator.pick(others)
    guard let there = world.database.rows[other] else { return }
    note("user: swaps the titles of \(skill) and \(other)")
    var (parked, one, two) = (row, row, there)
    (parked.text.title, one.text.title, two.text.title) = ("parked", there.text.title, row.text.title)
    world.save(skill, parked)
    world.save(other, two)
    world.save(skill, one)
  }

  /// An engineer pushes something.
  func engineerEdits() {
    var tree = world.commits[world.head].tree
    let edit = generator.pick(
      [
        "add", "add", "drop", "delete", "rename", "copy", "title", "swap", "new", "rewind", "rewind", "wipe",
        "reformat", "move folder", "forget id", "switch",
      ])
    if edit == "rewind" {
      let older = world.history(of: world.head).dropFirst().prefix(3).filter { $0 != 0 }
      guard !older.isEmpty else { return }
      let target = generator.pick(older)
      note("engineer: force-pushes \(target)")
      world.rewind(to: target)
      return
    }
    if edit == "new" {
      tree["skills/n\(world.clock).md"] = RepositoryFile(
        id: nil, text: SkillText(title: "N\(world.clock)", marks: ["e\(world.clock)"]))
    } else if let path = tree.keys.sorted().randomElement(using: &generator), let file = tree[path] {
      change(&tree, edit, path, file)
    }
    note("engineer: \(edit) → \(tree.sorted { $0.key < $1.key }.map { "\($0): \($1)" })")
    world.push(tree)
  }

  private func change(_ tree: inout Tree, _ edit: String, _ path: String, _ file: RepositoryFile) {
    var changed = file
    var place = path
    switch edit {
    case "add": changed.text.marks.insert("e\(world.clock)")
    case "drop":
      if let mark = file.text.marks.sorted().randomElement(using: &generator) {
        changed.text.marks.remove(mark)
      }
    case "title": changed.text.title = generator.pick(titles)
    case "reformat": changed.format += 1
    case "switch": changed.text.isActive.toggle()
    case "forget id": changed.id = nil
    case "rename": place = "skills/\(generator.pick(["", "deep/"]))r\(world.clock).md"
    case "copy":
      changed.text.marks.insert("e\(world.clock)")
      if file.id != nil { tree["skills/\(generator.pick(["0", "z"]))\(world.clock).md"] = changed }
      return
    case "swap":
      let other = generator.pick(tree.keys.sorted())
      changed.text.title = tree[other]?.text.title ?? file.text.title
      tree[other]?.text.title = file.text.title
    case "wipe": tree = [:]
    case "move folder":
      let moved = tree.map { ("skills/m\(world.clock)\($0.key.dropFirst("skills".count))", $0.value) }
      tree = Dictionary(uniqueKeysWithValues: moved)
      return
    default: break
    }
    tree[path] = nil
    if edit != "delete" { tree[place] = changed }
  }
}
