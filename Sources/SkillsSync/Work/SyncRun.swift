import Git
import LambdaRuntime
import Logging
import Postgres
import SkillsCore

/// What one run of either executable works with: the table, the repository, and the time that is left.
///
/// Both executables run the same steps: `Importer` brings files into rows, `Exporter` rows into files. They decide by
/// comparing recorded states, so that a run may stop between any two steps and the next one goes on.
final class SyncRun {
  let settings: Settings
  let table: SkillTable
  let key: RepositoryKey
  let connection: Connection
  let deadline: Deadline
  let log: Logger
  let progress: Progress
  let measurements: Measurements
  let lineMerge: Git.LineMerge
  /// As it was last read or written by this run.
  var state: RepositoryState
  /// Whether it looks at everything, as schedules do; then it removes old records, too.
  var isSweep = false
  /// The digest of the held deletions that a person lets through.
  var confirmation: String?
  /// A conflict that a person settles in this run.
  var settlement: ChosenSettlement?
  /// What waits to be exported, as it was read last; nil where it must be read again.
  var waiting: Waiting?
  /// What the statements of `end` told, where nothing was done since.
  var ended: [[Postgres.Row]]?
  /// How many changes wait in the outbox as this run ends.
  var pendingInTheEnd: Int?
  /// Whether this run saw that the branch's tip is imported.
  var hasSeenTip = false
  /// The deletions that this run left out, until a person confirms them.
  var held: [SyncWay: HeldDeletions] = [:]
  /// What this run's import did so far; nil if it looked at no commit.
  var imported: ImportReport?
  /// Who we are to the repository's server; holds no secret.
  let identity: () throws -> String
  private let openRepository: () async throws -> Repository
  private var opened: Repository?
  private let began = ContinuousClock.now
  private let waitingTimeBefore: Duration

  init(
    settings: Settings, table: SkillTable, key: RepositoryKey, connection: Connection, deadline: Deadline,
    log: Logger, progress: Progress, measurements: Measurements, lineMerge: Git.LineMerge,
    state: RepositoryState,
    identity: @escaping () throws -> String, openRepository: @escaping () async throws -> Repository
  ) {
    self.settings = settings
    self.table = table
    self.key = key
    self.connection = connection
    self.deadline = deadline
    self.log = log
    self.progress = progress
    self.measurements = measurements
    self.lineMerge = lineMerge
    self.state = state
    self.identity = identity
    self.openRepository = openRepository
    waitingTimeBefore = connection.waitingTime
  }

  /// The local repository: a new one is begun when it is first needed, as many runs end without it.
  var repository: Repository {
    get async throws {
      if let opened { return opened }
      let repository = try await openRepository()
      opened = repository
      return repository
    }
  }

  /// Gives the local repository back, if it was opened.
  func close() {
    if let opened {
      measurements.add(.fetchTime, opened.fetchTime)
      measurements.add(.pushTime, opened.pushTime)
      measurements.set(.cacheSize, Double(opened.size))
    }
    opened?.close()
    opened = nil
  }

  /// Measures what the run took and nobody was waited for.
  func measureTime() {
    let waited = connection.waitingTime - waitingTimeBefore
    measurements.add(.databaseTime, waited)
    let others = [Metric.waitTime, .fetchTime, .pushTime].compactMap { measurements.values[$0] }.reduce(0, +)
    let rest = ContinuousClock.now - began - waited - .milliseconds(others)
    measurements.add(.reconcileTime, max(rest, .zero))
  }

  /// How long it has run.
  var milliseconds: Int { Int((ContinuousClock.now - began).inMilliseconds) }

  /// The fields beside title and body that are synced.
  var fields: SyncedFields { table.fields }

  /// Reads the state again, for another try.
  func readState() throws {
    if let row = try connection.query(key.read).first {
      state = try RepositoryState(row)
    } else if state.id != RepositoryState.empty.id {
      throw SetupError.noSchema
    }
  }

  /// The state after a transaction of ours that left the recorded tip where it was.
  func advanced(to generation: Generation) {
    state.generation = generation.next
  }

  /// The state after a transaction of ours that recorded a tip.
  func advanced(to generation: Generation, tip: String?, isWhole: Bool) {
    advanced(to: generation)
    (state.tip, state.isWhole) = (tip, isWhole)
  }

  /// The next of the rows that were asked for in the order of their skills.
  func next(of stream: RowStream, for skillID: String) throws -> Postgres.Row {
    guard let row = try stream.next(), try row.text("wanted_id") == skillID else {
      throw SyncError(
        type: "DatabaseNotReady",
        description: "table \(table.key) has several rows with one id: make id its primary key")
    }
    return row
  }

  /// Sends a transaction in one round trip.
  ///
  /// Should it fail, it is rolled back.
  ///
  /// - Parameter end: what the run ends with, if nothing more is to be done: it goes along, and counts if the transaction
  ///   took part. Should it fail, it is done once more by itself.
  func transact(_ statements: [Statement], end: [Statement] = []) throws -> [[Postgres.Row]] {
    ended = nil
    do {
      let (results, following) = try connection.pipeline(statements, following: end)
      if following?.first?.isEmpty == false { ended = following }
      return results
    } catch {
      try? connection.rollback()
      throw error
    }
  }

  /// What a run ends with: the lease is given back, and what waits is measured.
  ///
  /// - Parameters:
  ///   - generation: of the transaction that it goes along with: only if that takes part, and, with a `tip`, records it.
  func end(hasSeenTip: Bool, after generation: Generation? = nil, tip: String? = nil) -> [Statement] {
    [
      key.releaseLease(hasSeenTip: hasSeenTip, generation: generation?.next, tip: tip), Gauges.read(self),
    ]
  }

  /// Whether `path` is that of a skill file: `.md` below the skills' folder, but for a README.
  func isSkillFile(_ path: String) -> Bool {
    guard path.hasPrefix(settings.skillsDirectory + "/"), path.lowercased().hasSuffix(".md") else {
      return false
    }
    return !path.lowercased().hasSuffix("/readme.md")
  }
}

/// A commit's id as our tables hold it.
func objectID(_ text: String) throws(SyncError) -> ObjectID {
  guard let id = ObjectID(text) else {
    throw SyncError(
      type: "DatabaseError", description: "skill_sync holds \"\(text)\", which is no commit's id")
  }
  return id
}

/// Somebody else wrote our state since it was read: what was planned is void, the run starts again.
struct Overtaken: Error {}

extension SyncError {
  /// The time was up before all was looked at.
  static let outOfTime = SyncError(
    type: "Timeout",
    description:
      "there was no time to look at everything: what was done is recorded, and the next run does the rest; "
      + "if that happens again, give the function more time")
}

/// What a run can't do, in words for a person.
public struct SyncError: Error, CustomStringConvertible {
  /// A constant text, for logs and for whoever reads the error's type.
  public let type: String
  /// In words for a person.
  public let description: String
  /// Whether it was tried again and again: the next run may fail the same way.
  var areTriesUsedUp = false
}
