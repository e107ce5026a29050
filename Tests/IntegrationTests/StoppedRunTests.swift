import Foundation
import TestSupport
import Testing

/// A run stands still between two of its steps, others are at work meanwhile, and it goes on: for each thing that a run
/// rests on, the history that goes wrong without it.
@Suite(.onOwnThreads) struct StoppedRunTests {
  // MARK: An import stands still

  /// Without a comparison with what was recorded before the fetch, the older tree is taken for the newer.
  @Test(arguments: ["import", "schedule"])
  func anImportThatFetchedBeforeOurPushRevertsNothing(event: String) throws {
    let world = try World.paragraphs()
    let `import` = try world.stop(
      .gitToSkills, event == "import" ? .import : .schedule, at: "after git fetch")
    try world.rewrite("One.", "One, saved.")
    try world.export()
    try `import`.goOn()
    #expect(try world.row("s1")?.content.trimmed == "One, saved.\n\nTwo.\n\nThree.")
    // Who has the row's present text in front of them goes on from it.
    try world.rewrite("Three.", "Three, saved.")
    try world.sweep()
    try expect(world, "One, saved.\n\nTwo.\n\nThree, saved.")
  }

  /// An import that wrote rows without looking whether they still are what was reconciled would overwrite the save.
  @Test func aSaveBetweenAnImportsDecisionAndItsWriteIsMerged() throws {
    let world = try World.paragraphs()
    try world.push("Two.", "Two, pushed.")
    let `import` = try world.stop(.gitToSkills, .import, at: "before SQL list the changes")
    try world.rewrite("One.", "One, saved.")
    try `import`.goOn()
    #expect(try world.row("s1")?.content.trimmed == "One, saved.\n\nTwo, pushed.\n\nThree.")
    try world.export()
    try expect(world, "One, saved.\n\nTwo, pushed.\n\nThree.")
  }

  /// While a row that is being saved is left out, other rows are ahead of the recorded tip: what differs from that tells
  /// nothing of them.
  @Test(arguments: ["edited", "new", "deleted"], [false, true])
  func whatAnImportTookInBeforeItDiedGoesAgainWhereThePushIsTakenBack(what: String, isRewound: Bool) throws {
    let world = try World.paragraphs()
    try world.create("s2", title: "Beta")
    try world.export()
    try world.import()
    let tip = try #require(try world.repository.tip)
    let beta = try #require(try world.repository.file("skills/beta.md"))
    let commit = try world.repository.commit {
      try $0.edit("skills/alpha.md", "One.", "One, pushed.")
      switch what {
      case "edited": try $0.edit("skills/beta.md", "A body.", "Leaked.")
      case "new": try $0.write("skills/gamma.md", "---\ntitle: Gamma\n---\n\nLeaked.\n")
      default: try $0.remove("skills/beta.md")
      }
    }
    let `import` = try world.stop(
      .gitToSkills, .push(commit), at: "before SQL list the changes",
      environment: ["FAILPOINT_KILL": "after SQL list the changes"])
    try world.rewrite("Three.", "Three, saved.")
    try `import`.goOn(toItsEndWith: 128 + SIGKILL)
    #expect(try world.count("skill_sync.repository WHERE tip = '\(tip)'") == 1)
    #expect(try world.row("s1")?.content.trimmed == "One.\n\nTwo.\n\nThree, saved.")
    if isRewound {
      try world.repository.engineer("push", "--quiet", "--force", "origin", "\(tip):main")
      try world.webhook(tip)
    } else {
      let next = try world.repository.commit {
        if what == "new" { try $0.remove("skills/gamma.md") } else { try $0.write("skills/beta.md", beta) }
      }
      try world.webhook(next)
    }
    #expect(try world.row("s2")?.content.trimmed == "A body.")
    #expect(try world.row("s2")?.isActive == true)
    #expect(try world.row(titled: "Gamma")?.isActive != true)
    let text = "\(isRewound ? "One." : "One, pushed.")\n\nTwo.\n\nThree, saved."
    #expect(try world.row("s1")?.content.trimmed == text)
    try world.export()
    try expect(world, text)
    #expect(try world.repository.paths == ["skills/alpha.md", "skills/beta.md"])
  }

  /// Whether the push's time is over already or not: an import that fetched before it doesn't know whether it landed.
  @Test(arguments: [false, true])
  func anImportThatFetchedBeforeAPushLeavesItsIntent(isOver: Bool) throws {
    let world = try World.paragraphs()
    let `import` = try world.stop(.gitToSkills, .import, at: "after git fetch")
    try world.rewrite("One.", "A mistake.")
    try world.crash(at: "after git push")
    if isOver { try world.sql("UPDATE skill_sync.intent SET deadline = clock_timestamp()") }
    try `import`.goOn()
    try world.rewrite("A mistake.", "One.")
    try world.sweep()
    try expect(world, "One.\n\nTwo.\n\nThree.")
  }

