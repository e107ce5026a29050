import SkillsCore

/// What a decision is made of, and how the page calls it.
struct Situation: CustomStringConvertible {
  var base: Base?
  var row: Row?
  var file: File?
  var policy: ConflictPolicy
  var deletePolicy: GitDeletePolicy
  var rowIsNewer: Bool
  /// What the merge of lines says, where it is asked.
  var linesOverlap: Bool

  static let mergedBody = "Both bodies, merged."

  /// The page's table, and the cell's row and column there.
  var place: Place {
    guard let base else { return Place(table: "No base", row: publicationName, column: contactColumn) }
    return base.state == .present
      ? Place(table: "Base", row: presentRow(base), column: presentColumn(base))
      : Place(table: "Tombstone", row: tombstoneRow(base), column: tombstoneColumn(base))
  }

  struct Place: Hashable {
    var table: String
    var row: String
    var column: String
  }

  var description: String {
    let row = row.map { "\($0.publication) “\($0.values.title)” \($0.values)" } ?? "none"
    return
      "\(place), \(policy), \(deletePolicy), row newer: \(rowIsNewer), lines overlap: \(linesOverlap), row: \(row), "
      + "file: \(file.map { "\($0)" } ?? "none")"
  }

  private var publicationName: String { row.map { "\($0.publication)" } ?? "none" }

  private var contactColumn: String {
    guard let file else { return "No file" }
    return file.values == row?.values ? "The file says the same" : "The file says something else"
  }

  private func presentRow(_ base: Base) -> String {
    guard let row else { return "none" }
    if row.values == base.values { return "as in the base" }
    if row.values == file?.values { return "edited to what the file says" }
    return row.values == base.previousValues ? "as before the last import" : "edited"
  }

  private func presentColumn(_ base: Base) -> String {
    guard let file else { return "No file" }
    if file.values != base.values { return "File edited" }
    return isFileTheBase ? "File as in the base" : "File moved or reformatted"
  }

  private func tombstoneRow(_ base: Base) -> String {
    guard row != nil, let values = try? rowValues else { return "none" }
    if values == base.values { return "\(publicationName), as in the tombstone" }
    return publicationName + (values == file?.values ? ", edited to what the file says" : ", edited")
  }

  private func tombstoneColumn(_ base: Base) -> String {
    guard let file else { return "No file" }
    return file.values == base.values ? "File as in the tombstone" : "File says something else"
  }
}

extension Situation {
  /// What the file says.
  var fileValues: SkillValues {
    get throws {
      guard let file else { throw WrongPage("the page speaks of a file where there is none: \(self)") }
      return file.values
    }
  }

  /// What the row says; that an archived one is inactive is none of it.
  var rowValues: SkillValues {
    get throws {
      guard var values = row?.values else {
        throw WrongPage("the page speaks of a row where there is none: \(self)")
      }
      if isArchivedByTombstone, let base { values.active = base.values.active }
      return values
    }
  }

  var isArchivedByTombstone: Bool { base?.state == .tombstone && row?.publication == .archived }

  /// What the row says once it is back in use; as it says where it was.
  var revived: SkillValues {
    get throws {
      var values = try rowValues
      if isArchivedByTombstone { values.active = try fileValues.active }
      return values
    }
  }

  var isFileTheBase: Bool {
    guard let base, let file else { return false }
    return base.state == .present && file.path == base.path && file.blob == base.blob
  }

  var editsOverlap: Bool {
    guard let base, let row = try? rowValues, let file else { return false }
    func overlap<Field: Equatable>(_ field: KeyPath<SkillValues, Field>) -> Bool {
      let old = base.values[keyPath: field]
      return row[keyPath: field] != old && file.values[keyPath: field] != old
        && row[keyPath: field] != file.values[keyPath: field]
    }
    return overlap(\.title) || overlap(\.categories) || overlap(\.tier) || overlap(\.owners)
      || overlap(\.sources)
      || overlap(\.active) || (overlap(\.body) && linesOverlap)
  }

  /// Both edits; where they overlap, that of the last writer.
  var merged: SkillValues {
    get throws {
      let (row, file) = (try rowValues, try fileValues)
      guard let old = base?.values else { throw WrongPage("there is nothing to merge from: \(self)") }
      var merged = rowIsNewer ? file : row
      let winner = rowIsNewer ? row : file
      func take<Field: Equatable>(_ field: WritableKeyPath<SkillValues, Field>) {
        if winner[keyPath: field] != old[keyPath: field] { merged[keyPath: field] = winner[keyPath: field] }
      }
      take(\.title)
      take(\.categories)
      take(\.tier)
      take(\.owners)
      take(\.sources)
      take(\.active)
      take(\.body)
      if row.body != old.body, file.body != old.body, row.body != file.body {
        merged.body = Situation.mergedBody
      }
      return merged
    }
  }
}
