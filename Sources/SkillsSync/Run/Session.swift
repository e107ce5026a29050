import AWS
import Git
import LambdaRuntime
import Logging
import Postgres
import SkillsCore

/// What a process keeps between invocations: the settings, the secrets that were read, and the database connection.
///
/// The repository's cache is on disk.
public final class Session {
  /// The settings.
  public let settings: Settings
  /// Where it logs.
  public var log: Logger
  /// Where the metrics of each event go: Lambda takes them from standard output, where else the answer is.
  public var metricOutput = JSONLogHandler.Output.standardError
  /// What the present invocation has measured.
  var measurements = Measurements()
  /// How metrics name us: as Lambda does, or by the executable's name.
  let functionName: String
  let credentials: Credentials
  private let access: RepositoryAccess
  let aws: AWSClient
  let notices: NoticeBoard
  private let commitStatuses: CommitStatusBoard
  private let environment: [String: String]

  /// - Parameters:
  ///   - environment: the process's variables, of which git gets to see a few.
  ///   - applicationName: how the database shows our connections.
  public init(
    settings: Settings, environment: [String: String], applicationName: String, log: Logger
  ) {
    self.settings = settings
    self.environment = environment
    self.log = log
    functionName = environment["AWS_LAMBDA_FUNCTION_NAME"] ?? applicationName
    aws = AWSClient(
      environment: environment, certificateAuthorityFile: settings.certificateAuthorityFile)
    notices = NoticeBoard(settings: settings, aws: aws)
    let secrets = Secrets(aws: aws)
    credentials = Credentials(settings: settings, applicationName: applicationName, secrets: secrets)
    access = RepositoryAccess(settings: settings, secrets: secrets)
    commitStatuses = CommitStatusBoard(settings: settings, access: access)
  }

  /// The git that is to be run.
  var git: GitInstallation { get throws { try GitInstallation.find(in: environment) } }

  /// Opens the database and reads the skill table's shape: for commands that need no repository.
  func connect(_ deadline: Deadline) throws -> (Connection, SkillTable) {
    let began = ContinuousClock.now
    defer { measurements.add(.databaseTime, ContinuousClock.now - began) }
    let (connection, rows) = try credentials.withDatabase(deadline) { database, url in
      let (schema, name) = tableName(url)
      return try database.open(
        first: SkillTable.lookUp(name: name, schema: schema),
        remainingTime: { deadline.remainingForDatabase })
    }
    return (connection, try SkillTable(rows, name: settings.skillsTable))
  }

  /// A migration of the database's own tables.
  public func migration(_ deadline: Deadline) throws -> Migration {
    let (connection, table) = try connect(deadline)
    return Migration(connection: connection, table: table)
  }

  /// Runs `body` with the state, as the one who holds the lease where it can be had in time.
  ///
  /// Where the repository's server lets nobody in any more and there are newer credentials, all is done once more with
  /// those: a run may be repeated after any step. What needs a person is published in the end, and what was imported is shown on
  /// GitHub.
  ///
  /// - Parameter isReadOnly: whether nothing may be changed: no lease is taken. That is so too where there is no time to
  ///   do anything.
  /// - Throws: a `SetupError` if our own tables are missing or of another version, and what `body` throws.
  func withRun<Result>(
    _ deadline: Deadline, progress: Progress, isReadOnly: Bool = false,
    _ body: (SyncRun) async throws -> Result
  ) async throws -> Result {
    var last: SyncRun?
    func attempt() async throws -> Result {
      try await withOneRun(deadline, progress: progress, isReadOnly: isReadOnly) { run in
        last = run
        return try await body(run)
      }
    }
    func tell(_ error: (any Error)? = nil) {
      if isReadOnly { return }
      let failure = error.flatMap { Notice($0) }
      let held = last.map { $0.held.values.map(Notice.held) } ?? []
      notices.publish(held + (failure.map { [$0] } ?? []), of: last, log: log, deadline)
      if let last { commitStatuses.show(last, log: log, deadline) }
    }
    do {
      let result: Result
      do {
        result = try await attempt()
      } catch  where access.renew(after: error, deadline) {
        log.warning("the credentials were refused: trying once more with new ones")
        result = try await attempt()
      }
      tell()
      return result
    } catch {
      tell(error)
      throw error
    }
  }

