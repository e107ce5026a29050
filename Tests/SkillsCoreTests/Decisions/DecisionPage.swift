import SkillsCore

/// `docs/decisions.md`: the decision that it gives for a situation.
struct DecisionPage {
  let contacts: [String: MarkdownTable]
  let policies: MarkdownTable
  let outcomes: MarkdownTable

  init() throws {
    let page = String(decoding: try repositoryFile("docs/decisions.md"), as: UTF8.self)
    contacts = try Dictionary(
      uniqueKeysWithValues: ["No base", "Base", "Tombstone"].map {
        ($0, try MarkdownTable(under: $0, of: page))
      })
    policies = try MarkdownTable(under: "Both edited", of: page)
    outcomes = try MarkdownTable(under: "What each decision does", of: page)
  }

  /// The cell for the situation; throws if the page has none.
  func cell(for situation: Situation) throws -> String {
    let place = situation.place
    guard let cell = contacts[place.table]?[place.row, place.column] else {
      throw WrongPage("there is no cell for \(place)")
    }
    if cell == "–" { throw WrongPage("the cell is empty, yet it can be reached: \(place)") }
    return cell
  }

  /// The decision that the page gives for the situation.
  func decision(for situation: Situation) throws -> Decision {
    let cell = try cell(for: situation)
    if cell == "both edited" { return try decisionByPolicy(situation) }
    guard let line = outcomes.rows.first(where: { $0[0] == cell }) else {
      throw WrongPage("“\(cell)” isn't explained")
    }
    return Decision(
      try reason(line[1]), row: try rowEffect(line[2], situation), file: try fileEffect(line[3], situation),
      base: try baseEffect(line[4], situation), record: try record(line[5]))
  }

  private func decisionByPolicy(_ situation: Situation) throws -> Decision {
    let lines = policies.rows.filter { line in
      line[0] == situation.policy.rawValue
        && ["either", situation.editsOverlap ? "overlap" : "apart"].contains(line[1])
        && ["either", situation.rowIsNewer ? "row" : "file"].contains(line[2])
    }
    guard lines.count == 1 else { throw WrongPage("\(lines.count) lines for \(situation)") }
    return Decision(
      try reason(lines[0][3]), row: try rowEffect(lines[0][4], situation),
      base: try baseEffect(lines[0][5], situation),
      record: try record(lines[0][6]))
  }

  private func reason(_ cell: String) throws -> Decision.Reason {
    guard let reason = Decision.Reason(rawValue: cell) else {
      throw WrongPage("no reason is called “\(cell)”")
    }
    return reason
  }

  private func rowEffect(_ cell: String, _ situation: Situation) throws -> Decision.RowEffect {
    switch cell {
    case "–": return .keep
    case "takes the file's values": return .write(try situation.fileValues)
    case "back in use if it was archived":
      return situation.isArchivedByTombstone ? .write(try situation.revived) : .keep
    case "archived, or deleted under that policy":
      return situation.deletePolicy == .archive ? .archive : .delete
    case "stays as it says": return .write(try situation.revived)
    case "takes both edits": return .write(try situation.merged)
    case "takes both edits, its own where they overlap" where situation.rowIsNewer,
      "takes both edits, the file's where they overlap" where !situation.rowIsNewer:
      return .write(try situation.merged)
    default: throw WrongPage("nothing that a row does: “\(cell)”")
    }
  }

  private func fileEffect(_ cell: String, _ situation: Situation) throws -> Decision.FileEffect {
    switch cell {
    case "–": return .keep
    case "deleted": return .delete
    case "takes the row's values": return .write(try situation.rowValues)
    case "takes the row's values if published":
      return situation.row?.publication == .published ? .write(try situation.rowValues) : .keep
    default: throw WrongPage("nothing that a file does: “\(cell)”")
    }
  }

  private func baseEffect(_ cell: String, _ situation: Situation) throws -> Decision.BaseEffect {
    switch cell {
    case "–": return .keep
    case "tombstone": return .tombstone
    case "the file as found": return .asFound
    case "the file as found, unless it is the base": return situation.isFileTheBase ? .keep : .asFound
    default: throw WrongPage("nothing that a base does: “\(cell)”")
    }
  }

  private func record(_ cell: String) throws -> Decision.Record {
    switch cell {
    case "–": return .none
    case "settled": return .settled
    case "open": return .open
    default: throw WrongPage("no kind of record: “\(cell)”")
    }
  }
}

struct WrongPage: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
