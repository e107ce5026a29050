import SkillFiles

/// The edits that make `file` say `wanted`.
///
/// Only for what differs, the id where it is missing, and the time of the change where the file has a line for it.
///
/// - Parameters:
///   - file: the file as it is; nil for one that is to be made.
///   - created, updated: ISO 8601 in UTC with milliseconds; information for readers, never a reason to write.
///
/// Throws where `file` can't be a skill: then nothing tells what of it is to stay.
public func changes(
  to file: SkillFile?, saying wanted: SkillValues, id: String, created: String?, updated: String?,
  fields: SyncedFields
) throws(SkillProblem) -> [Change] {
  guard let file else {
    return newFile(saying: wanted, id: id, created: created, updated: updated, fields: fields)
  }
  let found = try SkillValues(file, fields: fields)
  var changes: [Change] = []
  if file.values["id"] == nil || file.values["id"] == .null { changes.append(.set(key: "id", .string(id))) }
  if !hasSameBytes(found.title, wanted.title) {
    let key = file.values["title"] == nil ? "name" : "title"
    changes.append(.set(key: key, .string(wanted.title)))
  }
  if !found.categories.elementsEqual(wanted.categories, by: hasSameBytes) {
    changes.append(.set(key: "categories", categories(wanted.categories, in: fileCategories(file))))
  }
  if !hasSameBytes(found.tier, wanted.tier) { changes.append(.set(key: "tier", .string(wanted.tier))) }
  if found.owners != wanted.owners {
    changes.append(.set(key: "owners", owners(wanted.owners, in: fileOwners(file))))
  }
  if found.sources != wanted.sources {
    let named = wanted.sources.named(as: found.sources)
    changes.append(.set(key: "sources", sources(named, in: fileSources(file))))
  }
  if found.active != wanted.active { changes.append(.set(key: "active", .boolean(wanted.active))) }
  if !hasSameBytes(found.summary, wanted.summary) {
    changes.append(.set(key: "summary", .string(summary(wanted.summary, in: file))))
  }
  if !hasSameBytes(found.body, wanted.body) { changes.append(.body(wanted.body)) }
  if !changes.isEmpty, let updated, file.values["updated"] != nil {
    changes.append(.set(key: "updated", .string(updated)))
  }
  return changes
}

/// The summary with the line break that ends a text under `|` or `>`: without it the mark would become `|-`.
private func summary(_ wanted: String, in file: SkillFile) -> String {
  guard case .string(let found)? = file.values["summary"], found.utf8.last == UInt8(ascii: "\n"),
    !wanted.isEmpty
  else { return wanted }
  return wanted + "\n"
}

private func newFile(
  saying values: SkillValues, id: String, created: String?, updated: String?, fields: SyncedFields
) -> [Change] {
  var changes: [Change] = [.set(key: "id", .string(id)), .set(key: "title", .string(values.title))]
  if fields.contains(.categories) { changes.append(.set(key: "categories", categories(values.categories))) }
  if fields.contains(.tier) { changes.append(.set(key: "tier", .string(values.tier))) }
  if let created { changes.append(.set(key: "created", .string(created))) }
  if let updated { changes.append(.set(key: "updated", .string(updated))) }
  if fields.contains(.owners) { changes.append(.set(key: "owners", owners(values.owners))) }
  if fields.contains(.sources) { changes.append(.set(key: "sources", sources(values.sources))) }
  if fields.contains(.active) { changes.append(.set(key: "active", .boolean(values.active))) }
  // The first form hasn't this key, the later one may leave it out.
  if !values.summary.isEmpty { changes.append(.set(key: "summary", .string(values.summary))) }
  return changes + [.body(values.body)]
}

private func categories(_ wanted: [String], in found: FileList<String> = FileList(nil) { _ in nil }) -> Value
{
  found.saying(wanted, keys: { [Array($0.utf8)] }, isSame: hasSameBytes) { text, _ in .string(text) }
}

private func owners(_ wanted: [Owner], in found: FileList<Owner> = FileList(nil) { _ in nil }) -> Value {
  found.saying(wanted, keys: keys, isSame: ==) { owner, item in
    var known = Mapping()
    if case .map(let map)? = item { known = map }
    let members = [("name", owner.name), ("email", owner.email), ("userId", owner.userID)]
    let written = members.compactMap { key, text -> Mapping.Entry? in
      // Also what means nothing stays where nothing is to be said: `name: ~`.
      if let found = known[key], hasSameBytes(plainText(found) ?? "", text ?? "") {
        return Mapping.Entry(key: key, value: found)
      }
      return text.map { Mapping.Entry(key: key, value: .string($0)) }
    }
    // What else the file says of the person stays.
    return .map(Mapping(written + known.entries.filter { entry in !members.contains { $0.0 == entry.key } }))
  }
}

/// What a person is known by: the user, the address, or with neither the name, which says nothing of anybody else.
private func keys(_ owner: Owner) -> [[UInt8]] {
  let keys = [
    owner.userID.map { Array("u\($0)".utf8) }, owner.email.map { Array("e\($0.lowercased())".utf8) },
  ].compactMap { $0 }
  return keys.isEmpty ? [Array("n\(owner.name ?? "")".utf8)] : keys
}

private func sources(_ wanted: [Source], in found: FileList<Source> = FileList(nil) { _ in nil }) -> Value {
  found.saying(wanted, keys: { [Array(($0.url ?? "").utf8)] }, isSame: ==) { source, item in
    var known = Mapping()
    if case .map(let map)? = item { known = map }
    let order = Source.applicationKeys
    let keys =
      order.filter { source.members[$0] != nil }
      + source.members.keys.filter { !order.contains($0) }.sorted()
    let written = keys.map { key -> Mapping.Entry in
      let member = source.members[key] ?? .null
      let isSaid = known[key].map { json(of: $0) == member } == true
      return Mapping.Entry(key: key, value: (isSaid ? known[key] : nil) ?? value(of: member))
    }
    // A key without a value that JSON has (`~`, `.nan`) is no member, and stays.
    return .map(
      Mapping(written + known.entries.filter { json(of: $0.value) == .null && source.members[$0.key] == nil })
    )
  }
}
