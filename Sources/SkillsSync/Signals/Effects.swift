import SkillsCore

extension SyncRun {
  /// Says of each file that it was pushed, and of the push.
  func announce(_ items: [ExportPlan.Item], commit: String) {
    for item in items {
      log.info(
        "exported",
        metadata: [
          "skillId": "\(item.skillID)", "path": "\(item.path)", "operation": "\(item.kind.rawValue)",
          "reason": "\(item.reason.rawValue)", "commit": "\(commit)", "milliseconds": "\(milliseconds)",
        ])
    }
    log.info(
      "pushed",
      metadata: ["commit": "\(commit)", "skills": "\(items.count)", "milliseconds": "\(milliseconds)"])
  }

  /// Says of each row what was made of it.
  func announce(_ outcomes: [ImportPlan.Outcome], commit: String?) {
    for outcome in outcomes {
      log.info(
        "imported",
        metadata: [
          "skillId": "\(outcome.skillID)", "path": "\(outcome.path)", "outcome": "\(outcome.kind)",
          "reason": "\(outcome.reason.rawValue)", "commit": "\(commit ?? "none")",
          "milliseconds": "\(milliseconds)",
        ])
    }
  }

  /// Says of each row or file why it is set aside.
  func announce(_ failures: [Failure]) {
    for failure in failures {
      log.warning(
        "set aside: \(failure.message)",
        metadata: [
          "skillId": "\(failure.skillID ?? "")", "path": "\(failure.path ?? "")",
          "reason": "\(failure.reason.rawValue)",
        ])
    }
  }
}
