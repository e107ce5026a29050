import Postgres
import SkillsCore

/// The application's skill table as it was found: its columns decide what is synced.
///
/// The application changes its schema when it likes, so nothing but `id`, `title` and `content` is taken for granted. Columns
/// of the application that have a meaning here: `categories`, `tier`, `owners`, `ownerId`, `sourceUrls`, `isActive`,
/// `status`, `summary`, `createdAt`, `updatedAt`, and for its badge `syncStatus`, `lastSyncedAt`, `gitCommitSha`.
public struct SkillTable: Equatable, Sendable {
  struct Column: Equatable, Sendable {
    var name: String
    /// As `format_type` gives it, with modifiers.
    var type: String
    var isRequired: Bool
    var hasDefault: Bool
  }

  var schema: String
  var name: String
  var columns: [Column]
  /// Whether no two rows may have one title.
  var hasUniqueTitle: Bool
  /// Whether titles take part in any unique index, also with other columns or within an expression.
  var hasTitleInUniqueIndex: Bool
  /// Whether a policy may keep rows from us (row-level security): only `FOR ALL … USING (true)` without restrictive ones
  /// surely doesn't.
  var mayHideRows: Bool
  /// The columns of the application's `"User"` table; empty if there is none.
  var userColumns: [String]
  /// Whether the application's `"SkillSyncLog"` table is there and is about this table.
  var hasSyncLog: Bool
  /// Whether the trigger of ours is installed.
  var hasTrigger: Bool

  /// `schema.name` as the outbox and our other tables name it.
  public var key: String { "\(schema).\(name)" }
  var quotedName: String { "\(quotedIdentifier(schema)).\(quotedIdentifier(name))" }
  var usersName: String { "\(quotedIdentifier(schema)).\(quotedIdentifier("User"))" }
  var syncLogName: String { "\(quotedIdentifier(schema)).\(quotedIdentifier("SkillSyncLog"))" }

  /// Whether users can be found by id and e-mail.
  var hasUsers: Bool { ["id", "name", "email"].allSatisfy(userColumns.contains) }

  func has(_ column: String) -> Bool { columns.contains { $0.name == column } }
  func requires(_ column: String) -> Bool { columns.contains { $0.name == column && $0.isRequired } }
  func type(of column: String) -> String { columns.first { $0.name == column }?.type ?? "text" }

  /// SQL: the time, as a column of times has it, with its zone or in UTC.
  func now(for column: String) -> String {
    type(of: column).contains("with time zone") ? "clock_timestamp()" : Self.nowInUTC
  }

  /// SQL: the time in UTC.
  static let nowInUTC = "timezone('utc', clock_timestamp())"

  /// A column's type without a text's length: a cast to a length cuts without a word, an assignment is an error.
  func typeWithoutLength(of column: String) -> String {
    let type = type(of: column)
    let array = type.hasSuffix("[]") ? "[]" : ""
    if type.hasPrefix("character varying") { return "character varying" + array }
    return type.hasPrefix("character") ? "bpchar" + array : type
  }

  /// The fields beside title and body that both sides carry.
  public var fields: SyncedFields {
    var fields: SyncedFields = []
    if has("categories") { fields.insert(.categories) }
    if has("tier") { fields.insert(.tier) }
    if has("owners") { fields.insert(.owners) }
    if has("sourceUrls") { fields.insert(.sources) }
    if has("isActive") { fields.insert(.active) }
    if has("summary") { fields.insert(.summary) }
    return fields
  }

  /// The columns whose change is a change of the skill, in the order of the digest.
  var syncedColumns: [Column] {
    [
      "title", "content", "categories", "tier", "owners", "ownerId", "sourceUrls", "isActive", "status",
      "summary",
    ].compactMap { name in columns.first { $0.name == name } }
  }

  /// Whether the owner relation is part of a skill's owners.
  var hasOwnerRelation: Bool { has("owners") && has("ownerId") && hasUsers }
}

