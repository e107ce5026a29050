import Foundation
import SeededRandom
import TestSupport

/// One history: what people did, what went wrong meanwhile, and what must be found in the end.
final class History {
  let world: World
  let gitProxy: LoopbackProxy
  let databaseProxy: LoopbackProxy
  var random: SeededRandom
  var account = Account()
  var log: [String] = []
  /// How often each fault was injected.
  var faults: [String: Int] = [:]
  /// How often both sides agreed before the end.
  var quietPoints = 0
  /// What each row said before the last save of the application, for an undo.
  var earlier: [String: String] = [:]
  /// The commits that the branch was at: webhooks tell of any of them, at any time.
  var tips: [String] = []
  var sleepers: [Program] = []

  init(seed: UInt64) throws {
    random = SeededRandom(state: seed)
    world = try World()
    gitProxy = try LoopbackProxy(beforeRepositoryOf: world)
    databaseProxy = try LoopbackProxy(beforeDatabaseOf: world)
    let policies = ["merge", "merge", "merge", "last-write-wins", "manual"]
    world.environment["CONFLICT_POLICY"] = policies.randomElement(using: &random)
    world.environment["GIT_DELETE_POLICY"] = ["archive", "delete"].randomElement(using: &random)
    log.append(
      "\(world.environment["CONFLICT_POLICY"] ?? ""), \(world.environment["GIT_DELETE_POLICY"] ?? "")")
    for number in 1...4 {
      try world.create(
        "s\(number)", title: "Skill \(number)", content: (1...6).map { "line \($0)\n\n" }.joined())
    }
    try world.export()
    try world.import()
  }

  func run() throws {
    for _ in 0..<Int.random(in: 8...24, using: &random) {
      switch Int.random(in: 0..<40, using: &random) {
      case 0..<7: try save()
      case 7: try undo()
      case 8: try rename()
      case 9: try swapTitlesOfRows()
      case 10: try createRow()
      case 11: try deleteRow()
      case 12..<18: try push()
      case 18: try move()
      case 19: try renameFolder()
      case 20: try swapTitlesOfFiles()
      case 21: try copyFile()
      case 22: try createFile()
      case 23: try deleteFile()
      case 24: try rewind()
      case 25, 26: try runBoth()
      default: try runOne()
      }
      if let tip = try world.repository.tip, tip != tips.last { tips.append(tip) }
    }
    for program in sleepers where program.isRunning { kill(program.pid, SIGCONT) }
    for program in sleepers { _ = try program.wait() }
    // After a refused push a person asks again.
    _ = try world.run(.skillsToGit, "export")
    for _ in 0..<3 {
      for _ in 0..<2 { try world.sweep() }
      if try !settleByHand() { break }
    }
  }

  /// A title was changed: where titles and bodies aren't merged apart, that is an edit of both.
  func retitled(_ skill: String?, on side: Account.Side) {
    if let skill, world.environment["CONFLICT_POLICY"] != "merge" { account.touched(skill, on: side) }
  }

  func pick<Element>(_ choices: [Element]) -> Element? { choices.randomElement(using: &random) }

  func happens(onceIn count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }

  /// A file's text with another title.
  static func withTitle(_ title: String, _ file: String) -> String {
    file.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("title: ") ? "title: \(title)" : String($0) }.joined(separator: "\n")
  }

  /// A text with one line changed, added or taken out.
  func edited(_ text: String) -> String {
    var lines = text.components(separatedBy: "\n\n").filter { !$0.isEmpty }
    let place = Int.random(in: 0...lines.count, using: &random)
    if place < lines.count, happens(onceIn: 4) {
      lines.remove(at: place)
    } else if place < lines.count, Bool.random(using: &random) {
      lines[place] += " \(account.newWord())"
    } else {
      lines.insert(account.newWord(), at: place)
    }
    return lines.map { $0 + "\n\n" }.joined()
  }
}
