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
    let synced = table.syncedColumns
    let isDifferent = synced.map { column in
      let (old, new) = ("OLD.\(quotedIdentifier(column.name))", "NEW.\(quotedIdentifier(column.name))")
      // Type json has no equality.
      return column.type == "json"
        ? "\(old)::text IS DISTINCT FROM \(new)::text" : "\(old) IS DISTINCT FROM \(new)"
    }.joined(separator: "\n    OR ")
    let isOurs = "current_setting('skill_sync.silent', true) IS NOT DISTINCT FROM 'on'"
    let name = table.quotedName
    var statements = [
      """
      CREATE OR REPLACE FUNCTION skill_sync.record_change() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
      BEGIN
        BEGIN
          IF TG_OP = 'TRUNCATE' THEN
            INSERT INTO skill_sync.outbox (skill_table, operation)
              VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, 'truncate');
          ELSIF TG_OP = 'DELETE' THEN
            INSERT INTO skill_sync.outbox (skill_table, skill_id, operation)
              VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, OLD.id::text, 'delete');
          ELSE
            INSERT INTO skill_sync.outbox (skill_table, skill_id, operation)
              VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, NEW.id::text,
                      CASE TG_OP WHEN 'INSERT' THEN 'create' ELSE 'update' END);
            IF TG_OP = 'UPDATE' AND OLD.id IS DISTINCT FROM NEW.id THEN
              INSERT INTO skill_sync.outbox (skill_table, skill_id, operation)
                VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, OLD.id::text, 'delete');
            END IF;
          END IF;
        EXCEPTION WHEN OTHERS THEN
          RAISE WARNING 'skill_sync: the change was not recorded: % (%)', SQLERRM, SQLSTATE;
        END;
        RETURN NULL;
      END $body$
      """,
      """
      CREATE OR REPLACE FUNCTION skill_sync.show_pending() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
      BEGIN
        NEW."syncStatus" := 'pending';
        RETURN NEW;
      END $body$
      """,
      removal(from: table),
      """
      CREATE TRIGGER \(prefix)change AFTER INSERT OR DELETE ON \(name)
        FOR EACH ROW WHEN (NOT \(isOurs)) EXECUTE FUNCTION skill_sync.record_change()
      """,
      """
      CREATE TRIGGER \(prefix)update AFTER UPDATE ON \(name)
        FOR EACH ROW WHEN (NOT \(isOurs) AND (\(isDifferent)
          OR OLD.id IS DISTINCT FROM NEW.id)) EXECUTE FUNCTION skill_sync.record_change()
      """,
      """
      CREATE TRIGGER \(prefix)truncate AFTER TRUNCATE ON \(name)
        FOR EACH STATEMENT EXECUTE FUNCTION skill_sync.record_change()
      """,
    ]
    if table.has("syncStatus") {
      statements += [
        """
        CREATE TRIGGER \(prefix)pending_insert BEFORE INSERT ON \(name)
          FOR EACH ROW WHEN (NOT \(isOurs)) EXECUTE FUNCTION skill_sync.show_pending()
        """,
        """
        CREATE TRIGGER \(prefix)pending_update BEFORE UPDATE ON \(name)
          FOR EACH ROW WHEN (NOT \(isOurs) AND (\(isDifferent))) EXECUTE FUNCTION skill_sync.show_pending()
        """,
      ]
    }
    return statements
  }

  /// The statements that remove the trigger from `table`, if it is there.
  static func removal(from table: SkillTable) -> String {
    ["change", "update", "truncate", "pending_insert", "pending_update"]
      .map { "DROP TRIGGER IF EXISTS \(prefix)\($0) ON \(table.quotedName)" }.joined(separator: ";\n")
  }
}
