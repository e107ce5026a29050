import FoundationEssentials
import SkillFiles

/// Why a file that can be read can't be a skill.
public struct SkillProblem: Error, Equatable, CustomStringConvertible {
  /// A sentence for the file's author.
  public let description: String
  /// A problem, told in a sentence.
  public init(_ description: String) { self.description = description }
}

extension SkillValues {
  /// What `file` says, as the application reads it: no title is a problem, everything else has a default.
  ///
  /// Keys: `title` (in a later form `name`), `categories`, `tier`, `owners`, `sources`, `active`, `summary`.
  public init(_ file: SkillFile, fields: SyncedFields) throws(SkillProblem) {
    let title = (file.values["title"] ?? file.values["name"]).flatMap(plainText).map(trimmed) ?? ""
    guard !title.isEmpty else {
      throw SkillProblem("the file has no title: add a line `title: …` to its front matter")
    }
    self.init(
      title: title, body: file.body,
      categories: fields.contains(.categories) ? strings(file.values["categories"]) : [],
      tier: (fields.contains(.tier) ? file.values["tier"].flatMap(plainText) : nil)
        ?? SkillValues.defaultTier,
      owners: fields.contains(.owners) ? fileOwners(file) : [],
      sources: fields.contains(.sources) ? fileSources(file) : [],
      active: !fields.contains(.active) || file.values["active"] != .boolean(false),
      summary: (fields.contains(.summary) ? file.values["summary"].flatMap(plainText) : nil) ?? "")
  }
}

/// The skill's id that `file` carries: nil if it has none.
///
/// Throws if the key `id` holds something that can't be one: 1–255 bytes, no control character, no white space at either end.
public func skillID(in file: SkillFile) throws(SkillProblem) -> String? {
  guard let value = file.values["id"], value != .null else { return nil }
  guard let id = plainText(value) else { throw SkillProblem("the key `id` must be a text") }
  if let problem = problemWithSkillID(id) { throw SkillProblem("the key `id` \(problem)") }
  return id
}

/// What is wrong with `id` as a skill's id, or nil.
public func problemWithSkillID(_ id: String) -> String? {
  if id.isEmpty || id.utf8.count > 255 { return "must have 1 to 255 bytes" }
  if id.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
    return "has a control character"
  }
  return trimmed(id) == id ? nil : "has white space at an end"
}

/// The edits that make `file` say `wanted`.
///
/// Only for what differs, the id where it is missing, and the time of the change where the file has a line for it.
///
/// - Parameters:
///   - file: the file as it is; nil for one that is to be made.
///   - created, updated: ISO 8601 in UTC with milliseconds; information for readers, never a reason to write.
public func changes(
  to file: SkillFile?, saying wanted: SkillValues, id: String, created: String?, updated: String?,
  fields: SyncedFields
) throws(SkillProblem) -> [Change] {
  guard let file else {
    return newFile(saying: wanted, id: id, created: created, updated: updated, fields: fields)
  }
  let found: SkillValues?
  do { found = try SkillValues(file, fields: fields) } catch { found = nil }
  var changes: [Change] = []
  if file.values["id"] == nil || file.values["id"] == .null { changes.append(.set(key: "id", .string(id))) }
  if found.map({ hasSameBytes($0.title, wanted.title) }) != true {
    let key = file.values["title"] == nil && file.values["name"] != nil ? "name" : "title"
    changes.append(.set(key: key, .string(wanted.title)))
  }
  if let found {
    if !found.categories.elementsEqual(wanted.categories, by: hasSameBytes) {
      changes.append(.set(key: "categories", list(wanted.categories)))
    }
    if !hasSameBytes(found.tier, wanted.tier) { changes.append(.set(key: "tier", .string(wanted.tier))) }
    if found.owners != wanted.owners {
      changes.append(.set(key: "owners", value(of: kept(wanted.owners, found.owners))))
    }
    if found.sources != wanted.sources {
      changes.append(.set(key: "sources", value(of: wanted.sources.named(as: found.sources))))
    }
    if found.active != wanted.active { changes.append(.set(key: "active", .boolean(wanted.active))) }
    if !hasSameBytes(found.summary, wanted.summary) {
      changes.append(.set(key: "summary", .string(wanted.summary)))
    }
    if !hasSameBytes(found.body, wanted.body) { changes.append(.body(wanted.body)) }
  }
  if !changes.isEmpty, let updated, file.values["updated"] != nil {
    changes.append(.set(key: "updated", .string(updated)))
  }
  return changes
}

/// A time as the front matter writes it: ISO 8601, UTC, milliseconds.
public func isoTime(milliseconds: Int64) -> String {
  // `Date` counts seconds in binary and its text is cut, not rounded: half a millisecond keeps each from the one before.
  Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1000)
    .ISO8601Format(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
}

