import Foundation

/// The answer of `skills-to-git`.
public struct ExportAnswer: Decodable, Equatable, Sendable {
  /// A skill that was set aside.
  public struct Failed: Decodable, Equatable, Sendable {
    /// The skill's id.
    public var skillId: String
    /// The reason.
    public var error: String
  }

  public var created, updated, renamed, deleted, unchanged, conflicts: [String]
  public var failed: [Failed]
  public var commits: [String]
  public var pending: Int
  public var counts: [String: Int]
  public var batchItemFailures: [BatchItemFailure]?

  /// Whether it wrote nothing to git.
  public var didNothing: Bool {
    commits.isEmpty && created.isEmpty && updated.isEmpty && renamed.isEmpty && deleted.isEmpty
  }
}

/// The answer of `git-to-skills`.
public struct ImportAnswer: Decodable, Equatable, Sendable {
  /// A skill that something happened to.
  public struct Item: Decodable, Equatable, Sendable {
    public var skillId: String
    public var path: String

    /// A skill and its file.
    public init(_ skillId: String, _ path: String) { (self.skillId, self.path) = (skillId, path) }
  }

  /// A file that was set aside.
  public struct Failed: Decodable, Equatable, Sendable {
    public var skillId: String?
    public var path: String
    public var error: String
  }

  public var created, updated, renamed, archived, deleted, unchanged, conflicts: [Item]
  public var failed: [Failed]
  public var tip: String?
  public var counts: [String: Int]
  public var batchItemFailures: [BatchItemFailure]?

  /// Whether it wrote no row.
  public var didNothing: Bool {
    created.isEmpty && updated.isEmpty && archived.isEmpty && deleted.isEmpty && renamed.isEmpty
  }
}

/// An SQS message that comes again.
public struct BatchItemFailure: Decodable, Equatable, Sendable {
  public var itemIdentifier: String
}

/// An answer as API Gateway takes it.
public struct WebhookAnswer: Decodable, Equatable, Sendable {
  public var statusCode: Int
  public var headers: [String: String]
  public var body: String
}

/// An error as Lambda reports it.
public struct ErrorAnswer: Decodable, Equatable, Sendable {
  public var errorType: String
  public var errorMessage: String
}

extension Finished {
  /// The JSON that is alone on standard output.
  public func json<Answer: Decodable>(_: Answer.Type = Answer.self) throws -> Answer {
    do {
      return try JSONDecoder().decode(Answer.self, from: Data(output.utf8))
    } catch {
      throw TestSupportError("status \(status), no \(Answer.self) on standard output: \(output)\n\(errors)")
    }
  }

  /// The answer of a program that ended well.
  public func answer<Answer: Decodable>(_: Answer.Type = Answer.self) throws -> Answer {
    guard status == 0 else { throw TestSupportError("status \(status): \(output)\n\(errors)") }
    return try json()
  }
}
