/// What people wrote in a history, so that what was lost of it can be told.
struct Account {
  enum Side { case row, file }

  /// What a skill was last made to say since both sides agreed, and where it was edited since.
  struct Edit {
    var sides: Set<Side> = []
    var text: String?
  }

  /// Every word that anybody saved.
  private var words: Set<String> = []
  /// Those that somebody took out who had them in front of them.
  private var removed: Set<String> = []
  private var edits: [String: Edit] = [:]
  private var nextWord = 0

  /// A word that nobody has written yet.
  mutating func newWord() -> String {
    nextWord += 1
    return "word\(nextWord)"
  }

  /// Somebody who saw `old` made it `new`.
  ///
  /// - Parameter skill: whose body it is; nil where that can't be told.
  mutating func edited(_ skill: String?, on side: Side, from old: String, to new: String) {
    let (before, after) = (Self.words(of: old), Self.words(of: new))
    words.formUnion(after)
    removed.formUnion(before.subtracting(after))
    // Who only leaves a word where it is doesn't put it back.
    removed.subtract(after.subtracting(before))
    guard let skill else { return }
    edits[skill, default: Edit()].sides.insert(side)
    edits[skill]?.text = new
  }

  /// Somebody who saw `text` deleted the skill, or what happened to it says nothing of its last text.
  mutating func deleted(_ skill: String?, text: String) {
    removed.formUnion(Self.words(of: text))
    if let skill { leaveOpen(skill) }
  }

  /// Somebody changed something else of the skill than its body.
  mutating func touched(_ skill: String, on side: Side) { edits[skill, default: Edit()].sides.insert(side) }

  /// Nobody's text of this skill is the last one for sure.
  mutating func leaveOpen(_ skill: String) { edits[skill] = Edit(sides: [.row, .file]) }

  /// Both sides agree.
  mutating func agreed() { edits = [:] }

  /// What the skills must say in the end that were edited on one side alone since both agreed.
  var lastTexts: [String: String] {
    edits.filter { $0.value.sides.count == 1 }.compactMapValues(\.text)
  }

  /// The words that were saved, that nobody took out, and that aren't in `kept`.
  func lost(from kept: String) -> [String] {
    words.subtracting(removed).subtracting(Self.words(of: kept)).sorted()
  }

  private static func words(of text: String) -> Set<String> {
    Set(
      text.split { !$0.isLetter && !$0.isNumber }.map { String($0) }.filter { $0.hasPrefix("word") })
  }
}
