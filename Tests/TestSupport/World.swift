import Foundation
import Postgres

/// The executables under test.
package enum Executable: String, Sendable {
  case skillsToGit = "skills-to-git"
  case gitToSkills = "git-to-skills"
}

/// One database, one repository, one engineer, one work directory: a world for one test.
///
/// Everything is removed afterwards.
package final class World {
  /// The database.
  package let database: TestDatabase
  /// The repository.
  package let repository: TestRepository
  /// A folder for the test's own files.
  package let folder: String
  /// The settings that both executables get; tests change them.
  package var environment: [String: String]
  private lazy var application = Result { try database.connect(as: "test_app") }

  /// A world of its own.
  package init(_ schema: ApplicationSchema = .later, isMigrated: Bool = true) throws {
    folder = "\(temporaryFolder)/world-\(randomName())"
    try FileManager.default.createDirectory(atPath: "\(folder)/work", withIntermediateDirectories: true)
    database = try TestDatabase(schema, isMigrated: isMigrated)
    repository = try TestRepository(in: folder)
    environment = [
      "PATH": "/usr/local/bin:/usr/bin:/bin",
      "DATABASE_URL": try database.url(as: isMigrated && schema != .none ? "test_sync" : "postgres"),
      "GITHUB_REPO": "\(try Servers.git)/open/\(repository.name).git",
      "GITHUB_WEBHOOK_SECRET": Event.webhookSecret,
      "WORK_DIRECTORY": "\(folder)/work",
      "PUSH_INTERVAL": "0",
    ]
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  // MARK: Running

  /// Starts an executable with the world's settings.
  package func start(
    _ executable: Executable, _ arguments: [String], input: String = "", environment: [String: String] = [:]
  ) throws -> Program {
    try Program(
      ["\(Servers.executables)/\(executable.rawValue)"] + arguments,
      environment: self.environment.merging(environment) { _, new in new }, input: input)
  }

  /// Starts an executable with one event.
  package func start(
    _ executable: Executable, _ event: Event, environment: [String: String] = [:]
  ) throws -> Program {
    try start(executable, ["--event", "-"], input: event.json, environment: environment)
  }

  /// Runs an executable's command line.
  package func run(
    _ executable: Executable, _ arguments: String..., environment: [String: String] = [:]
  ) throws -> Finished {
    try start(executable, arguments, environment: environment).wait()
  }

  /// Runs an executable with one event.
  package func run(
    _ executable: Executable, _ event: Event, environment: [String: String] = [:]
  ) throws -> Finished {
    try start(executable, event, environment: environment).wait()
  }

  /// Runs `skills-to-git`, which must end well.
  @discardableResult
  package func export(_ event: Event = .sync) throws -> ExportAnswer { try run(.skillsToGit, event).answer() }

  /// Runs `git-to-skills`, which must end well.
  @discardableResult
  package func `import`(_ event: Event = .import) throws -> ImportAnswer {
    try run(.gitToSkills, event).answer()
  }

  /// Runs `git-to-skills` with GitHub's webhook about a push, which must be answered with 200.
  @discardableResult
  package func webhook(_ commit: String) throws -> ImportAnswer {
    let finished = try run(.gitToSkills, .push(commit))
    let answer = try finished.answer(WebhookAnswer.self)
    guard answer.statusCode == 200 else { throw TestSupportError("\(answer)\n\(finished.errors)") }
    return try JSONDecoder().decode(ImportAnswer.self, from: Data(answer.body.utf8))
  }

  /// Runs both, as their schedules do.
  @discardableResult
  package func sweep() throws -> (imported: ImportAnswer, exported: ExportAnswer) {
    (try `import`(.schedule), try export(.schedule))
  }

  /// The requests that the git server gets for this repository while `work` is done.
  package func requests(_ work: () throws -> Void) throws -> [String] {
    let log = try AccessLog(of: repository.name)
    try work()
    return try log.requests()
  }

  // MARK: The application

  /// Runs SQL as the application's role.
  @discardableResult
  package func application(_ sql: String, _ parameters: [Parameter] = []) throws -> [Row] {
    try application.get().query(Statement("application", sql, parameters))
  }

  /// Runs SQL as a superuser.
  @discardableResult
  package func sql(_ sql: String, _ parameters: [Parameter] = []) throws -> [Row] {
    try database.connection.query(Statement("test", sql, parameters))
  }

  /// The number that a query returns as `n`.
  package func count(_ from: String) throws -> Int {
    try sql("SELECT count(*) AS n FROM \(from)")[0].integer("n")
  }

  /// Creates a skill as the web application does.
  package func create(
    _ id: String, title: String, content: String = "A body.\n", owner: String? = "user-ada",
    categories: [String] = [], status: String = "PUBLISHED"
  ) throws {
    try application(
      """
      INSERT INTO "Skill" (id, title, content, categories, "ownerId", status, "createdAt", "updatedAt")
      VALUES ($1, $2, $3, $4::text[], $5, $6::"SkillStatus", timezone('utc', now()), timezone('utc', now()))
      """,
      [.text(id), .text(title), .text(content), .textArray(categories), .optionalText(owner), .text(status)])
  }

  /// Saves one column of a skill as the web application does.
  package func save(_ id: String, _ column: String, _ value: Parameter) throws {
    try application(
      #"UPDATE "Skill" SET \#(quotedIdentifier(column)) = $2, "updatedAt" = timezone('utc', now()) WHERE id = $1"#,
      [.text(id), value])
  }

  /// A row of the skill table; nil if there is none.
  package func row(_ id: String) throws -> SkillRow? {
    try sql(SkillRow.query + " WHERE id = $1", [.text(id)]).first.map { try SkillRow($0) }
  }

  /// The row with this title; nil if there is none.
  package func row(titled title: String) throws -> SkillRow? {
    try sql(SkillRow.query + " WHERE title = $1", [.text(title)]).first.map { try SkillRow($0) }
  }

  /// All rows of the skill table.
  package func rows() throws -> [SkillRow] {
    try sql(SkillRow.query + " ORDER BY id").map { try SkillRow($0) }
  }
}

/// A row of the application's skill table.
package struct SkillRow: Equatable, Sendable {
  package var id, title, content, status: String
  package var categories: [String?]
  package var isActive: Bool
  package var updatedAt: String
  package var ownerId, owners, syncStatus, gitCommitSha: String?

  static let query = """
    SELECT id, title, content, categories, "isActive", status::text AS status, "updatedAt"::text AS "updatedAt", "ownerId",
      owners::text AS owners, "syncStatus", "gitCommitSha" FROM "Skill"
    """

  init(_ row: Row) throws {
    id = try row.text("id")
    title = try row.text("title")
    content = try row.text("content")
    status = try row.text("status")
    categories = try row.optionalTextArray("categories") ?? []
    isActive = try row.boolean("isActive")
    updatedAt = try row.text("updatedAt")
    ownerId = try row.optionalText("ownerId")
    owners = try row.optionalText("owners")
    syncStatus = try row.optionalText("syncStatus")
    gitCommitSha = try row.optionalText("gitCommitSha")
  }
}
