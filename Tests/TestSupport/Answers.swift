import Foundation

/// Deletions that wait for a confirmation.
package struct HeldAnswer: Decodable, Equatable, Sendable {
  package var direction: String
  package var count: Int
  package var digest: String
  package var command: String
}

/// The answer of `skills-to-git`.
package struct ExportAnswer: Decodable, Equatable, Sendable {
  /// A skill that was set aside.
  package struct Failed: Decodable, Equatable, Sendable {
    /// The skill's id.
    package var skillId: String
    /// The reason.
    package var error: String
  }

  package var created, updated, renamed, deleted, unchanged, conflicts: [String]
  package var failed: [Failed]
  package var held: HeldAnswer?
  package var paused: Bool
  package var commits: [String]
  package var pending: Int
  package var counts: [String: Int]
  package var batchItemFailures: [BatchItemFailure]?

  /// Whether it wrote nothing to git.
  package var didNothing: Bool {
    commits.isEmpty && created.isEmpty && updated.isEmpty && renamed.isEmpty && deleted.isEmpty
  }
}

/// The answer of `git-to-skills`.
package struct ImportAnswer: Decodable, Equatable, Sendable {
  /// A skill that something happened to.
  package struct Item: Decodable, Equatable, Sendable {
    package var skillId: String
    package var path: String

    /// A skill and its file.
    package init(_ skillId: String, _ path: String) { (self.skillId, self.path) = (skillId, path) }
  }

  /// A file that was set aside.
  package struct Failed: Decodable, Equatable, Sendable {
    package var skillId: String?
    package var path: String
    package var error: String
  }

  package var created, updated, renamed, archived, deleted, unchanged, conflicts: [Item]
  package var failed: [Failed]
  package var held: HeldAnswer?
  package var paused: Bool
  package var tip: String?
  package var counts: [String: Int]
  package var batchItemFailures: [BatchItemFailure]?

  /// Whether it wrote no row.
  package var didNothing: Bool {
    created.isEmpty && updated.isEmpty && archived.isEmpty && deleted.isEmpty && renamed.isEmpty
  }
}

/// An SQS message that comes again.
package struct BatchItemFailure: Decodable, Equatable, Sendable {
  package var itemIdentifier: String
}

/// An answer as API Gateway takes it.
package struct WebhookAnswer: Decodable, Equatable, Sendable {
  package var statusCode: Int
  package var headers: [String: String]
  package var body: String
}

/// An error as Lambda reports it.
package struct ErrorAnswer: Decodable, Equatable, Sendable {
  package var errorType: String
  package var errorMessage: String
}

extension Finished {
  /// The JSON that is alone on standard output.
  package func json<Answer: Decodable>(_: Answer.Type = Answer.self) throws -> Answer {
    do {
      return try JSONDecoder().decode(Answer.self, from: Data(output.utf8))
    } catch {
      throw TestSupportError("status \(status), no \(Answer.self) on standard output: \(output)\n\(errors)")
    }
  }

  /// The answer of a program that ended well.
  package func answer<Answer: Decodable>(_: Answer.Type = Answer.self) throws -> Answer {
    guard status == 0 else { throw TestSupportError("status \(status): \(output)\n\(errors)") }
    return try json()
  }
}
