import Postgres
import TestSupport

/// What people do in the web application.
extension History {
  func save() throws {
    guard let row = pick(try world.rows()) else { return }
    let text = edited(row.content)
    guard try write(text, over: row) else { return }
    earlier[row.id] = row.content
    log.append("save \(row.id): \(text.debugDescription)")
  }

  func undo() throws {
    guard let (id, text) = pick(earlier.map { ($0, $1) }.sorted { $0.0 < $1.0 }), let row = try world.row(id),
      row.content != text, try write(text, over: row)
    else { return }
    earlier[id] = nil
    log.append("undo \(id): \(text.debugDescription)")
  }

  /// Only if nobody saved meanwhile: a form with an old text is another matter.
  private func write(_ text: String, over row: SkillRow) throws -> Bool {
    let saved = try world.application(
      #"UPDATE "Skill" SET content = $2, "updatedAt" = timezone('utc', now()) WHERE id = $1 AND content = $3 RETURNING id"#,
      [.text(row.id), .text(text), .text(row.content)])
    guard !saved.isEmpty else { return false }
    account.edited(row.id, on: .row, from: row.content, to: text)
    return true
  }

  func rename() throws {
    guard let row = pick(try world.rows()) else { return }
    let title = "Title \(account.newWord())"
    try world.save(row.id, "title", .text(title))
    retitled(row.id, on: .row)
    log.append("rename \(row.id): \(title)")
  }

  func swapTitlesOfRows() throws {
    let rows = try world.rows().shuffled(using: &random)
    guard rows.count > 1 else { return }
    try world.save(rows[0].id, "title", .text("Between \(account.newWord())"))
    if happens(onceIn: 3) { try runOne() }
    try? world.save(rows[1].id, "title", .text(rows[0].title))
    try? world.save(rows[0].id, "title", .text(rows[1].title))
    for row in rows.prefix(2) { retitled(row.id, on: .row) }
    log.append("swap the titles of the rows \(rows[0].id) and \(rows[1].id)")
  }

  func createRow() throws {
    let (id, text) = (account.newWord(), "\(account.newWord())\n\n")
    try world.create("row-\(id)", title: "Row \(id)", content: text)
    account.edited("row-\(id)", on: .row, from: "", to: text)
    log.append("create row-\(id): \(text.debugDescription)")
  }

  func deleteRow() throws {
    guard let row = pick(try world.rows()), Bool.random(using: &random) else { return }
    let gone = try world.application(
      #"DELETE FROM "Skill" WHERE id = $1 AND content = $2 RETURNING id"#,
      [.text(row.id), .text(row.content)])
    if !gone.isEmpty { account.deleted(row.id, text: row.content) }
    log.append("delete row \(row.id)")
  }
}
