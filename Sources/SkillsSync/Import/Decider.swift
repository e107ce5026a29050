import FoundationEssentials
import Git
import Postgres
import SkillFiles
import SkillsCore

/// When the files of a commit were written, for "the last writer wins".
struct FileTime {
  /// The commit's date, not after we first saw it and not before that of the tip before.
  ///
  /// Milliseconds since the epoch.
  var milliseconds: Int64 = 0
  /// The commit's own date, in seconds since 1970; nil without a commit.
  var committedAt: Int?
  var author: String?

  init(run: SyncRun, target: ObjectID?) async throws {
    guard let target else { return }
    let (header, former) = try await run.repository.headers(
      of: target, former: run.state.tip.flatMap { ObjectID($0) })
    let now = wallClock()
    // A date far in the future would overflow.
    func time(_ seconds: Int) -> Int64 { Int64(seconds) <= now / 1_000 ? Int64(seconds) * 1_000 : now }
    milliseconds = time(header.committedAt)
    committedAt = header.committedAt
    if let former { milliseconds = max(milliseconds, time(former.committedAt)) }
    author = "\(header.authorName) <\(header.authorEmail)>"
  }
}

/// Decides about one skill at a time and puts the decision into the form that the transaction takes.
struct Decider {
  let run: SyncRun
  let fileTime: FileTime
  let preview: PreviewTexts?

  /// - Parameters:
  ///   - found: the skill's file, with its bytes; nil if there is none.
  ///   - row: what `ImportPlan.bothSides` read.
  /// - Returns: nil if an import has nothing to do for it.
  func change(
    _ id: String, _ found: FoundFile?, _ bytes: [UInt8]?, _ row: Postgres.Row
  ) async throws -> (RowChange, ImportPlan.Outcome.Kind, path: String)? {
    var stored = try run.table.storedRow(row)
    let base = try StoredBase(row, fields: run.fields)
    if let base { stored?.complete(from: base) }
    var file: File?
    if let found, let bytes {
      file = File(
        path: found.path, blob: found.blob, values: try readSkillText(bytes, fields: run.fields).values)
    }
    let rowAt =
      try row.optionalText("changed_at").flatMap(Double.init).map { Int64($0) }
      ?? stored?.updatedAt.flatMap(milliseconds(of:))
    let chosen = try row.optionalText("conflict_id") == nil ? nil : run.settlement
    if let chosen, chosen.skillID == id, let stored, let file {
      let decision = settle(chosen.settlement, row: side(stored, base), file: file)
      var planned = try planned(
        decision, row, id: id, stored: stored, base: base, file: file, bytes: bytes, rowAt: rowAt)
      planned?.0.settledBy = chosen.person
      return planned
    }
    let decision = try await reconcile(
      base: base?.base, row: stored.map { side($0, base) }, file: file, policy: run.settings.conflictPolicy,
      deletePolicy: run.settings.deletePolicy, rowIsNewer: (rowAt ?? 0) > fileTime.milliseconds,
      mergeLines: { old, ours, theirs, favorRow in
        let merged = try await run.lineMerge.mergeLines(
          base: old, ours: ours, theirs: theirs, favor: favorRow ? .ours : .theirs)
        return MergedText(text: merged.text, overlaps: merged.overlaps)
      })
    return try planned(
      decision, row, id: id, stored: stored, base: base, file: file, bytes: bytes, rowAt: rowAt)
  }

  /// The row's owner, as a file's author is written; nil for the application's own system user, which is nobody.
  private func owner(of stored: StoredRow) -> String? {
    guard let owner = stored.ownerRelation else { return stored.ownerID }
    if SystemOwner.isSystem(owner) { return nil }
    let email = owner.email.map { "<\($0)>" }
    let parts = [owner.name, email].compactMap { $0 }
    return parts.isEmpty ? owner.userID : parts.joined(separator: " ")
  }

