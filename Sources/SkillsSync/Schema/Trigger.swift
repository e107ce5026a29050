import Cryptography
import Postgres

/// The trigger on the skill table: it puts each change of a synced column into the outbox, in the application's own
/// transaction, and shows it as pending where the application has a column for that.
///
/// It never makes a save fail: it runs with its owner's rights and an empty search path, reads nothing but the key, takes no
/// lock but the outbox's ROW EXCLUSIVE, and turns an error of its own into a warning; a sweep finds what it missed.
/// It is silent in our own transactions, which say so by a setting local to them.
enum Trigger {
  private static let prefix = "skill_sync_"
  /// The trigger that bears the signature of them all.
  static let main = "skill_sync_update"
  static let silence = "SELECT set_config('skill_sync.silent', 'on', true)"

  /// What the trigger on `table` is made from, in short.
  static func signature(on table: SkillTable) -> String {
    hexadecimal(sha256(Array(statements(on: table).joined().utf8)))
  }

  /// The statements that install the trigger on `table`, replacing an older one.
  static func installation(on table: SkillTable) -> String {
    let comment = "COMMENT ON TRIGGER \(main) ON \(table.quotedName) IS '\(signature(on: table))'"
    return (statements(on: table) + [comment]).joined(separator: ";\n") + ";"
  }

  private static func statements(on table: SkillTable) -> [String] {
    // Arguments, not columns in the WHEN clause: those would keep the application from changing its own columns.
    let synced = table.syncedColumns.map { "'\($0.name)'" }.joined(separator: ", ")
    let isOurs = "current_setting('skill_sync.silent', true) IS NOT DISTINCT FROM 'on'"
    let name = table.quotedName
    let (record, show) = ("skill_sync.record_change(\(synced))", "skill_sync.show_pending(\(synced))")
    let change = "FOR EACH ROW WHEN (NOT \(isOurs))"
    let update = "FOR EACH ROW WHEN (NOT \(isOurs) AND OLD *<> NEW)"
    var statements = [
      differs, recordChange, showPending,
      "CREATE OR REPLACE TRIGGER \(prefix)change AFTER INSERT OR DELETE ON \(name) \(change) EXECUTE FUNCTION \(record)",
      "CREATE OR REPLACE TRIGGER \(main) AFTER UPDATE ON \(name) \(update) EXECUTE FUNCTION \(record)",
      "CREATE OR REPLACE TRIGGER \(prefix)truncate AFTER TRUNCATE ON \(name) FOR EACH STATEMENT EXECUTE FUNCTION \(record)",
    ]
    if table.has("syncStatus") {
      statements += [
        "CREATE OR REPLACE TRIGGER \(prefix)pending_insert BEFORE INSERT ON \(name) \(change) EXECUTE FUNCTION \(show)",
        "CREATE OR REPLACE TRIGGER \(prefix)pending_update BEFORE UPDATE ON \(name) \(update) EXECUTE FUNCTION \(show)",
      ]
    }
    return statements
  }

  private static let differs = """
    CREATE OR REPLACE FUNCTION skill_sync.differs(was jsonb, is_now jsonb, VARIADIC columns text[]) RETURNS boolean
      LANGUAGE sql IMMUTABLE SET search_path = '' AS $body$
      SELECT EXISTS (SELECT FROM unnest(columns) c WHERE (was -> c) IS DISTINCT FROM (is_now -> c))
    $body$
    """

  private static let recordChange = """
    CREATE OR REPLACE FUNCTION skill_sync.record_change() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
    DECLARE
      skills text := TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
    BEGIN
      IF TG_OP = 'TRUNCATE' THEN
        INSERT INTO skill_sync.outbox (skill_table, operation) VALUES (skills, 'truncate');
      ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO skill_sync.outbox (skill_table, skill_id, operation) VALUES (skills, NEW.id::text, 'create');
      ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO skill_sync.outbox (skill_table, skill_id, operation) VALUES (skills, OLD.id::text, 'delete');
      ELSIF OLD.id IS DISTINCT FROM NEW.id THEN
        INSERT INTO skill_sync.outbox (skill_table, skill_id, operation)
          VALUES (skills, OLD.id::text, 'delete'), (skills, NEW.id::text, 'create');
      ELSIF skill_sync.differs(to_jsonb(OLD), to_jsonb(NEW), VARIADIC TG_ARGV) THEN
        INSERT INTO skill_sync.outbox (skill_table, skill_id, operation) VALUES (skills, NEW.id::text, 'update');
      END IF;
      RETURN NULL;
    EXCEPTION WHEN OTHERS THEN
      RAISE WARNING 'skill_sync: the change was not recorded: % (%)', SQLERRM, SQLSTATE;
      RETURN NULL;
    END $body$
    """

  /// Sets the column by its name, so that a save still works once the application dropped it.
  private static let showPending = """
    CREATE OR REPLACE FUNCTION skill_sync.show_pending() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
    BEGIN
      IF TG_OP = 'INSERT' OR skill_sync.differs(to_jsonb(OLD), to_jsonb(NEW), VARIADIC TG_ARGV) THEN
        RETURN jsonb_populate_record(NEW, '{"syncStatus": "pending"}');
      END IF;
      RETURN NEW;
    EXCEPTION WHEN OTHERS THEN
      RETURN NEW;
    END $body$
    """

  /// The statements that remove the trigger from `table`, if it is there.
  static func removal(from table: SkillTable) -> String {
    ["change", "update", "truncate", "pending_insert", "pending_update"]
      .map { "DROP TRIGGER IF EXISTS \(prefix)\($0) ON \(table.quotedName)" }.joined(separator: ";\n")
  }
}
