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
    guard !title.isEmpty else { throw SkillProblem(Self.problemWithTitle(of: file.values)) }
    self.init(
      title: title, body: file.body,
      categories: fields.contains(.categories) ? fileCategories(file).meanings : [],
      tier: (fields.contains(.tier) ? file.values["tier"].flatMap(plainText) : nil)
        ?? SkillValues.defaultTier,
      owners: fields.contains(.owners) ? fileOwners(file).meanings : [],
      sources: fields.contains(.sources) ? fileSources(file).meanings : [],
      active: !fields.contains(.active) || file.values["active"] != .boolean(false),
      summary: (fields.contains(.summary) ? file.values["summary"].flatMap(plainText) : nil) ?? "")
  }
}

extension SkillValues {
  /// Why a file has no title, by what its writer may have taken for one.
  private static func problemWithTitle(of values: Mapping) -> String {
    switch values["title"] ?? values["name"] {
    case .list, .map: return "the title must be a text: put it in quotes"
    case .some: return "the title is empty: write it after `title:`"
    case nil: break
    }
    if let key = keyLikeTitle(in: values) { return "keys are in lower case: write `title`, not `\(key)`" }
    return values.isEmpty
      ? "the file has no front matter: begin it with a line `---`, a line `title: …` and another line `---`"
      : "the file has no title: add a line `title: …` to its front matter"
  }

  /// A key that differs from `title` in upper and lower case alone.
  static func keyLikeTitle(in values: Mapping) -> String? {
    values.entries.first { $0.key.utf8.count == 5 && $0.key.lowercased() == "title" }?.key
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

/// A time as the front matter writes it: ISO 8601, UTC, milliseconds.
public func isoTime(milliseconds: Int64) -> String {
  // `Date` counts seconds in binary and its text is cut, not rounded: half a millisecond keeps each from the one before.
  Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1000)
    .ISO8601Format(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
}

func value(of json: JSONValue) -> Value {
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

func json(of value: Value) -> JSONValue {
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

/// A scalar as the text, as JavaScript writes numbers, that a database column takes of it; nil for null, lists and maps.
func plainText(_ value: Value) -> String? {
  switch value {
  case .string(let text): text
  case .number(let number): numberText(number)
  case .boolean(let value): String(value)
  case .date(let milliseconds): isoTime(milliseconds: milliseconds)
  case .null, .list, .map: nil
  }
}

func fileCategories(_ file: SkillFile) -> FileList<String> { FileList(file.values["categories"], plainText) }

func fileOwners(_ file: SkillFile) -> FileList<Owner> {
  FileList(file.values["owners"]) { item in
    guard case .map(let map) = item else {
      return plainText(item).map { Owner(name: $0, email: nil, userID: nil) }
    }
    let owner = Owner(
      name: map["name"].flatMap(plainText), email: map["email"].flatMap(plainText),
      userID: map["userId"].flatMap(plainText))
    return owner == Owner(name: nil, email: nil, userID: nil) ? nil : owner
  }
}

func fileSources(_ file: SkillFile) -> FileList<Source> {
  FileList(file.values["sources"]) { item in
    if case .object(let members) = json(of: item) { return Source(members: members) }
    return plainText(item).map { Source(members: ["url": .string($0)]) }
  }
}