  /// An inactive row whose file was deleted is archived, whatever else it says.
  private func side(_ stored: StoredRow, _ base: StoredBase?) -> SkillsCore.Row {
    var row = stored.row
    if base?.base.state == .tombstone, !row.values.active { row.publication = .archived }
    return row
  }

  private func planned(
    _ decision: Decision, _ row: Postgres.Row, id: String, stored: StoredRow?, base: StoredBase?, file: File?,
    bytes: [UInt8]?, rowAt: Int64?
  ) throws -> (RowChange, ImportPlan.Outcome.Kind, path: String)? {
    var effect = decision.row
    // Nothing to write where the row says it already.
    if case .write(let values) = effect, values == stored?.row.values, stored?.row.publication != .archived {
      effect = .keep
    }
    // A file that a save overwrites is kept by the export that writes it.
    let record = decision.reason == .staleSave ? .none : decision.record
    let waiting = try row.optionalText("conflict_id")
    let rowText =
      record == .none
      ? nil : try stored.map { try self.rowText($0, editing: bytes ?? base.map { Array($0.text.utf8) }) }
    if record == .open, waiting != nil, try row.optionalText("conflict_row") == rowText,
      try row.optionalText("conflict_file") == bytes.map({ String(decoding: $0, as: UTF8.self) })
    {
      return nil  // it waits as it was recorded
    }
    guard effect != .keep || decision.base != .keep || record != .none || waiting != nil else { return nil }
    // Rows are never written: the file stays as it is and shows as a difference.
    if run.settings.direction == .export, effect != .keep { return nil }
    var change = RowChange(
      skillID: id, effect: .keep, expectedDigest: stored?.digest, reason: decision.reason,
      base: decision.base,
      agrees: true, enqueues: false, record: record)
    var after = stored?.row.values
    switch effect {
    case .keep: break
    case .archive: change.effect = .archive
    case .delete: change.effect = .delete
    case .write(let values):
      change.effect = stored == nil ? .insert : .update
      change.previousText = base?.text
      after = values
      fill(&change, with: values, stored: stored, bytes: bytes)
    }
    if change.effect != .update {
      change.previousText = base?.base.previousValues == nil ? nil : base?.previousText
    }
    if let file, let bytes {
      change.file = (file.path, file.blob, String(decoding: bytes, as: UTF8.self))
      change.fileTitle = file.values.title
    }
    switch decision.base {
    case .asFound:
      change.agrees = after == file?.values
      change.enqueues = !change.agrees && after != nil && isExported(stored, effect)
    case .tombstone:
      change.agrees = decision.reason != .editBeatsDelete
      change.enqueues = decision.reason == .editBeatsDelete
    case .keep:
      // The conflict is over, and the export that met it took the row's outbox entry.
      if waiting != nil, decision.file != .keep { change.enqueues = true }
    }
    if record != .none {
      change.baseText = base?.text
      change.rowText = rowText
      change.rowAt = rowAt
      change.rowBy = stored.flatMap(owner)
      change.fileAt = fileTime.milliseconds
      change.fileBy = fileTime.author
    }
    if let preview, change.effect != .keep {
      let path = file?.path ?? base?.base.path ?? id
      let found = bytes ?? base.map { Array($0.text.utf8) }
      if change.effect == .archive { after?.active = false }
      if change.effect == .delete { after = nil }
      try preview.add(
        path: path, before: stored.map { try self.rowText($0, editing: found) },
        after: after.map {
          String(
            decoding: try skillBytes(saying: $0, of: id, row: stored, editing: found, fields: run.fields),
            as: UTF8.self)
        })
    }
    return (change, kind(of: change, decision, base: base, file: file), file?.path ?? base?.base.path ?? "")
  }

  /// Whether an export may have something to do for the row: one that was never published stays in the database.
  private func isExported(_ stored: StoredRow?, _ row: Decision.RowEffect) -> Bool {
    stored?.row.publication != .draft || row != .keep
  }

