import Cryptography
import SkillsCore

/// Something that needs a person.
struct Notice: Equatable {
  /// What it is known by: there is one message for each cause and hour.
  let cause: String
  /// A few words, which notices of one kind share: they go into one message.
  var title: String
  /// What happened, to what.
  var what: String
  /// What the person can do: a sentence, and the command to run.
  var remedy: String

  init(cause: String, title: String, what: String, remedy: String) {
    // Longer ones, with a file's path in them, are no key of an index.
    self.cause = cause.utf8.count > 500 ? hexadecimal(sha256(cause.utf8)) : cause
    self.title = title
    self.what = what
    self.remedy = remedy
  }

  /// A row or a file that was set aside.
  static func setAside(_ subject: String, _ reason: String, _ message: String) -> Notice {
    Notice(
      cause: "set aside: \(reason): \(subject)", title: "skills were set aside",
      what: "\(subject): \(reason): \(message)",
      remedy:
        "They are left alone on both sides until the row or the file changes. Correct it, and the next run takes "
        + "it in. What is set aside now: skills-to-git status")
  }

  /// Deletions that wait for a confirmation; a set that grew is another cause.
  static func held(_ held: HeldDeletions) -> Notice {
    Notice(
      cause: "held: \(held.digest)", title: "deletions are held",
      what: HeldReport(held).text,
      remedy:
        "All else goes on. If nobody meant it, bring back what was deleted: then nothing is held any more. "
        + "What is held now: skills-to-git status")
  }

  /// The subject and the text of one message about notices of one kind.
  ///
  /// - Parameter place: which repository, branch and table.
  static func message(_ notices: [Notice], place: String) -> (subject: String, text: String) {
    var lines = notices.prefix(20).map { "- \($0.what)" }
    if notices.count > 20 { lines.append("- and \(notices.count - 20) more") }
    let title = notices.first?.title ?? ""
    return (
      "Git-Backed Skills: \(title)",
      """
      \(lines.joined(separator: "\n"))

      \(notices.first?.remedy ?? "")

      \(place)
      """
    )
  }
}
