import Postgres
import SkillsCore

/// A row of the skill table, as it was read.
struct StoredRow: Equatable {
  var id: String
  var row: SkillsCore.Row
  /// Over the synced columns, computed by PostgreSQL: two rows with one digest say the same.
  var digest: String
  /// ISO 8601, UTC, milliseconds; nil where the table has no such column.
  var createdAt: String?
  var updatedAt: String?
  /// The columns as they were, for parts that a file doesn't carry.
  var owners: [JSONValue]
  var ownerID: String?
  var ownerRelation: Owner?

  /// Takes from the base what only it knows.
  mutating func complete(from base: StoredBase) {
    if base.base.state == .present, base.digest == digest {
      // Nobody touched the row: what else its values are made from (an owner's name) is no edit of the skill.
      row.values = base.base.values
    } else {
      row.values.keepMembers(ofSources: base.base.values.sources)
    }
  }
}

extension SkillTable {
  /// SQL for the digest of the row `alias`: SHA-256 over a `jsonb` array of the synced columns, which is canonical.
  func digest(_ alias: String) -> String {
    let columns = syncedColumns.map { column in
      let name = "\(alias).\(quotedIdentifier(column.name))"
      switch column.name {
      case "content": return #"btrim(\#(name), E' \t\n\r\f\x0B')"#
      case "status": return "\(name)::text"
      default: return column.type == "json" ? "\(name)::jsonb" : name
      }
    }
    return
      "encode(sha256(convert_to(jsonb_build_array(\(columns.joined(separator: ", ")))::text, 'UTF8')), 'hex')"
  }

  /// SQL for the id of the row `alias` as text.
  func id(_ alias: String) -> String {
    ["text", "character varying"].contains { type(of: "id").hasPrefix($0) }
      ? "\(alias).id" : "\(alias).id::text"
  }

  /// SQL: the select list that `storedRow` reads, of row `s` and its owner `u` (see `source`).
  var selectList: String {
    func column(_ name: String, as label: String, _ cast: String = "::text") -> String {
      has(name) ? "s.\(quotedIdentifier(name))\(cast) AS \(label)" : "NULL AS \(label)"
    }
    func time(_ name: String, as label: String) -> String {
      guard has(name) else { return "NULL AS \(label)" }
      let utc = type(of: name).contains("with time zone") ? " AT TIME ZONE 'UTC'" : ""
      return #"to_char(s.\#(quotedIdentifier(name))\#(utc), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS \#(label)"#
    }
    return [
      "\(id("s")) AS id", "s.title", "s.content", column("categories", as: "categories", "::text[]"),
      column("tier", as: "tier"), column("owners", as: "owners"), column("ownerId", as: "owner_id"),
      hasOwnerRelation
        ? "u.name AS owner_name, u.email AS owner_email" : "NULL AS owner_name, NULL AS owner_email",
      column("sourceUrls", as: "sources"), column("isActive", as: "active", ""),
      column("status", as: "status"), column("summary", as: "summary"),
      time("createdAt", as: "created_at"), time("updatedAt", as: "updated_at"),
      "\(digest("s")) AS row_digest",
    ].joined(separator: ", ")
  }

  /// SQL: the table as `s`, joined with the owner relation as `u`, for a LEFT JOIN onto something before it.
  func joined(on condition: String) -> String {
    let users = hasOwnerRelation ? "LEFT JOIN \(usersName) u ON u.id = s.\(quotedIdentifier("ownerId"))" : ""
    return "LEFT JOIN \(quotedName) s ON \(condition) \(users)"
  }

  /// Reads what `selectList` selected; nil if the outer join found no row.
  ///
  /// Throws a `SkillProblem` if a column holds what no skill has.
  func storedRow(_ row: Postgres.Row) throws -> StoredRow? {
    guard let id = try row.optionalText("id") else { return nil }
    do {
      return try storedRow(id, row)
    } catch {
      let column = (error as? PostgresError)?.column ?? "owners or sourceUrls"
      throw SkillProblem("the row's \(column) holds what no skill has: correct it in the web application")
    }
  }

  private func storedRow(_ id: String, _ row: Postgres.Row) throws -> StoredRow {
    let owners = try jsonElements(row.optionalText("owners"))
    let ownerID = try row.optionalText("owner_id")
    let relation =
      hasOwnerRelation
      ? ownerRelation(
        id: ownerID, name: try row.optionalText("owner_name"), email: try row.optionalText("owner_email"))
      : nil
    let categories = has("categories") ? try row.optionalTextArray("categories") ?? [] : []
    let values = SkillValues(
      title: trimmed(try row.optionalText("title") ?? ""), body: try row.optionalText("content") ?? "",
      categories: categories.compactMap { $0 },
      tier: try row.optionalText("tier") ?? SkillValues.defaultTier,
      owners: projectedOwners(relation: relation, listed: owners),
      sources: try jsonElements(row.optionalText("sources")).compactMap { value in
        if case .object(let members) = value { return Source(members: members) }
        return value.text.map { Source(members: ["url": .string($0)]) }
      },
      active: try row.optionalBoolean("active") ?? true,
      summary: try row.optionalText("summary") ?? "")
    let publication: Publication =
      switch try row.optionalText("status") {
      case "DRAFT", "IN_REVIEW": .draft
      case "ARCHIVED": .archived
      default: .published
      }
    return StoredRow(
      id: id, row: SkillsCore.Row(values: values, publication: publication),
      digest: try row.text("row_digest"),
      createdAt: try row.optionalText("created_at"), updatedAt: try row.optionalText("updated_at"),
      owners: owners,
      ownerID: ownerID, ownerRelation: relation)
  }

  /// SQL: whether row `s` is out of use.
  var isArchived: String { has("isActive") ? #"(s."isActive" IS FALSE)"# : "false" }

  /// SQL: whether row `s` is one that its users see published.
  var isPublished: String {
    has("status")
      ? "(s.status::text IS NULL OR s.status::text NOT IN ('DRAFT', 'IN_REVIEW', 'ARCHIVED'))" : "true"
  }
}

/// The owner relation stands first, as the application writes files, unless the list names the same person.
///
/// The application's own system user owns what nobody does, and is nobody.
private func projectedOwners(relation: Owner?, listed: [JSONValue]) -> [Owner] {
  let listed = listed.compactMap { value -> Owner? in
    let owner = Owner(name: value["name"]?.text, email: value["email"]?.text, userID: value["userId"]?.text)
    return owner == Owner(name: nil, email: nil, userID: nil) ? nil : owner
  }
  guard let relation, !SystemOwner.isSystem(relation), !listed.contains(where: relation.isSamePerson) else {
    return listed
  }
  return [relation] + listed
}

private func ownerRelation(id: String?, name: String?, email: String?) -> Owner? {
  id.map { Owner(name: name, email: email, userID: $0) }
}

private func jsonElements(_ text: String?) throws -> [JSONValue] {
  guard let text, text != "[]", text != "null" else { return [] }
  return try JSON.decode(JSONValue.self, from: text).elements ?? []
}