extension SkillTable {
  /// Reads the table's shape from the catalog.
  ///
  /// `name` is the table's, in `schema` if that is given, else found on the search path.
  static func lookUp(name: String, schema: String?) -> Statement {
    Statement(
      "read the skill table's columns",
      """
      SELECT n.nspname AS schema, c.relname AS name,
        (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
             'required', a.attnotnull, 'default', a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> '')
           ORDER BY a.attnum)
         FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text AS columns,
        EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
          WHERE i.indrelid = c.oid AND i.indisunique AND i.indnkeyatts = 1 AND i.indpred IS NULL
            AND a.attname = 'title') AS unique_title,
        EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'title'
          WHERE i.indrelid = c.oid AND i.indisunique AND (a.attnum = ANY (i.indkey::int2[]) OR EXISTS (
            SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
              AND d.refobjid = c.oid AND d.refobjsubid = a.attnum))) AS indexed_title,
        row_security_active(c.oid) AND (SELECT bool_or(NOT p.polpermissive) OR NOT coalesce(bool_or(
            p.polpermissive AND p.polcmd = '*' AND pg_get_expr(p.polqual, p.polrelid) = 'true'
              AND coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'true') = 'true'), false)
          FROM pg_policy p WHERE p.polrelid = c.oid AND EXISTS (
            SELECT FROM unnest(p.polroles) role WHERE role = 0 OR pg_has_role(role, 'USAGE'))) AS may_hide_rows,
        (SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attnum > 0 AND NOT a.attisdropped
          AND a.attrelid = to_regclass(format('%I.%I', n.nspname, 'User'))) AS user_columns,
        (SELECT count(*) = 9 FROM pg_attribute a WHERE NOT a.attisdropped
           AND a.attrelid = to_regclass(format('%I.%I', n.nspname, 'SkillSyncLog'))
           AND a.attname IN ('id', 'skillId', 'operation', 'direction', 'status', 'startedAt', 'completedAt',
             'gitCommitSha', 'syncedBy'))
          AND NOT EXISTS (SELECT FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid
            AND a.attnum = ANY (k.conkey) WHERE k.contype = 'f' AND a.attname = 'skillId' AND k.confrelid <> c.oid
            AND k.conrelid = to_regclass(format('%I.%I', n.nspname, 'SkillSyncLog'))) AS sync_log,
        EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'skill_sync_update') AS trigger
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relname = $1 AND c.relkind IN ('r', 'p')
        AND CASE WHEN $2::text IS NULL THEN pg_table_is_visible(c.oid) ELSE n.nspname = $2 END
      """, [.text(name), .optionalText(schema)])
  }

  /// Makes the table of what `lookUp` found.
  ///
  /// Throws a `SetupError` if it isn't there, lacks a column that it needs, or requires one that nobody can fill.
  init(_ rows: [Postgres.Row], name: String) throws {
    guard let row = rows.first else { throw SetupError.noSkillTable(name) }
    struct Found: Decodable {
      var name: String
      var type: String
      var required: Bool
      var `default`: Bool
    }
    let found = try JSON.decode([Found].self, from: row.text("columns"))
    self.init(
      schema: try row.text("schema"), name: try row.text("name"),
      columns: found.map {
        Column(name: $0.name, type: $0.type, isRequired: $0.required, hasDefault: $0.default)
      },
      hasUniqueTitle: try row.boolean("unique_title"),
      hasTitleInUniqueIndex: try row.boolean("indexed_title"), mayHideRows: try row.boolean("may_hide_rows"),
      userColumns: try (row.optionalTextArray("user_columns") ?? []).compactMap { $0 },
      hasSyncLog: try row.boolean("sync_log"), hasTrigger: try row.boolean("trigger"))
    if mayHideRows { throw SetupError.rowsMayBeHidden(table: key) }
    let missing = ["id", "title", "content"].filter { !has($0) }
    if !missing.isEmpty { throw SetupError.columnsMissing(missing, table: key) }
    var filled = Set(syncedColumns.map(\.name) + ["id", "createdAt", "updatedAt"])
    if !hasOwnerRelation { filled.remove("ownerId") }
    let unknown = columns.filter { $0.isRequired && !$0.hasDefault && !filled.contains($0.name) }.map(\.name)
    if !unknown.isEmpty { throw SetupError.columnsRequired(unknown, table: key) }
  }
}
