/// A text merged line by line.
public struct MergedText: Equatable, Sendable {
  /// The merged text.
  public var text: String
  /// Whether both sides changed the same lines, so that one of them lost there.
  public var overlaps: Bool

  /// A merged text, and whether one side lost some of its lines.
  public init(text: String, overlaps: Bool) {
    self.text = text
    self.overlaps = overlaps
  }
}

/// Merges three versions of a text line by line; lines that both changed go to the row if `favorRow`, else to the file.
public typealias LineMerge = (
  _ base: String, _ row: String, _ file: String, _ favorRow: Bool
) async throws -> MergedText

/// A three-way merge of all fields.
///
/// A field that both sides changed differently goes to the last writer, the body line by line.
func merge(
  base: SkillValues, row: SkillValues, file: SkillValues, rowIsNewer: Bool, mergeLines: LineMerge
) async throws -> (values: SkillValues, overlaps: Bool) {
  var overlaps = false
  func field<Field>(_ path: KeyPath<SkillValues, Field>, _ isSame: (Field, Field) -> Bool) -> Field {
    let (old, ours, theirs) = (base[keyPath: path], row[keyPath: path], file[keyPath: path])
    if isSame(ours, old) || isSame(ours, theirs) { return theirs }
    if isSame(theirs, old) { return ours }
    overlaps = true
    return rowIsNewer ? ours : theirs
  }
  var values = SkillValues(
    title: field(\.title, hasSameBytes), body: "",
    categories: field(\.categories) { $0.elementsEqual($1, by: hasSameBytes) },
    tier: field(\.tier, hasSameBytes), owners: field(\.owners, ==), sources: field(\.sources, ==),
    active: field(\.active, ==), summary: field(\.summary, hasSameBytes))
  if hasSameBytes(row.body, base.body) || hasSameBytes(row.body, file.body) {
    values.body = file.body
  } else if hasSameBytes(file.body, base.body) {
    values.body = row.body
  } else {
    let merged = try await mergeLines(base.body + "\n", row.body + "\n", file.body + "\n", rowIsNewer)
    values.body = trimmed(merged.text)
    overlaps = overlaps || merged.overlaps
  }
  return (values, overlaps)
}
