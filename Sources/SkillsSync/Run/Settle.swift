import Git
import Postgres
import SkillFiles
import SkillsCore

/// What a person takes to settle a conflict.
public enum ConflictChoice: Sendable {
  /// What the row says.
  case row
  /// What the file in git says.
  case file
  /// What this text says, a skill file's bytes.
  case text([UInt8])
}

/// A conflict that is to be settled in this run, as a person chose.
struct ChosenSettlement {
  var skillID: String
  var settlement: Settlement
  var person: String
}

extension Session {
  /// Settles a conflict that waits: an import that decides about its skill as the person did, and records both texts as they
  /// are at that moment.
  ///
  /// What the row says otherwise than the file is brought to git by the next export.
  ///
  /// - Parameters:
  ///   - id: the conflict's.
  ///   - person: who settles it, for the record.
  /// - Returns: the skill's id.
  /// - Throws: a `SyncError` of type `ConflictNotFound` if no such conflict waits, `NotSettled` if it can't be settled in
  ///   this way, `Paused`; a `SkillFileError` or a `SkillProblem` if the text isn't a skill file.
  public func settle(
    conflict id: Int, by choice: ConflictChoice, person: String, deadline: Deadline, progress: Progress
  ) async throws -> String {
    try await withRun(deadline, progress: progress) { run in
      let skillID = try Session.waiting(id, run)
      run.settlement = ChosenSettlement(
        skillID: skillID, settlement: try Session.settlement(choice, of: skillID, run), person: person)
      guard try await run.waitForLease() else { throw SyncError.outOfTime }
      var report = ImportReport()
      for attempt in 0..<mostTries {
        if run.state.isPaused {
          throw SyncError(
            type: "Paused", description: "nothing is changed while the sync is paused: `skills-to-git resume`"
          )
        }
        do {
          report = ImportReport()
          try await Importer(run: run, isSweep: true).run(into: &report)
          break
        } catch is Overtaken {
          try await run.backOff(attempt: attempt)
          try run.readState()
        }
      }
      guard try run.connection.query(Session.read(id, run)).isEmpty else {
        let reason =
          report.failed.first { $0.skillId == skillID }?.error
          ?? "its row is being saved, its file can't be read or is gone, or SYNC_DIRECTION keeps rows from being "
          + "written. See `skills-to-git status`, then try again"
        throw SyncError(
          type: "NotSettled", description: "conflict \(id) of skill \(skillID) still waits: \(reason)")
      }
      return skillID
    }
  }

  private static func read(_ id: Int, _ run: SyncRun) -> Statement {
    Statement(
      "read the conflict",
      "SELECT skill_id FROM skill_sync.conflict WHERE repository_id = $1 AND id = $2 AND resolved_at IS NULL",
      [.integer(run.state.id), .integer(id)])
  }

  private static func waiting(_ id: Int, _ run: SyncRun) throws -> String {
    guard let row = try run.connection.query(read(id, run)).first else {
      throw SyncError.conflictNotFound(id)
    }
    return try row.text("skill_id")
  }

  private static func settlement(
    _ choice: ConflictChoice, of skillID: String, _ run: SyncRun
  ) throws -> Settlement {
    switch choice {
    case .row: return .row
    case .file: return .file
    case .text(let bytes):
      let text = try readSkillText(bytes, fields: run.fields)
      guard text.id == nil || text.id == skillID else {
        throw SkillProblem("the text has the id of another skill: the conflict is that of \(skillID)")
      }
      return .values(text.values)
    }
  }
}

extension SyncError {
  static func conflictNotFound(_ id: Int) -> SyncError {
    SyncError(
      type: "ConflictNotFound",
      description:
        "there is no conflict \(id) that waits for a person: `skills-to-git conflicts` lists those that do")
  }
}
