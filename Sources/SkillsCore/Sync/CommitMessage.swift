/// One skill's part in a commit of ours.
public struct CommittedChange: Equatable, Sendable {
  /// What the commit does to the skill's file; messages call it by these names.
  public enum Kind: String, CaseIterable, Sendable {
    /// The file is new.
    case create
    /// The file stays where it is.
    case update
    /// The file moves, whether or not its text changes too.
    case rename
    /// The file goes.
    case delete
  }

  /// What the commit does to the file.
  public var kind: Kind
  /// The skill's id.
  public var id: String
  /// The skill's title.
  public var title: String
  /// Who answers for the skill: the first owner with an e-mail address.
  public var owner: Owner?

  /// A change of one skill's file.
  public init(kind: Kind, id: String, title: String, owner: Owner?) {
    self.kind = kind
    self.id = id
    self.title = title
    self.owner = owner
  }
}

/// A name and an e-mail address, as a commit's author has them.
public struct Person: Equatable, Hashable, Sendable {
  /// The name.
  public var name: String
  /// The address.
  public var email: String

  /// A person as git knows them.
  public init(name: String, email: String) {
    self.name = name
    self.email = email
  }
}

/// Whose addresses stand in commits.
public enum AuthorEmails: String, CaseIterable, Sendable {
  /// The owners' own.
  case owner
  /// The committer's, beside the owners' names.
  case noreply
}

/// Lists in a message end here: a first export of 10,000 skills is still a message that people can read.
private let longestList = 100
/// GitHub shows co-authors as faces; more than this is a crowd.
private let mostCoAuthors = 20

/// The message and the author of one commit with these changes.
///
/// Titles and names are data: on one line, without control characters, and never at the place of a trailer.
/// The author is the owner if all skills have the same one, else the committer with the owners as co-authors.
public func commitMessage(
  for changes: [CommittedChange], committer: Person, emails: AuthorEmails
) -> (message: String, author: Person) {
  let people = uniqued(changes.map { $0.owner.flatMap { person($0, committer: committer, emails: emails) } })
  let author = people.count == 1 ? people[0] ?? committer : committer
  var lines: [String] = []
  if changes.count == 1, let change = changes.first {
    lines.append("\(change.kind): \(oneLine(change.title, limit: 200))")
  } else {
    let counts = CommittedChange.Kind.allCases.compactMap { kind in
      let count = changes.count { $0.kind == kind }
      return count == 0 ? nil : "\(kind) \(count)"
    }
    lines.append("sync: \(changes.count) skills (\(counts.joined(separator: ", ")))")
    lines.append("")
    lines += changes.prefix(longestList).map { "- \($0.kind): \(oneLine($0.title, limit: 200))" }
    if changes.count > longestList { lines.append("- and \(changes.count - longestList) more") }
  }
  lines.append("")
  lines += changes.prefix(longestList).map { "Skill-Id: \(oneLine($0.id, limit: 255))" }
  if author == committer {
    let others = people.compactMap { $0 }.filter { $0 != committer }
    lines += others.prefix(mostCoAuthors).map { "Co-authored-by: \($0.name) <\($0.email)>" }
  }
  return (lines.joined(separator: "\n") + "\n", author)
}

private func person(_ owner: Owner, committer: Person, emails: AuthorEmails) -> Person? {
  guard let email = owner.email, isPlainAddress(email) else { return nil }
  let local = String(email.prefix { $0 != "@" })
  var name = oneLine(owner.name ?? local, limit: 100)
  // Git takes what stands between these for the address; one with an accent on it is another Character.
  name.unicodeScalars.removeAll { $0 == "<" || $0 == ">" }
  name = trimmed(name)
  return name.isEmpty ? nil : Person(name: name, email: emails == .owner ? email : committer.email)
}

private func isPlainAddress(_ email: String) -> Bool {
  email.utf8.count <= 254 && email.split(separator: "@", omittingEmptySubsequences: false).count == 2
    && email.unicodeScalars.allSatisfy {
      $0.value > 32 && $0.value != 127 && $0 != "<" && $0 != ">" && $0.properties.generalCategory != .control
        && !$0.properties.isWhitespace
    }
}

private func oneLine(_ text: String, limit: Int) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: result.unicodeScalars.append(" ")
    default: result.unicodeScalars.append(scalar)
    }
  }
  let line = trimmed(result)
  // A Character may be of any length: a letter with a thousand accents is one.
  if line.utf8.count <= 4 * limit, line.count <= limit { return line }
  var kept = ""
  for character in line.prefix(limit - 1) {
    guard kept.utf8.count + character.utf8.count <= 4 * limit else { break }
    kept.append(character)
  }
  return kept + "…"
}

private func uniqued<Element: Hashable>(_ elements: [Element]) -> [Element] {
  var seen: Set<Element> = []
  return elements.filter { seen.insert($0).inserted }
}
