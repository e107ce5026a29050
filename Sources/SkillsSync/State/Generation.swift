import Cryptography
import Postgres

/// The compare-and-swap that fences every transaction writing our state.
///
/// The first statement advances the generation only if nobody did since it was read; each later one takes part only if that
/// happened (`holds`), so that a whole transaction goes out in one round trip and does all or nothing.
struct Generation {
  let repositoryID: Int
  let expected: String
  /// What it becomes: random, so that a restored database never repeats one.
  let next: String

  init(_ state: RepositoryState) {
    repositoryID = state.id
    expected = state.generation
    next = randomUUID()
  }

  var advance: Statement {
    Statement(
      "advance the generation",
      """
      UPDATE skill_sync.repository SET generation = $2, whole_generation = CASE WHEN whole_generation = generation THEN $2::uuid END
      WHERE id = $1 AND generation = $3 RETURNING id
      """,
      [.integer(repositoryID), .text(next), .text(expected)])
  }

  /// SQL: whether `advance` went through, with the repository's id as $1 and `next` as $2.
  static let holds = "EXISTS (SELECT FROM skill_sync.repository r WHERE r.id = $1 AND r.generation = $2)"

  /// A statement that takes part only if `advance` went through; its own parameters start at $3.
  func statement(_ name: String, _ sql: String, _ parameters: [Parameter] = []) -> Statement {
    Statement(name, sql, [.integer(repositoryID), .text(next)] + parameters)
  }
}

/// A random UUID (RFC 9562, version 4) in lower case.
func randomUUID() -> String {
  var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
  bytes[6] = bytes[6] & 0x0F | 0x40
  bytes[8] = bytes[8] & 0x3F | 0x80
  let digits = hexadecimal(bytes)
  var parts: [Substring] = []
  var rest = digits[...]
  for length in [8, 4, 4, 4, 12] {
    parts.append(rest.prefix(length))
    rest = rest.dropFirst(length)
  }
  return parts.joined(separator: "-")
}
