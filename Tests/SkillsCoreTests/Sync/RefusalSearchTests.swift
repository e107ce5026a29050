import SkillsCore
import Testing

/// A repository that refuses every push with a skill of `faulty`, or every push at all.
private struct Server {
  var faulty: Set<String> = []
  var refusesAll = false

  func accepts(_ pushed: [String]) -> Bool { !refusesAll && faulty.isDisjoint(with: pushed) }
}

struct RefusalSearchTests {
  private static func skills(_ count: Int) -> [String] { (1...count).map { "s\($0)" } }

  /// Pushes as an export does until nothing waits; returns the skills found at fault and how many pushes it took.
  private func search(_ server: Server, _ skills: [String], limit: Int = 400) -> (
    found: Set<String>, pushes: Int, accepted: Set<String>
  ) {
    var waiting = skills
    var search: RefusalSearch?
    var found: Set<String> = []
    var pushes = 0
    while !waiting.isEmpty, pushes < limit {
      let pushed = search?.probe(of: waiting) ?? waiting
      let isProbe = search?.probe(of: waiting) != nil
      pushes += 1
      if server.accepts(pushed) {
        search = isProbe ? search?.accepted(pushed, of: waiting) : nil
        waiting.removeAll(where: pushed.contains)
      } else if isProbe, let current = search {
        switch current.refused(pushed, of: waiting) {
        case .goesOn(let next): search = next
        case .found(let skill):
          search = nil
          found.insert(skill)
          waiting.removeAll { $0 == skill }
        }
      } else {
        search = RefusalSearch(refused: pushed)
      }
    }
    return (found, pushes, Set(skills).subtracting(waiting).subtracting(found))
  }

  @Test(arguments: [2, 3, 7, 100])
  func theOneAtFaultIsFoundWhereverItIsAndTheOthersArePushed(count: Int) {
    let skills = Self.skills(count)
    for faulty in skills {
      let result = search(Server(faulty: [faulty]), skills)
      #expect(result.found == [faulty])
      #expect(result.accepted == Set(skills).subtracting([faulty]))
      // The refused push, two skills alone, the halves of a hundred, itself alone, the rest.
      #expect(result.pushes <= 12, "\(faulty): \(result.pushes)")
    }
  }

  @Test func severalAtFaultAreFoundOneAfterTheOther() {
    let result = search(Server(faulty: ["s3", "s4", "s50"]), Self.skills(60))
    #expect(result.found == ["s3", "s4", "s50"])
    #expect(result.accepted.count == 57)
  }

  @Test func aRuleForAllAccusesNobodyAndIsProbedByOneSkillAtATime() throws {
    let skills = Self.skills(5)
    let result = search(Server(refusesAll: true), skills, limit: 50)
    #expect(result.found.isEmpty && result.accepted.isEmpty)
    var search = RefusalSearch(refused: skills)
    var probed: [String] = []
    for _ in 1...10 {
      let probe = try #require(search.probe(of: skills))
      try #require(probe.count == 1)
      probed += probe
      guard case .goesOn(let next) = search.refused(probe, of: skills) else {
        Issue.record("\(probe) was taken to be at fault")
        return
      }
      search = next
    }
    #expect(probed == skills + skills, "each in its turn")
  }

  @Test func whenARuleForAllIsLiftedAllIsPushedAndNobodyAccused() throws {
    let skills = Self.skills(4)
    var search = try #require(
      RefusalSearch(refused: skills).refused(["s1"], of: skills).next)
    #expect(search.stage == .alone)
    #expect(search.probe(of: skills) == ["s2"])
    // From here on everything is accepted.
    search = try #require(search.accepted(["s2"], of: skills))
    #expect(search.probe(of: ["s1", "s3", "s4"]) == ["s1"], "it was refused alone: is it its own fault?")
    #expect(search.accepted(["s1"], of: ["s1", "s3", "s4"]) == nil, "no: the others may go together")
  }

  @Test func aSkillThatWasRefusedAloneIsNotAccusedBeforeAnotherWasAccepted() throws {
    let search = RefusalSearch(refused: ["s1"])
    #expect(search.stage == .alone)
    #expect(search.refused(["s1"], of: ["s1"]).next?.skills == ["s1"])
    // Another one is saved: it tells whether it is the rule or the skill.
    #expect(search.probe(of: ["s1", "s2"]) == ["s2"])
    let after = try #require(search.accepted(["s2"], of: ["s1", "s2"]))
    #expect(after.probe(of: ["s1"]) == ["s1"])
    #expect(after.refused(["s1"], of: ["s1"]) == .found("s1"))
  }

  @Test func whatNoLongerWaitsIsNoLongerSuspected() {
    #expect(RefusalSearch(refused: ["s1", "s2"]).probe(of: ["s3", "s4"]) == nil)
    #expect(RefusalSearch(refused: ["s1"]).probe(of: ["s3"]) == nil)
    let suspects = RefusalSearch(refused: ["s1", "s2", "s3"]).accepted(["s1"], of: ["s1", "s3"])
    #expect(suspects?.skills == ["s3"])
    #expect(suspects?.probe(of: ["s4", "s3"]) == ["s3"], "others wait until it is settled")
    #expect(suspects?.accepted(["s3"], of: ["s4", "s3"]) == nil)
  }

  @Test func theWaitDoublesWhileNothingIsLearntAndEndsAtAnHour() throws {
    var search = RefusalSearch(refused: ["s1"])
    var waits: [Int] = []
    for _ in 1...9 {
      waits.append(search.wait)
      search = try #require(search.refused(["s1"], of: ["s1"]).next)
    }
    #expect(waits == [60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600])
    let learnt = search.accepted(["s2"], of: ["s1", "s2"])
    #expect(learnt?.wait == 60)
  }

  @Test func itIsRecordedAsJSON() throws {
    let search = try #require(RefusalSearch(refused: ["s1", "s2"]).refused(["s1"], of: ["s1", "s2"]).next)
    let text = try JSON.text(search)
    #expect(text == #"{"fruitless":1,"skills":["s1"],"stage":"alone"}"#)
    #expect(try JSON.decode(RefusalSearch.self, from: text) == search)
  }
}

extension RefusalSearch.Verdict {
  fileprivate var next: RefusalSearch? {
    if case .goesOn(let search) = self { return search }
    return nil
  }
}