  /// Intents that were read before the fetch may lack the one whose push the fetch brings.
  @Test func aPushThatLandsJustBeforeAnImportsFetchIsKnownForOurs() throws {
    let world = try World.paragraphs()
    let `import` = try world.stop(.gitToSkills, .import, at: "before git fetch")
    try world.rewrite("One.", "A mistake.")
    try world.crash(at: "after git push")
    try world.rewrite("A mistake.", "One.")
    try `import`.goOn()
    #expect(try world.row("s1")?.content.trimmed == "One.\n\nTwo.\n\nThree.")
    try world.sweep()
    try expect(world, "One.\n\nTwo.\n\nThree.")
  }

  // MARK: An export stands still

  /// Entries that were read after the rows would go with a row that was read before the save.
  ///
  /// - Parameter isUndone: whether what waited before needs no push, so that nothing is recorded but that.
  @Test(arguments: ["before SQL read the outbox", "after SQL read the outbox"], [false, true])
  func aSaveWhileAnExportReadsNeedsNoSweep(point: String, isUndone: Bool) throws {
    let world = try World.paragraphs()
    try world.rewrite("One.", "One, saved.")
    if isUndone { try world.rewrite("One, saved.", "One.") }
    let export = try world.stop(.skillsToGit, .sync, at: point)
    try world.rewrite("Three.", "Three, saved.")
    try export.goOn()
    try world.export(.sync)
    try expect(world, (isUndone ? "One." : "One, saved.") + "\n\nTwo.\n\nThree, saved.")
  }

  /// Then it plans by a base that is newer than the files it saw.
  @Test func anExportThatIsOvertakenBetweenItsLookAndItsCommitStartsAgain() throws {
    let world = try World.paragraphs()
    try world.rewrite("One.", "One, saved.")
    let export = try world.stop(.skillsToGit, .schedule, at: "before SQL read rows and bases")
    try world.export(.sync)
    try world.rewrite("Three.", "Three, saved.")
    try export.goOn()
    try expect(world, "One, saved.\n\nTwo.\n\nThree, saved.")
  }