  private func withOneRun<Result>(
    _ deadline: Deadline, progress: Progress, isReadOnly: Bool, _ body: (SyncRun) async throws -> Result
  ) async throws -> Result {
    guard let remote = settings.remote else { throw SettingsError(problems: ["GITHUB_REPO is missing"]) }
    let isReadOnly = isReadOnly || !deadline.hasTime
    // Whoever gives out tokens and the database are waited for at the same time.
    let access = access
    let token = isReadOnly ? nil : Task { try access.token(deadline) }
    do {
      let result: Result
      do {
        let run = try open(remote, token, deadline, progress: progress, isReadOnly: isReadOnly)
        defer { finish(run, isReadOnly: isReadOnly) }
        result = try await body(run)
      }
      // Also for a token that nobody needed: Lambda would stop it on its way, and the next run would wait for it. The lease
      // was given back before.
      _ = await token?.result
      return result
    } catch {
      _ = await token?.result
      throw error
    }
  }

  private func open(
    _ remote: Remote, _ token: Task<Git.Secret?, any Error>?, _ deadline: Deadline, progress: Progress,
    isReadOnly: Bool
  ) throws -> SyncRun {
    let git = try git
    let (connection, table) = try connect(deadline)
    if settings.deletePolicy == .archive, !table.has("isActive"), !table.has("status") {
      throw SetupError.archiveImpossible
    }
    let key = RepositoryKey(
      repository: settings.repositoryName, branch: settings.branch, directory: settings.skillsDirectory,
      skillTable: table.key)
    let state = try begin(key, connection, deadline, isReadOnly: isReadOnly)
    let (access, workDirectory) = (access, settings.workDirectory)
    return SyncRun(
      settings: settings, table: table, key: key, connection: connection, deadline: deadline, log: log,
      progress: progress, measurements: measurements,
      lineMerge: Git.LineMerge(
        workDirectory: workDirectory, git: git, remainingTime: { deadline.remainingForGit }),
      state: state, identity: { try access.identity(deadline) },
      openRepository: {
        var remote = remote
        if let token {
          remote.token = try await token.value
        } else {
          remote.token = try access.token(deadline)
        }
        return try await Repository.open(
          remote, workDirectory: workDirectory, git: git, remainingTime: { deadline.remainingForGit })
      })
  }

  private func finish(_ run: SyncRun, isReadOnly: Bool) {
    run.close()
    run.progress.finish()
    if !isReadOnly {
      do {
        let results = try run.connection.pipeline([
          run.key.releaseLease(hasSeenTip: run.hasSeenTip), Gauges.read(run),
        ])
        if let row = results[1].first { Gauges.measure(row, into: run.measurements) }
        if run.isSweep, !run.state.isPaused {
          _ = try run.connection.query(
            History.removal(olderThan: settings.retentionDays, repositoryID: run.state.id))
        }
      } catch {
        // What was synced is recorded; the lease ends with the connection or its time.
        log.warning("the end of the run couldn't be recorded", metadata: ["error": "\(error)"])
      }
    }
    run.measureTime()
  }

  private func begin(
    _ key: RepositoryKey, _ connection: Connection, _ deadline: Deadline, isReadOnly: Bool
  ) throws -> RepositoryState {
    do {
      let version = Statement(
        "read the version", "SELECT coalesce(max(version), 0) AS version FROM skill_sync.version")
      let seconds = leaseSeconds(deadline)
      let statements =
        isReadOnly ? [version, key.read] : [version, key.create, key.takeLease(seconds: seconds), key.read]
      let results = try connection.pipeline(statements)
      let found = try results[0].first?.integer("version") ?? 0
      if found != Migration.version { throw SetupError.oldSchema(found, Migration.version) }
      guard let row = results[results.count - 1].first else { return .empty }
      return try RepositoryState(row)
    } catch let error as PostgresError where [.undefinedTable, .invalidSchemaName].contains(error.code) {
      throw SetupError.noSchema
    }
  }

  /// `SKILLS_TABLE` as `name` or `schema.name`; else in the URL's schema.
  private func tableName(_ url: DatabaseURL) -> (schema: String?, name: String) {
    guard let dot = settings.skillsTable.firstIndex(of: ".") else {
      return (url.schema, settings.skillsTable)
    }
    return (
      String(settings.skillsTable[..<dot]),
      String(settings.skillsTable[settings.skillsTable.index(after: dot)...])
    )
  }
}

extension RepositoryState {
  /// Of a repository that was never synced, for a look that must leave no trace.
  static let empty = RepositoryState(
    id: 0, tip: nil, generation: "", hasIntents: false, hasLease: false, secondsSincePush: nil, now: "now")

  private init(
    id: Int, tip: String?, generation: String, hasIntents: Bool, hasLease: Bool, secondsSincePush: Double?,
    now: String
  ) {
    self.id = id
    self.tip = tip
    self.generation = generation
    self.hasIntents = hasIntents
    self.hasLease = hasLease
    self.secondsSincePush = secondsSincePush
    self.now = now
  }
}
