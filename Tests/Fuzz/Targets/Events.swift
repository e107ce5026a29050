import SkillsCore

extension Target {
  /// The decoder of what `skills-to-git` is invoked with: a request, or a refusal in words.
  static let exportEvents = Target(
    name: "export-events",
    seeds: { try repositoryFiles(below: "Events/skills-to-git", suffix: ".json").map(repositoryFile) },
    words: jsonWords + ["skillId", "operation", "action", "sync", "export", "detail-type", "aws.rds", "Sns"]
  ) { bytes in
    do {
      let event = try ExportEvent(bytes)
      let requests: [ExportRequest] =
        switch event {
        case .single(let request): [request]
        case .queue(let records): records.compactMap { try? $0.request.get() }
        case .drift: []
        }
      for case .skills(let ids) in requests {
        expect(ids.allSatisfy { problemWithSkillID($0) == nil }, "an id that no skill may have: \(ids)")
        expect(Set(ids.map { Array($0.utf8) }).count == ids.count, "an id twice: \(ids)")
      }
    } catch let refusal as InvalidEvent {
      expect(!refusal.description.isEmpty, "a refusal without words")
    }
  }

  /// The decoder of what `git-to-skills` is invoked with.
  static let importEvents = Target(
    name: "import-events",
    seeds: { try repositoryFiles(below: "Events/git-to-skills", suffix: ".json").map(repositoryFile) },
    words: jsonWords + [
      "multiValueHeaders", "isBase64Encoded", "requestContext", "httpMethod", "action", "import",
    ]
  ) { bytes in
    do {
      _ = try ImportEvent(bytes)
    } catch let refusal as InvalidEvent {
      expect(!refusal.description.isEmpty, "a refusal without words")
    }
  }

  static let jsonWords = [
    "{\"", "\":", "\",\"", "[", "]", "{}", "[]", "null", "true", "false", "-1", "1e9", "\\u0000", "\\ud83d",
    "\\\"",
    "\"Records\":[", "\"eventSource\":\"aws:sqs\"", "\"body\":\"", "\"messageId\":\"", "source", "aws.events",
    "aws.scheduler", "\"headers\":{", "\u{FEFF}",
  ]
}
