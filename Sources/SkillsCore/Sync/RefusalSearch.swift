/// The search for what a rule of the repository objects to, where the server refused a push and named no file.
///
/// No retry cures a rule, so nothing is pushed meanwhile but one *probe* at a time. The first is one skill alone. If it
/// is refused too, the rule is taken to be one for all; if it is accepted, some skill among the others is at fault, and
/// each further probe halves them. A skill counts as at fault only once it was refused alone and others were accepted.
public struct RefusalSearch: Equatable, Codable, Sendable {
  /// What is known.
  public enum Stage: String, Codable, Sendable {
    /// `skills` were refused together.
    case together
    /// `skills` were each refused alone, and none was accepted: a rule for all.
    case alone
    /// Others were accepted, and at least one of `skills` is at fault.
    case suspects
  }

  /// What the search has found about `skills`.
  public private(set) var stage: Stage
  /// Ids of skills, in the order in which they are probed.
  public private(set) var skills: [String]
  /// How many probes in a row have taught nothing.
  public private(set) var fruitless: Int

  /// What follows from a refused probe.
  public enum Verdict: Equatable, Sendable {
    /// The search goes on.
    case goesOn(RefusalSearch)
    /// This skill is at fault.
    case found(String)
  }

  /// Begins with the skills of a push that was refused.
  public init(refused pushed: [String]) {
    self.init(stage: pushed.count == 1 ? .alone : .together, skills: pushed, fruitless: 0)
  }

  private init(stage: Stage, skills: [String], fruitless: Int) {
    self.stage = stage
    self.skills = skills
    self.fruitless = fruitless
  }

  /// Seconds until the next probe: a minute, twice as long after each that taught nothing, an hour at most.
  public var wait: Int { min(60 << min(fruitless, 6), 3_600) }

  /// The skills that the next probe pushes, of those that wait; nil if none is under suspicion any more, so that all may
  /// be pushed.
  public func probe(of waiting: [String]) -> [String]? {
    let left = remaining(of: waiting)
    guard let first = left.first else { return nil }
    switch stage {
    case .together: return [first]
    case .alone:
      let refused = Set(skills)
      return [waiting.first { !refused.contains($0) } ?? first]
    case .suspects: return Array(left.prefix(max(1, left.count / 2)))
    }
  }

  /// What is left to be searched after a probe was accepted; nil if nothing is.
  ///
  /// - Parameter waiting: the skills that waited when `pushed` were chosen from them.
  public func accepted(_ pushed: [String], of waiting: [String]) -> RefusalSearch? {
    let left = remaining(of: waiting).filter { !pushed.contains($0) }
    return left.isEmpty ? nil : RefusalSearch(stage: .suspects, skills: left, fruitless: 0)
  }

  /// What follows after a probe was refused.
  public func refused(_ pushed: [String], of waiting: [String]) -> Verdict {
    switch stage {
    case .suspects where pushed.count == 1: return .found(pushed[0])
    case .suspects: return .goesOn(RefusalSearch(stage: .suspects, skills: pushed, fruitless: 0))
    case .together:
      return .goesOn(RefusalSearch(stage: .alone, skills: pushed, fruitless: fruitless + 1))
    case .alone:
      // The one tried last goes to the end, so that the others have their turn.
      let others = remaining(of: waiting).filter { !pushed.contains($0) }
      return .goesOn(RefusalSearch(stage: .alone, skills: others + pushed, fruitless: fruitless + 1))
    }
  }

  private func remaining(of waiting: [String]) -> [String] {
    let waits = Set(waiting)
    return skills.filter(waits.contains)
  }
}
