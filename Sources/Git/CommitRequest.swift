/// A commit to be made, but for the files that it writes.
public struct CommitRequest: Sendable {
  /// The commit it follows; nil for the first one of a branch.
  public var parent: ObjectID?
  /// Who made the change.
  public var author: Signature
  /// Who made the commit.
  public var committer: Signature
  /// The subject, an empty line, and more; `\0` is left out.
  public var message: String
  /// Files that the commit hasn't any more; deleted before any is written.
  public var deleted: [ParentFile]

  /// A commit that deletes these.
  public init(
    parent: ObjectID?, author: Signature, committer: Signature, message: String,
    deleted: [ParentFile] = []
  ) {
    self.parent = parent
    self.author = author
    self.committer = committer
    self.message = message
    self.deleted = deleted
  }
}

/// A file of a commit's parent that the commit changes, moves or deletes: it is made only if the parent has that file so.
public struct ParentFile: Hashable, Sendable {
  /// Its path in the parent.
  public let path: String
  /// Its content there.
  public let blob: ObjectID

  /// The file at `path` with this content.
  public init(path: String, blob: ObjectID) {
    self.path = path
    self.blob = blob
  }
}

/// Who did something, and when.
public struct Signature: Hashable, Sendable {
  /// Without line ends, control characters and angle brackets; never empty.
  public let name: String
  /// Without white space, control characters and angle brackets.
  public let email: String
  /// Seconds since 1970.
  public let seconds: Int
  /// Minutes east of UTC.
  public let zoneMinutes: Int

  /// The signature of `name`, from which everything is taken that git gives a meaning to.
  ///
  /// A time before 1970, which some servers refuse, becomes 1970; a zone further than 14 hours becomes UTC.
  public init(name: String, email: String, seconds: Int, zoneMinutes: Int = 0) {
    let mailbox = email.unicodeScalars.filter { isHarmless($0) && !$0.properties.isWhitespace }
    self.email = String(String.UnicodeScalarView(mailbox))
    let words = name.unicodeScalars.map { isHarmless($0) ? $0 : " " }
    let spaced = String(String.UnicodeScalarView(words)).parts(between: " ").filter { !$0.isEmpty }
    self.name = spaced.isEmpty ? "unknown" : spaced.joined(separator: " ")
    self.seconds = max(0, seconds)
    self.zoneMinutes = abs(zoneMinutes) <= 14 * 60 ? zoneMinutes : 0
  }

  /// As in a commit's header (https://git-scm.com/docs/git-fast-import#_committer).
  var header: String {
    let zone = abs(zoneMinutes)
    let digits = String(zone / 60 * 100 + zone % 60)
    let padded = String(repeating: "0", count: 4 - digits.utf8.count) + digits
    return "\(name) <\(email)> \(seconds) \(zoneMinutes < 0 ? "-" : "+")\(padded)"
  }
}

private func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
  scalar != "<" && scalar != ">" && scalar.properties.generalCategory != .control
    && scalar.properties.generalCategory != .lineSeparator
    && scalar.properties.generalCategory != .paragraphSeparator
}
