import Foundation
import Postgres
import TestSupport
import Testing

/// Pushes that a rule of the repository refuses: real hooks, which print GitHub's own words and refuse for real.
@Suite(.onOwnThreads) struct RefusalTests {
  /// GitHub's words for rules that name no file, and the error's type.
  static let rules: [(words: String, type: String)] = [
    (
      """
      error: GH013: Repository rule violations found for refs/heads/main.
      Review all repository rules at https://github.com/o/r/rules?ref=refs%2Fheads%2Fmain

      - Changes must be made through a pull request.

      - 2 of 2 required status checks are expected.
      """, "PushRejected.protectedBranch"
    ),
    (
      """
      error: GH013: Repository rule violations found for refs/heads/main.
      - Commits must have verified signatures.
        Found 1 violation:
        8728dbe67b1a5b1f3b6b8bcb7ef3a5cc2c4d2b3a
      """, "PushRejected.unsignedCommits"
    ),
    (
      """
      error: GH006: Protected branch update failed for refs/heads/main.
      error: Changes must be made through a pull request.
      """, "PushRejected.protectedBranch"
    ),
    ("error: GH007: Your push would publish a private email address.", "PushRejected.emailPrivacy"),
    ("error: GH003: Sorry, force-pushing to main is not allowed.", "PushRejected.protectedBranch"),
    ("You shall not push.", "PushRejected.hookDeclined"),
  ]

  /// A hook that counts the pushes, and refuses those whose files hold a text.
  ///
  /// - Parameters:
  ///   - text: what a file must not hold; empty: nothing may be pushed.
  ///   - words: what is printed; `%s` stands for the path of each file at fault.
  private func refuse(_ world: World, _ text: String, saying words: String, hook: String = "pre-receive")
    throws
  {
    try Data(words.utf8).write(to: URL(fileURLWithPath: "\(world.folder)/words"))
    let read = hook == "update" ? "new=$3" : "read old new reference"
    try world.repository.hook(
      hook,
      """
      echo push >>'\(world.folder)/pushes'
      \(read)
      paths=$(git grep --full-name -l -e '\(text)' "$new" -- skills | sed 's/^[^:]*://')
      [ -n "$paths" ] || exit 0
      for path in $paths; do sed "s|%s|$path|" '\(world.folder)/words' >&2; done
      exit 1
      """)
  }

  private func pushes(_ world: World) -> Int {
    let text = try? String(contentsOfFile: "\(world.folder)/pushes", encoding: .utf8)
    return text?.split(separator: "\n").count ?? 0
  }

  /// As if the wait before the next probe were over.
  private func letTimePass(_ world: World) throws {
    try world.sql("UPDATE skill_sync.repository SET probe_at = clock_timestamp()")
  }

  /// Seconds until the next probe; nil if no refusal is recorded.
  private func wait(_ world: World) throws -> Int? {
    try world.sql(
      "SELECT round(extract(epoch FROM probe_at - refused_at))::int AS wait FROM skill_sync.repository")[0]
      .optionalInteger("wait")
  }

  /// A world of skills that agree, `s1` to `s<count>`, all of them edited since.
  private func edited(_ count: Int, _ content: (Int) -> String) throws -> World {
    let world = try World()
    for number in 1...count { try world.create("s\(number)", title: "Skill \(number)") }
    try world.export()
    for number in 1...count { try world.save("s\(number)", "content", .text(content(number))) }
    return world
  }

  @Test(arguments: rules.indices, ["pre-receive", "update"])
  func aRuleForAllKeepsTheOutboxSaysItsWordsAndIsNotAskedAgainAtOnce(index: Int, hook: String) throws {
    let (words, type) = Self.rules[index]
    let world = try edited(3) { "Edited \($0)." }
    let tip = try world.repository.tip
    try refuse(world, "", saying: words, hook: hook)
    for attempt in 1...3 {
      let error = try world.run(.skillsToGit, .sync).json(ErrorAnswer.self)
      #expect(error.errorType == type)
      let last = try #require(words.split(separator: "\n").last?.trimmingCharacters(in: .whitespaces))
      #expect(error.errorMessage.contains(last), "\(error)")
      #expect(error.errorMessage.contains("skills-to-git export") == (attempt > 1), "\(error)")
    }
    #expect(pushes(world) == 1)
    #expect(try world.count("skill_sync.outbox") == 3)
    #expect(try world.count("skill_sync.intent") == 0)
    #expect(try world.count("skill_sync.failed") == 0)
    #expect(try world.repository.tip == tip)
    #expect(try world.row("s1")?.syncStatus == "pending")
    let status = try world.run(.skillsToGit, "status").output
    #expect(status.contains("last push         refused at 2"), "\(status)")
  }

