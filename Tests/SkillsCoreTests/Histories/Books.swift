import SkillsCore

/// What an all-seeing observer knows: who saved which mark, and who removed it with it in front of them.
struct Books {
  enum Person { case user, engineer }

  var saved: Set<String> = []
  var removed: [Person: Set<String>] = [.user: [], .engineer: []]
  /// What each removed themselves at some time.
  var ownRemovals: [Person: Set<String>] = [.user: [], .engineer: []]
  /// Marks that were put in again after they had been saved or removed.
  var addedAgain: Set<String> = []
  /// Marks that stood in a file without an id: once moved and edited it is a new file, whatever became of the old skill.
  var nameless: Set<String> = []
  /// Marks of which nobody can say what should become.
  var excused: Set<String> = []
  var editors: [String: Set<Person>] = [:]
  var lastSave: [String: TableRow?] = [:]
  var previousSave: [String: TableRow] = [:]
  /// What an engineer last pushed of a skill; missing where that can't be said.
  var lastPush: [String: SkillText?] = [:]

  var allRemoved: Set<String> { removed.values.reduce([]) { $0.union($1) } }

  mutating func edit(_ person: Person, _ skill: String?, from old: Set<String>, to new: Set<String>) {
    let other: Person = person == .user ? .engineer : .user
    for mark in new.subtracting(old) {
      if saved.contains(mark) || allRemoved.contains(mark) {
        addedAgain.insert(mark)
        // It was missing because of the other side: that was seen.
        let isTitle = mark.contains("=")
        if ownRemovals[person]?.contains(mark) != true, !isTitle { removed[other]?.remove(mark) }
        removed[person]?.remove(mark)
        ownRemovals[person]?.remove(mark)
      }
      saved.insert(mark)
    }
    removed[person]?.formUnion(old.subtracting(new))
    ownRemovals[person]?.formUnion(old.subtracting(new))
    if let skill { editors[skill, default: []].insert(person) }
  }
}
