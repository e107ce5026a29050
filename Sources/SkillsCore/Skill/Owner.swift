/// A person who answers for a skill: an item of `owners` in the file, of the `owners` column, or the owner relation.
public struct Owner: Equatable, Sendable {
  public var name: String?
  public var email: String?
  public var userID: String?

  /// Missing and empty parts are the same.
  public init(name: String?, email: String?, userID: String?) {
    func filled(_ text: String?) -> String? { text?.isEmpty == true ? nil : text }
    self.name = filled(name)
    self.email = filled(email)
    self.userID = filled(userID)
  }

  /// Whether both mean one person: the same user, or else the same e-mail address.
  public func isSamePerson(as other: Owner) -> Bool {
    if let userID, let otherID = other.userID { return userID == otherID }
    guard let email = email?.lowercased(), let otherEmail = other.email?.lowercased() else { return false }
    return email == otherEmail
  }
}
