/// The first table under a heading of a markdown page, read by its columns' and rows' names.
struct MarkdownTable {
  let columns: [String]
  let rows: [[String]]

  init(under heading: String, of page: String) throws {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let start = lines.firstIndex(of: "## \(heading)") else { throw NoSuchTable(heading: heading) }
    let section = lines[(start + 1)...].prefix { !$0.hasPrefix("## ") }
    let table = section.drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }.map(MarkdownTable.cells)
    guard table.count > 2 else { throw NoSuchTable(heading: heading) }
    columns = table[0]
    rows = Array(table[2...])
    for row in rows where row.count != columns.count { throw UnevenRow(cells: row) }
  }

  /// The cell in the row whose first cell is `row`; nil if there is no such row or column.
  subscript(row: String, column: String) -> String? {
    guard let index = columns.firstIndex(of: column), let line = rows.first(where: { $0[0] == row }) else {
      return nil
    }
    return line[index]
  }

  private static func cells(_ line: String) -> [String] {
    line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false).map { cell in
      String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}

struct NoSuchTable: Error {
  var heading: String
}

struct UnevenRow: Error {
  var cells: [String]
}
