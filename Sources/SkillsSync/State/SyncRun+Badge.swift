import Postgres

extension SyncRun {
  /// Does `work` with the application's badges; again and without them where a row's data or rule is in the way.
  ///
  /// - Returns: whether they were set with it. If not, `showOneByOne` is to follow.
  func settingBadges(_ work: (_ setsBadges: Bool) throws -> Void) throws -> Bool {
    do {
      try work(true)
      return true
    } catch let error as PostgresError where error.isDataError {
      try work(false)
      return false
    }
  }

  /// Sets the application's badge row by row, for what is recorded by now.
  ///
  /// For where setting all at once met a row that the application's own rules keep from being touched: that one keeps the
  /// badge it has, and a row that somebody has locked too.
  ///
  /// - Parameter commit: the one to show; as it is if nil.
  func showOneByOne(_ skillIDs: [String], commit: String?) {
    guard table.has("syncStatus") else { return }
    var columns = [
      """
      "syncStatus" = CASE
        WHEN EXISTS (SELECT FROM skill_sync.conflict o WHERE o.repository_id = $1 AND o.skill_id = $2
          AND o.resolved_at IS NULL) THEN 'failed'
        WHEN b.digest IS DISTINCT FROM \(table.digest("s")) THEN 'pending' ELSE 'synced' END
      """
    ]
    var more: [Parameter] = []
    if table.has("gitCommitSha"), let commit {
      columns.append(#""gitCommitSha" = $3"#)
      more.append(.text(commit))
    }
    for skillID in skillIDs where deadline.hasTime {
      let statement = Statement(
        "show what was synced",
        """
        UPDATE \(table.quotedName) s SET \(columns.joined(separator: ", ")) FROM skill_sync.base b
        WHERE b.repository_id = $1 AND b.skill_id = $2
          AND s.id IN (SELECT f.id FROM \(table.quotedName) f WHERE \(table.id("f")) = $2 FOR NO KEY UPDATE SKIP LOCKED)
        """, [.integer(state.id), .text(skillID)] + more)
      do {
        _ = try connection.query(statement)
      } catch {
        log.warning("the badge can't be set", metadata: ["skillId": "\(skillID)", "error": "\(error)"])
      }
    }
  }
}
