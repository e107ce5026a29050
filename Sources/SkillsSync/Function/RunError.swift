import AWS
import Git
import GitHub
import LambdaRuntime
import Postgres
import SkillFiles
import SkillsCore

/// An error as it leaves the program: a stable name, and a sentence for a person that holds no secret.
public struct RunError: FunctionError, Sendable {
  /// A stable name.
  public let type: String
  /// A sentence for a person, without secrets.
  public let message: String

  init(type: String, message: String) {
    self.type = type
    self.message = message
  }

  /// Translates what a run throws.
  ///
  /// The types: `InvalidEvent`, `InvalidSettings`, `DatabaseNotReady`, `DatabaseError`, `GitError.<code>`,
  /// `GitHubError.<code>`, `AWSError.<code>`, `PushRejected.<rule>`, `BranchMissing`, `NotConfirmed`, `ConflictNotFound`, `NotSettled`, `Paused`, `InvalidSkillFile`, `Busy`, `Timeout`,
  /// `WorkDirectoryFull`.
  public init(_ error: any Error) {
    switch error {
    case let error as RunError: self = error
    case let error as InvalidEvent: self.init(type: "InvalidEvent", message: error.description)
    case let error as SettingsError: self.init(type: "InvalidSettings", message: error.description)
    case let error as SetupError: self.init(type: "DatabaseNotReady", message: error.description)
    case let error as PostgresError: self.init(type: "DatabaseError", message: error.description)
    case let error as GitError: self.init(type: "GitError.\(error.code)", message: error.description)
    case let error as GitHubError: self.init(type: "GitHubError.\(error.code)", message: error.description)
    case let error as AWSError: self.init(type: "AWSError.\(error.code)", message: error.description)
    case let error as SyncError: self.init(type: error.type, message: error.description)
    case let error as SkillFileError: self.init(type: "InvalidSkillFile", message: error.description)
    case let error as SkillProblem: self.init(type: "InvalidSkillFile", message: error.description)
    case let error as SpoolError: self.init(type: "WorkDirectoryFull", message: error.description)
    default:
      let report = ErrorReport(error)
      self.init(type: report.type, message: report.message)
    }
  }
}
