import SkillFiles
import SkillsCore

/// A skill file as it was read: its bytes, and the values that they give.
struct SkillText {
  var file: SkillFile
  var values: SkillValues
  var id: String?
}

/// Reads a skill file's bytes.
///
/// Throws a `SkillFileError` or a `SkillProblem`.
func readSkillText(_ bytes: [UInt8], fields: SyncedFields) throws -> SkillText {
  let file = try read(bytes)
  return SkillText(file: file, values: try SkillValues(file, fields: fields), id: try skillID(in: file))
}

/// The values of a text that was read before; nil if it can't be (any more).
func valuesOfSkillFile(_ text: String, fields: SyncedFields) -> SkillValues? {
  (try? readSkillText(Array(text.utf8), fields: fields))?.values
}

/// The bytes of the file that says what the row says: the found file edited, or a new one.
///
/// Throws a `SkillFileError` or a `SkillProblem` where the file can't say it.
func skillBytes(
  saying values: SkillValues, of id: String, row: StoredRow?, editing found: [UInt8]?, fields: SyncedFields
) throws -> [UInt8] {
  let file = try found.map { try read($0) }
  let edits = try changes(
    to: file, saying: values, id: id, created: row?.createdAt, updated: row?.updatedAt, fields: fields)
  return try edit(found ?? [], edits)
}
