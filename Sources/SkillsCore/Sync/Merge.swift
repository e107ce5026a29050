/// A text merged line by line.
public struct MergedText: Equatable, Sendable {
  public var text: String
  /// Whether both sides changed the same lines, so that one of them lost there.
  public var overlaps: Bool

  public init(text: String, overlaps: Bool) {
    self.text = text
    self.overlaps = overlaps
  }
}

/// Merges three versions of a text line by line; lines that both changed go to the row if `favorRow`, else to the file.
public typealias LineMerge = (_ base: String, _ row: String, _ file: String, _ favorRow: Bool) async throws -> MergedText

/// A three-way merge of all fields; a field that both sides changed differently goes to the last writer, the body line by line.
func merge(
  base: SkillValues, row: SkillValues, file: SkillValues, rowIsNewer: Bool, mergeLines: LineMerge
) async throws -> (values: SkillValues, overlaps: Bool) {
  var overlaps = false
  func field<Field: Equatable>(_ path: KeyPath<SkillValues, Field>) -> Field {
    let (old, ours, theirs) = (base[keyPath: path], row[keyPath: path], file[keyPath: path])
    if ours == old || ours == theirs { return theirs }
    if theirs == old { return ours }
    overlaps = true
    return rowIsNewer ? ours : theirs
  }
  var values = SkillValues(
    title: field(\.title), body: "", categories: field(\.categories), tier: field(\.tier), owners: field(\.owners),
    sources: field(\.sources), active: field(\.active))
  if row.body == base.body || row.body == file.body {
    values.body = file.body
  } else if file.body == base.body {
    values.body = row.body
  } else {
    let merged = try await mergeLines(base.body, row.body, file.body, rowIsNewer)
    values.body = trimmed(merged.text)
    overlaps = overlaps || merged.overlaps
  }
  return (values, overlaps)
}