  @Test func aRuleForAllIsProbedByOneSkillAndMoreAndMoreSeldom() throws {
    let world = try edited(3) { "Edited \($0)." }
    try refuse(world, "", saying: Self.rules[0].words)
    var waits: [Int?] = []
    for _ in 1...6 {
      #expect(try world.run(.skillsToGit, .sync).status == 1)
      waits.append(try wait(world))
      try letTimePass(world)
    }
    #expect(waits == [60, 120, 240, 480, 960, 1_920])
    #expect(pushes(world) == 6)
    // A schedule, too, waits its turn.
    try world.sql("UPDATE skill_sync.repository SET probe_at = clock_timestamp() + interval '1 hour'")
    #expect(try world.run(.skillsToGit, .schedule).status == 1)
    #expect(pushes(world) == 6)
    #expect(try world.count("skill_sync.failed") == 0, "nobody is accused")

    // The rule is lifted. One skill tells; the one that was refused alone last is asked by itself.
    try refuse(world, "no such text", saying: "")
    var pending: [Int] = []
    for _ in 1...4 {
      try letTimePass(world)
      pending.append(try world.export().pending)
    }
    #expect(pending.first == 2 && pending.last == 0, "\(pending)")
    #expect(try wait(world) == nil)
    for number in 1...3 { #expect(try world.body("skills/skill-\(number).md") == "Edited \(number).\n") }
    try expectQuiet(world)
  }

  @Test(arguments: ["command", "configuration"])
  func aPersonWhoChangedSomethingIsToldAtOnce(how: String) throws {
    let world = try edited(3) { "Edited \($0)." }
    try refuse(world, "", saying: Self.rules[1].words)
    #expect(try world.run(.skillsToGit, .sync).status == 1)
    func again() throws -> Finished {
      if how == "command" { return try world.run(.skillsToGit, "export", "--json") }
      return try world.run(.skillsToGit, .sync)
    }
    if how == "configuration" { world.environment["COMMITTER_EMAIL"] = "other@example.com" }
    #expect(try again().json(ErrorAnswer.self).errorType == "PushRejected.unsignedCommits")
    #expect(pushes(world) == 2)
    #expect(try wait(world) == 60)
    #expect(try world.run(.skillsToGit, .sync).status == 1)
    #expect(pushes(world) == 2, "the same configuration isn't tried again")

    try refuse(world, "no such text", saying: "")
    if how == "configuration" { world.environment["COMMITTER_EMAIL"] = "third@example.com" }
    let answer: ExportAnswer = try again().answer()
    #expect(answer.updated.sorted() == ["s1", "s2", "s3"])
    #expect(answer.pending == 0)
    #expect(try wait(world) == nil)
    try expectQuiet(world)
  }

  static let pushProtection = """
    error: GH013: Repository rule violations found for refs/heads/main.
    - GITHUB PUSH PROTECTION
      —————————————————————————————————————————
        - Push cannot contain secrets

          —— Amazon AWS Access Key ID ——————————————————————————
           locations:
             - commit: 8728dbe67b1a5b1f3b6b8bcb7ef3a5cc2c4d2b3a
               path: %s:12
           (?) To push, remove secret from commit(s) or follow this URL to allow the secret.
           https://github.com/o/r/security/secret-scanning/unblock-secret/2abc

    """
  static let largeFile = """
    error: File %s is 123.00 MB; this exceeds GitHub's file size limit of 100.00 MB
    error: GH001: Large files detected. You may want to try Git Large File Storage.

    """

  @Test(arguments: [pushProtection, largeFile])
  func aSkillThatTheServerNamesIsSetAsideAndTheOthersArePushedInTheSameRun(words: String) throws {
    let world = try edited(5) { $0 == 3 ? "AKIA-SECRET" : "Edited \($0)." }
    try refuse(world, "AKIA-SECRET", saying: words)
    let answer = try world.export()
    #expect(answer.updated.sorted() == ["s1", "s2", "s4", "s5"])
    #expect(answer.failed.map(\.skillId) == ["s3"])
    let error = try #require(answer.failed.first?.error)
    #expect(error.hasPrefix("refused by the repository: "), "\(error)")
    #expect(error.contains("skills/skill-3.md"), "\(error)")
    #expect(answer.pending == 0 && answer.commits.count == 1)
    #expect(pushes(world) == 2)
    #expect(try world.body("skills/skill-3.md") == "A body.\n")
    #expect(try world.body("skills/skill-4.md") == "Edited 4.\n")
    #expect(try world.row("s3")?.syncStatus == "failed")
    #expect(try world.row("s3")?.content == "AKIA-SECRET")
    #expect(try world.run(.skillsToGit, "status").output.contains("refused by the repository"))

    // As long as it is the same, no event brings it before the server again.
    #expect(try world.export(.updated("s3")).failed.map(\.skillId) == ["s3"])
    try world.save("s1", "content", "Goes on.")
    let next = try world.export()
    #expect(next.updated == ["s1"] && next.failed.isEmpty)
    #expect(pushes(world) == 3)

    // A full look tries it once more, by itself.
    try world.save("s1", "content", "Goes on and on.")
    let sweep = try world.export(.schedule)
    #expect(sweep.updated == ["s1"] && sweep.failed.map(\.skillId) == ["s3"])
    #expect(pushes(world) == 5)

    try world.save("s3", "content", "Without the secret.")
    #expect(try world.export().updated == ["s3"])
    #expect(try world.row("s3")?.syncStatus == "synced")
    #expect(try world.count("skill_sync.failed") == 0)
    try expectQuiet(world)
  }

  @Test func whatASecretWasAllowedForIsPushedByTheNextFullLook() throws {
    let world = try edited(2) { $0 == 1 ? "AKIA-SECRET" : "Edited." }
    try refuse(world, "AKIA-SECRET", saying: Self.pushProtection)
    #expect(try world.export().failed.map(\.skillId) == ["s1"])
    try refuse(world, "no such text", saying: "")
    let answer = try world.export(.schedule)
    #expect(answer.updated == ["s1"] && answer.failed.isEmpty)
    #expect(try world.count("skill_sync.failed") == 0)
    try expectQuiet(world)
  }

  @Test func aNewSkillOrADeletionCanBeRefusedToo() throws {
    let world = try World.agreeing()
    try world.create("s2", title: "Beta", content: "AKIA-SECRET")
    try refuse(world, "AKIA-SECRET", saying: Self.pushProtection)
    let answer = try world.export()
    #expect(answer.failed.map(\.skillId) == ["s2"] && answer.created.isEmpty)
    // No file ever came to be: a deletion is nothing to push.
    try world.application(#"DELETE FROM "Skill" WHERE id = 's2'"#)
    #expect(try world.export().didNothing)
    #expect(try world.count("skill_sync.failed") == 0)

    try world.application(#"DELETE FROM "Skill" WHERE id = 's1'"#)
    try world.repository.hook("pre-receive", "echo 'path: skills/alpha.md:1' >&2; exit 1")
    #expect(try world.export().failed.map(\.skillId) == ["s1"])
    #expect(try world.export(.updated("s1")).failed.map(\.skillId) == ["s1"])
    #expect(try world.repository.paths == ["skills/alpha.md"])
    try world.repository.hook("pre-receive", "exit 0")
    #expect(try world.export(.schedule).deleted == ["s1"])
    try expectQuiet(world)
  }

  @Test(arguments: [100, 3])
  func aSkillThatTheServerDoesNotNameIsFoundByHalvingAndTheOthersArePushed(batch: Int) throws {
    let world = try edited(8) { $0 == 6 ? "Forbidden words." : "Edited \($0)." }
    try refuse(world, "Forbidden", saying: "You shall not push.")
    // Whoever is under suspicion is looked at, whatever the size of a batch.
    world.environment["SYNC_BATCH_SIZE"] = "\(batch)"
    var found: ExportAnswer?
    var runs = 0
    while found == nil, runs < 12 {
      runs += 1
      let finished = try world.run(.skillsToGit, runs == 1 ? .schedule : .sync)
      if finished.status == 0 {
        let answer: ExportAnswer = try finished.answer()
        #expect(answer.commits.count <= 1)
        if !answer.failed.isEmpty { found = answer }
      }
      #expect(pushes(world) == runs, "one push a probe")
      try letTimePass(world)
    }
    #expect(found?.failed.map(\.skillId) == ["s6"])
    #expect(found?.failed.first?.error.contains("You shall not push.") == true)
    #expect(runs <= 6, "8 skills: all, one, then halves")
    eventually(within: .seconds(20)) { (try? world.export().pending) == 0 }
    #expect(try world.count("skill_sync.outbox") == 0)
    for number in [1, 2, 3, 4, 5, 7, 8] {
      #expect(try world.body("skills/skill-\(number).md") == "Edited \(number).\n")
    }
    #expect(try world.body("skills/skill-6.md") == "A body.\n")
    #expect(try world.row("s6")?.syncStatus == "failed")
    #expect(try wait(world) == nil)
    try world.save("s6", "content", "Polite words.")
    #expect(try world.export().updated == ["s6"])
    try expectQuiet(world)
  }

  @Test func aRefusalThatIsARaceIsReconciledAgainAndRetried() throws {
    let world = try World.agreeing(content: "One.\n\nTwo.\n\nThree.\n")
    try world.save("s1", "content", "One, saved.\n\nTwo.\n\nThree.\n")
    let before = try #require(try world.repository.tip)
    let theirs = try world.repository.commit {
      try $0.edit("skills/alpha.md", "Three.", "Three, engineered.")
    }
    try world.repository.onServer("update-ref", "refs/heads/main", before)
    // Another push comes first while ours is in the server, which refuses ours with a rule's words.
    try world.repository.hook(
      "pre-receive",
      """
      [ -e '\(world.folder)/moved' ] && exit 0
      touch '\(world.folder)/moved'
      unset GIT_QUARANTINE_PATH
      git update-ref refs/heads/main \(theirs)
      echo 'error: GH013: Repository rule violations found for refs/heads/main.' >&2
      exit 1
      """)
    #expect(try world.export().updated == ["s1"])
    #expect(try world.body("skills/alpha.md")?.trimmed == "One, saved.\n\nTwo.\n\nThree, engineered.")
    #expect(try world.repository.log("%H").contains(theirs))
    #expect(try wait(world) == nil)
    try expectQuiet(world)
  }

  @Test func aPushThatIsAcceptedWhileTheServerPrintsARulesWordsIsAccepted() throws {
    let world = try edited(2) { "Edited \($0)." }
    try world.repository.hook(
      "pre-receive",
      """
      echo 'remote: Bypassed rule violations for refs/heads/main:' >&2
      printf '%s\\n' '\(Self.rules[0].words)' >&2
      echo 'path: skills/skill-1.md:1' >&2
      echo ' ! [remote rejected] main -> main (push declined due to repository rule violations)' >&2
      """)
    let answer = try world.export()
    #expect(answer.updated.sorted() == ["s1", "s2"] && answer.failed.isEmpty)
    #expect(try world.count("skill_sync.outbox") == 0)
    #expect(try wait(world) == nil)
    try expectQuiet(world)
  }

  @Test func aTokenThatIsRefusedIsNoRule() throws {
    let world = try World.agreeing()
    world.environment["GITHUB_REPO"] = "\(try Servers.git)/private/\(world.repository.name).git"
    world.environment["GITHUB_TOKEN"] = Servers.token
    try world.create("s2", title: "Beta")
    try world.export(.schedule)
    try world.save("s1", "content", "Edited.")
    // It may still read.
    try world.repository.onServer("config", "http.receivepack", "false")
    for _ in 1...2 {
      let error = try world.run(.skillsToGit, .sync).json(ErrorAnswer.self)
      #expect(error.errorType == "GitError.authentication")
    }
    #expect(try wait(world) == nil)
    try world.repository.onServer("config", "http.receivepack", "true")
    #expect(try world.export().updated == ["s1"])
  }
}