  /// Fills in the columns whose value changes; all of them for a new row.
  private func fill(
    _ change: inout RowChange, with values: SkillValues, stored: StoredRow?, bytes: [UInt8]?
  ) {
    let old = stored?.row.values
    func changed<Field: Equatable>(_ field: KeyPath<SkillValues, Field>) -> Field? {
      values[keyPath: field] == old?[keyPath: field] ? nil : values[keyPath: field]
    }
    change.title = changed(\.title)
    change.content = changed(\.body)
    change.categories = changed(\.categories)
    change.tier = changed(\.tier)
    change.active = changed(\.active)
    change.summary = changed(\.summary)
    if let owners = changed(\.owners) {
      change.owners = owners
      change.ownersColumn = ownersColumn(owners, stored: stored?.owners ?? [])
      let relation = stored?.ownerRelation
      change.findsOwner =
        relation.map { !SystemOwner.isSystem($0) && !owners.contains(where: $0.isSamePerson) }
        ?? (stored == nil)
    }
    if let sources = changed(\.sources) {
      let named = sources.named(as: old?.sources ?? [])
      change.sourcesColumn = try? JSON.text(named.map { JSONValue.object($0.members) })
    }
    guard stored == nil, let bytes, let file = try? read(bytes) else { return }
    change.createdAt = createdTime(file.values["created"])
  }

  /// The listed owners as JSON; what else the row knew of a person (an image) is kept.
  private func ownersColumn(_ owners: [Owner], stored: [JSONValue]) -> String? {
    let values = owners.map { owner -> JSONValue in
      let known = owner.match(among: stored) {
        Owner(name: $0["name"]?.text, email: $0["email"]?.text, userID: $0["userId"]?.text)
      }
      var members: [String: JSONValue] = [:]
      if case .object(let found)? = known { members = found }
      for (key, value) in [("name", owner.name), ("email", owner.email), ("userId", owner.userID)] {
        members[key] = value.map { .string($0) }
      }
      return .object(members)
    }
    return try? JSON.text(values)
  }

  /// What the row says, as a skill file.
  private func rowText(_ stored: StoredRow, editing bytes: [UInt8]?) throws -> String {
    let values = stored.row.values
    let text =
      (try? skillBytes(saying: values, of: stored.id, row: stored, editing: bytes, fields: run.fields))
      ?? (try? skillBytes(saying: values, of: stored.id, row: stored, editing: nil, fields: run.fields))
    return text.map { String(decoding: $0, as: UTF8.self) } ?? values.body
  }

  private func kind(
    of change: RowChange, _ decision: Decision, base: StoredBase?, file: File?
  ) -> ImportPlan.Outcome.Kind {
    if change.record == .open { return .conflict }
    return switch change.effect {
    case .insert: .created
    case .update: base?.base.state == .tombstone ? .created : .updated
    case .archive: .archived
    case .delete: .deleted
    case .keep: file != nil && base != nil && file?.path != base?.base.path ? .renamed : .recorded
    }
  }
}

/// A `created` key as a time for the column; nil if it isn't one.
private func createdTime(_ value: Value?) -> String? {
  let time: Int64? =
    switch value {
    case .date(let milliseconds): milliseconds
    case .string(let text): milliseconds(of: text)
    default: nil
    }
  // The years 1 to 9999: the ones that every reader of ISO 8601 takes.
  return time.flatMap {
    (-62_135_596_800_000..<253_402_300_800_000).contains($0) ? isoTime(milliseconds: $0) : nil
  }
}

/// ISO 8601 with a zone as milliseconds since the epoch.
private func milliseconds(of text: String) -> Int64? {
  let styles = [Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle()]
  for style in styles {
    if let date = try? Date(text, strategy: style) {
      return Int64((date.timeIntervalSince1970 * 1000).rounded())
    }
  }
  return nil
}