  /// Numbers are given when a change is made, and seen when its transaction is over: a lower one may come later.
  ///
  /// - Parameter isUndone: whether what waited before needs no push, so that nothing is recorded but that.
  @Test(arguments: [false, true])
  func aChangeWhoseTransactionTakesLongNeedsNoSweep(isUndone: Bool) throws {
    let world = try World.paragraphs()
    try world.create("s2", title: "Beta")
    try world.export()
    try world.application("BEGIN")
    try world.rewrite("One.", "One, saved.")
    for title in isUndone ? ["Changed", "Beta"] : ["Changed"] {
      try world.sql(#"UPDATE "Skill" SET title = $1 WHERE id = 's2'"#, [.text(title)])
    }
    let export = try world.stop(.skillsToGit, .sync, at: "after SQL read the outbox")
    try world.application("COMMIT")
    try export.goOn()
    try world.export(.sync)
    try expect(world, "One, saved.\n\nTwo.\n\nThree.")
  }

  /// Recorded before it, the base would say that the branch has what it hasn't, and the next import would take it back.
  @Test func aSaveWhosePushComesTooLateIsPushedAgain() throws {
    let world = try World.paragraphs()
    try world.rewrite("One.", "One, saved.")
    let export = try world.stop(.skillsToGit, .sync, at: "before git push")
    try world.push("Three.", "Three, pushed.")
    try export.goOn()
    try expect(world, "One, saved.\n\nTwo.\n\nThree, pushed.")
  }

  /// Built on a commit that nobody imported, ours would be recorded as if that one had been.
  @Test func whatAnEngineerPushesDuringAnExportReachesItsRow() throws {
    let world = try World.paragraphs()
    try world.create("s2", title: "Beta")
    try world.export()
    try world.rewrite("One.", "One, saved.")
    let export = try world.stop(.skillsToGit, .sync, at: "after SQL read the outbox")
    let commit = try world.repository.commit { try $0.edit("skills/beta.md", "A body.", "A pushed body.") }
    try export.goOn()
    try world.webhook(commit)
    #expect(try world.row("s2")?.content == "A pushed body.")
    try expect(world, "One, saved.\n\nTwo.\n\nThree.")
  }

  /// A plain push takes a branch that was rewound for one that is behind, and brings back what was removed.
  @Test func aBranchRewoundJustBeforeOurPushStaysRewound() throws {
    let world = try World.paragraphs()
    let kept = try #require(try world.repository.tip)
    // A commit of ours: the local copy of an engineer's has no history by which to push plainly.
    try world.rewrite("Three.", "Three, leaked.")
    let removed = try #require(try world.export().commits.first)
    try world.repository.pull()
    try world.rewrite("One.", "One, saved.")
    let export = try world.stop(.skillsToGit, .sync, at: "before git push")
    try world.repository.engineer("push", "--quiet", "--force", "origin", "\(kept):main")
    try export.goOn()
    try world.sweep()
    try expect(world, "One, saved.\n\nTwo.\n\nThree.")
    #expect(try !world.repository.log("%H").contains(removed))
  }

  /// A push overtaken by the import of a commit that is gone again by the time it lands: what was rewound isn't taken for
  /// an edit of the row.
  @Test(arguments: [Executable.gitToSkills, .skillsToGit])
  func whatWasImportedAndRewoundBeforeALostPushLandsStaysRemoved(next: Executable) throws {
    let world = try World.paragraphs()
    let kept = try #require(try world.repository.tip)
    try world.rewrite("One.", "One, saved.")
    let export = try world.stop(
      .skillsToGit, .sync, at: "before git push", environment: ["FAILPOINT_KILL": "after git push"])
    try world.push("Three.", "Three, leaked.")
    try world.import()
    #expect(try world.row("s1")?.content.trimmed == "One, saved.\n\nTwo.\n\nThree, leaked.")
    try world.repository.engineer("push", "--quiet", "--force", "origin", "\(kept):main")
    try export.goOn(toItsEndWith: 128 + SIGKILL)
    if next == .gitToSkills { try world.import() } else { try world.export(.sync) }
    try world.sweep()
    try expect(world, "One, saved.\n\nTwo.\n\nThree.")
  }

  /// A run that wakes when others have finished its work, and more.
  @Test(arguments: ["before SQL record the intent", "before git push", "after git push"])
  func anExportThatWakesLateBringsBackNothing(point: String) throws {
    let world = try World.paragraphs()
    try world.rewrite("One.", "A mistake.")
    let export = try world.stop(.skillsToGit, .sync, at: point)
    try world.rewrite("A mistake.", "One.")
    try world.push("Three.", "Three, pushed.")
    try world.sweep()
    try world.rewrite("Two.", "Two, saved.")
    try world.export(.sync)
    try export.goOn()
    try expect(world, "One.\n\nTwo, saved.\n\nThree, pushed.")
  }

  /// Expects that both sides say just this, that nothing waits, and that nobody was in conflict.
  private func expect(_ world: World, _ text: String, sourceLocation: SourceLocation = #_sourceLocation)
    throws
  {
    #expect(try world.row("s1")?.content.trimmed == text, sourceLocation: sourceLocation)
    #expect(try world.body("skills/alpha.md")?.trimmed == text, sourceLocation: sourceLocation)
    #expect(try world.conflicts().isEmpty, sourceLocation: sourceLocation)
    #expect(try world.count("skill_sync.outbox") == 0, sourceLocation: sourceLocation)
    try expectQuiet(world, sourceLocation: sourceLocation)
  }
}

extension World {
  /// A skill of three paragraphs, whose row and file agree.
  fileprivate static func paragraphs() throws -> World {
    let world = try agreeing(content: "One.\n\nTwo.\n\nThree.\n")
    try world.import()
    return world
  }

  /// Starts a run and waits until it stands still at the first failpoint of this name, and its lease is over.
  func stop(
    _ executable: Executable, _ event: Event, at point: String, environment: [String: String] = [:]
  ) throws -> Program {
    let run = try start(
      executable, event, environment: environment.merging(["FAILPOINT_STOP": point]) { _, new in new })
    guard eventually({ run.isStopped || !run.isRunning }), run.isRunning else {
      throw TestSupportError("it never came to “\(point)”: \(run.outputSoFar)\(run.errorsSoFar)")
    }
    try endLease()
    return run
  }

  /// An export that is killed at the first failpoint of this name.
  fileprivate func crash(at point: String) throws {
    let finished = try run(.skillsToGit, .sync, environment: ["FAILPOINT_KILL": point])
    guard finished.status == 128 + SIGKILL else {
      throw TestSupportError("it never came to “\(point)”: \(finished)")
    }
  }
}

extension Program {
  /// Lets it go on, to its end.
  @discardableResult
  func goOn(toItsEndWith status: Int32 = 0) throws -> Finished {
    kill(pid, SIGCONT)
    let finished = try wait()
    guard finished.status == status else { throw TestSupportError("it ended with \(finished)") }
    return finished
  }
}
