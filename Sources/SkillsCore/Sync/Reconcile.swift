/// Decides what is to be done about one skill by comparing both sides with the base.
///
/// No side effects: what it needs to know of the world (who wrote last, how lines merge) comes in as arguments. The whole
/// table of decisions is in `docs/decisions.md`, from which the tests read it.
///
/// - Parameters:
///   - base: the last version that both sides agreed on; nil if they never did.
///   - row: the database's side; nil if there is no row.
///   - file: git's side; nil if there is no file.
///   - rowIsNewer: whether the row was saved after the file was committed. Asked only where both changed.
/// - Throws: what `mergeLines` throws.
public func reconcile(
  base: Base?, row: Row?, file: File?, policy: ConflictPolicy, deletePolicy: GitDeletePolicy,
  rowIsNewer: Bool, mergeLines: LineMerge
) async throws -> Decision {
  guard let base else { return firstContact(row: row, file: file) }
  let isGone = base.state == .tombstone

  switch (row, file) {
  case (nil, nil):
    return isGone ? .nothing : Decision(.bothDeleted, base: .tombstone)

  case (nil, let file?):
    if isGone { return Decision(.createRowAnew, row: .write(file.values), base: .asFound) }
    if file.values == base.values { return Decision(.deleteFile, file: .delete, base: .asFound) }
    return Decision(.editBeatsDelete, row: .write(file.values), base: .asFound, record: .settled)

  case (let row?, nil):
    if isGone {
      return row.publication == .published
        ? Decision(.createFileAnew, file: .write(row.values)) : .nothing
    }
    if row.values == base.values {
      return Decision(.archiveRow, row: deletePolicy == .archive ? .archive : .delete, base: .tombstone)
    }
    return Decision(.editBeatsDelete, base: .tombstone, record: .settled)

  case (let row?, let file?):
    return try await bothPresent(
      base: base, row: row, file: file, policy: policy, rowIsNewer: rowIsNewer, mergeLines: mergeLines)
  }
}

private func firstContact(row: Row?, file: File?) -> Decision {
  switch (row, file) {
  case (nil, nil): .nothing
  case (let row?, nil):
    row.publication == .published ? Decision(.createFile, file: .write(row.values)) : .nothing
  case (nil, let file?): Decision(.createRow, row: .write(file.values), base: .asFound)
  case (let row?, let file?):
    row.values == file.values
      ? Decision(.adopt, base: .asFound) : Decision(.conflict, record: .open)
  }
}

private func bothPresent(
  base: Base, row: Row, file: File, policy: ConflictPolicy, rowIsNewer: Bool, mergeLines: LineMerge
) async throws -> Decision {
  let isGone = base.state == .tombstone
  let isRevived = isGone && row.publication == .archived
  // Archiving made the row inactive; that is no edit of what it says.
  var rowValues = row.values
  if isRevived { rowValues.active = base.values.active }
  let isFileAtBase = !isGone && hasSameBytes(file.path, base.path) && file.blob == base.blob
  let revived: Decision.RowEffect = isRevived ? .write(withActive(rowValues, file.values.active)) : .keep

  if rowValues == file.values {
    return isFileAtBase ? .nothing : Decision(.sameChange, row: revived, base: .asFound)
  }
  if isGone, !isRevived, file.values != base.values {
    return Decision(.conflict, record: .open)  // taken up again on both sides
  }
  if rowValues == base.values {
    return Decision(.writeRow, row: .write(file.values), base: .asFound)
  }
  if file.values == base.values {
    let isStale = !isGone && rowValues == base.previousValues
    return Decision(
      isStale ? .staleSave : .writeFile, row: revived,
      file: row.publication == .published ? .write(rowValues) : .keep, base: isFileAtBase ? .keep : .asFound,
      record: isStale ? .settled : .none)
  }
  switch policy {
  case .manual:
    return Decision(.conflict, record: .open)
  case .lastWriteWins:
    let active = isRevived ? file.values.active : rowValues.active
    let winner = rowIsNewer ? withActive(rowValues, active) : file.values
    return Decision(.lastWriteWins, row: .write(winner), base: .asFound, record: .settled)
  case .merge:
    let merged = try await merge(
      base: base.values, row: rowValues, file: file.values, rowIsNewer: rowIsNewer, mergeLines: mergeLines)
    return Decision(
      .merge, row: .write(merged.values), base: .asFound, record: merged.overlaps ? .settled : .none)
  }
}

private func withActive(_ values: SkillValues, _ active: Bool) -> SkillValues {
  var values = values
  values.active = active
  return values
}