private func newFile(
  saying values: SkillValues, id: String, created: String?, updated: String?, fields: SyncedFields
) -> [Change] {
  var changes: [Change] = [.set(key: "id", .string(id)), .set(key: "title", .string(values.title))]
  if fields.contains(.categories) { changes.append(.set(key: "categories", list(values.categories))) }
  if fields.contains(.tier) { changes.append(.set(key: "tier", .string(values.tier))) }
  if let created { changes.append(.set(key: "created", .string(created))) }
  if let updated { changes.append(.set(key: "updated", .string(updated))) }
  if fields.contains(.owners) { changes.append(.set(key: "owners", value(of: values.owners))) }
  if fields.contains(.sources) { changes.append(.set(key: "sources", value(of: values.sources))) }
  if fields.contains(.active) { changes.append(.set(key: "active", .boolean(values.active))) }
  // The first form hasn't this key, the later one may leave it out.
  if !values.summary.isEmpty { changes.append(.set(key: "summary", .string(values.summary))) }
  return changes + [.body(values.body)]
}

private func list(_ texts: [String]) -> Value { .list(texts.map { .string($0) }) }

private func value(of owners: [Owner]) -> Value {
  .list(
    owners.map { owner in
      let members = [("name", owner.name), ("email", owner.email), ("userId", owner.userID)]
      let known = members.compactMap { key, text in
        text.map { Mapping.Entry(key: key, value: .string($0)) }
      }
      return .map(Mapping(known + owner.others.entries))
    })
}

/// The owners with what else the file said of each.
private func kept(_ owners: [Owner], _ found: [Owner]) -> [Owner] {
  owners.map { owner in
    var owner = owner
    // One who has a name alone is the same person nowhere else.
    owner.others = owner.match(among: found) { $0 }?.others ?? Mapping()
    return owner
  }
}

private func value(of sources: [Source]) -> Value {
  let order = Source.applicationKeys
  return .list(
    sources.map { source in
      let keys =
        order.filter { source.members[$0] != nil }
        + source.members.keys.filter { !order.contains($0) }.sorted()
      return .map(Mapping(keys.map { Mapping.Entry(key: $0, value: value(of: source.members[$0] ?? .null)) }))
    })
}

private func value(of json: JSONValue) -> Value {
  switch json {
  case .null: .null
  case .boolean(let value): .boolean(value)
  case .number(let value): .number(value)
  case .string(let value): .string(value)
  case .array(let values): .list(values.map(value(of:)))
  case .object(let members):
    .map(
      Mapping(
        members.sorted { $0.key < $1.key }.map { Mapping.Entry(key: $0.key, value: value(of: $0.value)) }))
  }
}

private func json(of value: Value) -> JSONValue {
  switch value {
  case .null: .null
  case .boolean(let value): .boolean(value)
  case .number(let value): value.isFinite ? .number(value) : .null  // as JavaScript's `JSON.stringify` does
  case .string(let value): .string(value)
  case .date(let milliseconds): .string(isoTime(milliseconds: milliseconds))
  case .list(let values): .array(values.map(json(of:)))
  case .map(let map):
    .object(Dictionary(map.entries.map { ($0.key, json(of: $0.value)) }) { _, last in last })
  }
}

/// A scalar as the text that a database column takes of it; nil for null, lists and maps.
private func plainText(_ value: Value) -> String? {
  switch value {
  case .string(let text): text
  case .number(let number): Int64(exactly: number).map(String.init) ?? String(number)
  case .boolean(let value): String(value)
  case .date(let milliseconds): isoTime(milliseconds: milliseconds)
  case .null, .list, .map: nil
  }
}

private func strings(_ value: Value?) -> [String] {
  switch value {
  case .list(let values): values.compactMap(plainText)
  case let value?: plainText(value).map { [$0] } ?? []
  case nil: []
  }
}

private func fileOwners(_ file: SkillFile) -> [Owner] {
  guard case .list(let items) = file.values["owners"] else { return [] }
  return items.compactMap { item in
    if case .map(let map) = item {
      var owner = Owner(
        name: map["name"].flatMap(plainText), email: map["email"].flatMap(plainText),
        userID: map["userId"].flatMap(plainText))
      owner.others = Mapping(map.entries.filter { !["name", "email", "userId"].contains($0.key) })
      return owner == Owner(name: nil, email: nil, userID: nil) ? nil : owner
    }
    return plainText(item).map { Owner(name: $0, email: nil, userID: nil) }
  }
}

private func fileSources(_ file: SkillFile) -> [Source] {
  guard case .list(let items) = file.values["sources"] else { return [] }
  return items.compactMap { item in
    if case .object(let members) = json(of: item) { return Source(members: members) }
    return plainText(item).map { Source(members: ["url": .string($0)]) }
  }
}
