import SkillsCore

/// The user that owns a skill without an owner, where the table requires one.
enum SystemOwner {
  static let id = "system-owner"
  /// The addresses that releases of the application gave it, the one that we would create first.
  static let emails = ["system@transparent-trust.internal", "system@transparent-trust.local"]

  static func isSystem(_ owner: Owner) -> Bool {
    owner.userID == id || owner.email.map { emails.contains($0.lowercased()) } == true
  }
}
