/// A person who answers for a skill: an item of `owners` in the file, of the `owners` column, or the owner relation.
public struct Owner: Equatable, Sendable {
  /// The person's name.
  public var name: String?
  /// The person's e-mail address.
  public var email: String?
  /// The person's id in the application.
  public var userID: String?

  /// A person of whom parts may be unknown; missing and empty parts are the same.
  public init(name: String?, email: String?, userID: String?) {
    func filled(_ text: String?) -> String? { text?.isEmpty == true ? nil : text }
    self.name = filled(name)
    self.email = filled(email)
    self.userID = filled(userID)
  }

  /// Whether both say the same, byte for byte.
  public static func == (one: Owner, other: Owner) -> Bool {
    func isSame(_ one: String?, _ other: String?) -> Bool {
      guard let one, let other else { return one == other }
      return hasSameBytes(one, other)
    }
    return isSame(one.name, other.name) && isSame(one.email, other.email) && isSame(one.userID, other.userID)
  }

  /// Whether both mean one person: the same user, or the same e-mail address, whatever the case of its letters.
  ///
  /// An address is one user's, but a user's id is another in each database: a file may carry that of another one.
  public func isSamePerson(as other: Owner) -> Bool {
    if let userID, let otherID = other.userID, hasSameBytes(userID, otherID) { return true }
    guard let email = email?.lowercased(), let otherEmail = other.email?.lowercased() else { return false }
    return hasSameBytes(email, otherEmail)
  }

  /// The one of `candidates` that is this person: rather one that says the same of them than the first.
  public func match<Candidate>(among candidates: [Candidate], _ owner: (Candidate) -> Owner) -> Candidate? {
    candidates.first { owner($0) == self } ?? candidates.first { isSamePerson(as: owner($0)) }
  }
}
