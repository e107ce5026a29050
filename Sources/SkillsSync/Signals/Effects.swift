import SkillsCore

extension CommittedChange.Kind {
  /// What counts such a change.
  var metric: Metric {
    switch self {
    case .create: .created
    case .update: .updated
    case .rename: .renamed
    case .delete: .removed
    }
  }
}

extension ImportPlan.Outcome.Kind {
  /// What counts such an outcome; nil where no row was changed.
  var metric: Metric? {
    switch self {
    case .created: .created
    case .updated: .updated
    case .renamed: .renamed
    case .archived, .deleted: .removed
    case .conflict, .recorded: nil
    }
  }
}

extension SyncRun {
  /// Says of each file that it was pushed, and of the push.
  func announce(_ items: [ExportPlan.Item], commit: String) {
    measurements.count(.pushes)
    for item in items {
      measurements.count(item.kind.metric)
      log.info(
        "exported",
        metadata: [
          "skillId": "\(item.skillID)", "path": "\(item.path)", "operation": "\(item.kind.rawValue)",
          "reason": "\(item.reason.rawValue)", "commit": "\(commit)",
        ])
    }
    log.info("pushed", metadata: ["commit": "\(commit)", "skills": "\(items.count)"])
  }

  /// Says of each row what was made of it.
  func announce(_ outcomes: [ImportPlan.Outcome], commit: String?) {
    for outcome in outcomes {
      if let metric = outcome.kind.metric { measurements.count(metric) }
      log.info(
        "imported",
        metadata: [
          "skillId": "\(outcome.skillID)", "path": "\(outcome.path)", "outcome": "\(outcome.kind)",
          "reason": "\(outcome.reason.rawValue)", "commit": "\(commit ?? "none")",
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
