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
  /// The skill table as it was found last: a guess that saves a round trip.
  private var lastTable: SkillTable?

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
    let (connection, table, _) = try connect(deadline) { _ in [] }
    return (connection, table)
  }

  /// Opens the database, reads the skill table's shape, and begins with statements that depend on it.
  ///
  /// All in one round trip where the table is as it was.
  ///
  /// - Parameter beginning: statements that may run twice.
  private func connect(
    _ deadline: Deadline, _ beginning: (SkillTable) -> [Statement]
  ) throws -> (Connection, SkillTable, [[Postgres.Row]]) {
    let began = ContinuousClock.now
    defer { measurements.add(.databaseTime, ContinuousClock.now - began) }
    let guess = lastTable
    // Until this comes out right: the guess may be what is wrong.
    lastTable = nil
    func open(_ more: [Statement]) throws -> (connection: Connection, results: [[Postgres.Row]]) {
      try credentials.withDatabase(deadline) { database, url in
        let (schema, name) = tableName(url)
        return try database.open(
          first: [SkillTable.lookUp(name: name, schema: schema)] + more,
          remainingTime: { deadline.remainingForDatabase })
      }
    }
    var opened: (connection: Connection, results: [[Postgres.Row]])
    do {
      opened = try open(guess.map(beginning) ?? [])
    } catch let error as PostgresError where guess != nil && error.isOfSchema {
      opened = try open([])
    }
    let table = try SkillTable(opened.results[0], name: settings.skillsTable)
    var results = Array(opened.results.dropFirst())
    if table != guess || results.isEmpty { results = try opened.connection.pipeline(beginning(table)) }
    lastTable = table
    return (opened.connection, table, results)
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
  /// - Parameters:
  ///   - isReadOnly: whether nothing may be changed: no lease is taken. That is so too where there is no time to do anything.
  ///   - exporting: what an export is asked for; then what waits is read along.
  /// - Throws: a `SetupError` if our own tables are missing or of another version, and what `body` throws.
  func withRun<Result>(
    _ deadline: Deadline, progress: Progress, isReadOnly: Bool = false, exporting: ExportRequest? = nil,
    _ body: (SyncRun) async throws -> Result
  ) async throws -> Result {
    var last: SyncRun?
    func attempt() async throws -> Result {
      try await withOneRun(deadline, progress: progress, isReadOnly: isReadOnly, exporting: exporting) {
        run in
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
    _ deadline: Deadline, progress: Progress, isReadOnly: Bool, exporting: ExportRequest?,
    _ body: (SyncRun) async throws -> Result
  ) async throws -> Result {
    guard let remote = settings.remote else { throw SettingsError(problems: ["GITHUB_REPO is missing"]) }
    let isReadOnly = isReadOnly || !deadline.hasTime
    // Whoever gives out tokens, the database and the disk are waited for at the same time.
    let (access, git, workDirectory) = (access, try git, settings.workDirectory)
    let remainingTime: @Sendable () -> Duration = { deadline.remainingForGit }
    let coming = isReadOnly ? nil : Task { try access.token(deadline) }
    let copy =
      isReadOnly
      ? nil
      : Task {
        LocalCopy(
          repository: .reopen(remote, workDirectory: workDirectory, git: git, remainingTime: remainingTime))
      }
    // A token that nobody needed is waited for, too: Lambda would stop it on its way, and the next run would wait for it. The
    // lease was given back before.
    func giveBack() async {
      _ = await coming?.result
      await copy?.value.repository?.close()
    }
    do {
      let result: Result
      do {
        let run = try open(git, deadline, progress: progress, isReadOnly: isReadOnly, exporting: exporting) {
          var remote = remote
          remote.token = if let coming { try await coming.value } else { try access.token(deadline) }
          guard let repository = await copy?.value.repository else {
            return try await .open(
              remote, workDirectory: workDirectory, git: git, remainingTime: remainingTime)
          }
          repository.replaceToken(remote.token)
          return repository
        }
        defer { finish(run, isReadOnly: isReadOnly) }
        result = try await body(run)
      }
      await giveBack()
      return result
    } catch {
      await giveBack()
      throw error
    }
  }

  private func open(
    _ git: GitInstallation, _ deadline: Deadline, progress: Progress, isReadOnly: Bool,
    exporting: ExportRequest?, openRepository: @escaping () async throws -> Repository
  ) throws -> SyncRun {
    // One for the run: its lease is known by it.
    let runID = randomUUID()
    func key(_ table: SkillTable) -> RepositoryKey {
      RepositoryKey(
        repository: settings.repositoryName, branch: settings.branch, directory: settings.skillsDirectory,
        skillTable: table.key, runID: runID)
    }
    let connection: Connection
    let table: SkillTable
    let results: [[Postgres.Row]]
    do {
      (connection, table, results) = try connect(deadline) { table in
        beginning(key(table), deadline, isReadOnly: isReadOnly)
          + (exporting.map { Waiting.statements(key(table), table, named: $0.named) } ?? [])
      }
    } catch let error as PostgresError where [.undefinedTable, .invalidSchemaName].contains(error.code) {
      throw SetupError.noSchema
    }
    if settings.deletePolicy == .archive, !table.has("isActive"), !table.has("status") {
      throw SetupError.archiveImpossible
    }
    let waiting = results.suffix(exporting == nil ? 0 : Waiting.statementCount)
    let state = try state(results.dropLast(waiting.count))
    let access = access
    let run = SyncRun(
      settings: settings, table: table, key: key(table), connection: connection, deadline: deadline, log: log,
      progress: progress, measurements: measurements,
      lineMerge: Git.LineMerge(
        workDirectory: settings.workDirectory, git: git, remainingTime: { deadline.remainingForGit }),
      state: state, identity: { try access.identity(deadline) }, openRepository: openRepository)
    if !waiting.isEmpty { run.waiting = try Waiting(waiting) }
    return run
  }

  private func finish(_ run: SyncRun, isReadOnly: Bool) {
    run.close()
    run.progress.finish()
    if !isReadOnly {
      do {
        let results = try run.ended ?? run.connection.pipeline(run.end(hasSeenTip: run.hasSeenTip))
        if let row = results[1].first {
          Gauges.measure(row, into: run.measurements)
          run.pendingInTheEnd = try row.integer("pending")
        }
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

  /// What a run begins with.
  private func beginning(_ key: RepositoryKey, _ deadline: Deadline, isReadOnly: Bool) -> [Statement] {
    if isReadOnly { return [Migration.readVersion, key.read] }
    return [Migration.readVersion, key.create, key.takeLease(seconds: leaseSeconds(deadline)), key.read]
  }

  /// The state that `beginning` found.
  private func state(_ results: some BidirectionalCollection<[Postgres.Row]>) throws -> RepositoryState {
    try Migration.check(results.first ?? [])
    return try results.last?.first.map { try RepositoryState($0) } ?? .empty
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

/// The local repository on its way from the task that took it to the one that works with it, and to nobody else; nil where
/// there is none to go on with.
private struct LocalCopy: @unchecked Sendable {
  let repository: Repository?
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
