import SkillsCore

/// One random history of the world, from the first edit to quiet.
final class History {
  var generator: Generator
  let world = World()
  /// What happened, for a history that breaks a promise.
  var log: [String] = []
  let keepsLog: Bool

  init(seed: UInt64, keepsLog: Bool = false) {
    generator = Generator(seed: seed)
    self.keepsLog = keepsLog
    world.policy = generator.pick([.merge, .merge, .merge, .merge, .manual, .lastWriteWins])
    world.deletePolicy = generator.pick([.archive, .archive, .archive, .delete])
  }

  func note(_ text: @autoclosure () -> String) { if keepsLog { log.append(text()) } }

  func play() async throws {
    note("\(world.policy), \(world.deletePolicy)")
    for _ in 0..<generator.pick([1, 1, 2, 3]) {
      for _ in 0..<Int.random(in: 8...45, using: &generator) { try await playOne() }
      try await calmDown()
      try world.checkPromises()
      let unsettled = world.visible.union(
        world.database.rows.keys.filter { world.database.side(of: $0)?.publication != .published })
      world.runs = []
      world.books.editors = Dictionary(uniqueKeysWithValues: unsettled.map { ($0, [.user, .engineer]) })
    }
  }

  private func playOne() async throws {
    let live = world.runs.filter { !$0.isOver }
    let roll = Double.random(in: 0..<1, using: &generator)
    if roll < 0.62, !live.isEmpty {
      try await goOn(generator.pick(live))
    } else if roll < 0.72, live.count < 3 {
      let executable = generator.pick([Run.Executable.skillsToGit, .gitToSkills])
      let name = "\(executable.rawValue) \(world.runs.count)"
      world.runs.append(Run(executable, name: name, isSweep: generator.happens(0.2), in: world))
    } else if roll < 0.86 {
      userEdits()
    } else if roll < 0.985 {
      engineerEdits()
    } else if let conflict = world.database.conflicts.filter(\.isOpen).map(\.skill).min() {
      let takesFile = generator.happens(0.5)
      note("resolve \(conflict), \(takesFile ? "file" : "row")")
      world.resolve(conflict, takesFile: takesFile)
    }
  }

  private func goOn(_ run: Run) async throws {
    note("\(run.name): \(run.step)")
    if generator.happens(0.05) {
      note("  crashes before it")
      run.step = .crashed
      return
    }
    let wasPush = run.step == .push
    try await run.takeStep()
    if wasPush, generator.happens(0.15) {
      note("  and its answer is lost")
      run.startAgain()
    }
  }

  /// Those that slept go on, some only after the world went quiet; then sweeps to the end.
  private func calmDown() async throws {
    let sleepers = world.runs.filter { !$0.isOver }.shuffled(using: &generator)
    if generator.happens(0.5) {
      note("quiet, while \(sleepers.count) sleep")
      try await world.quiesce()
    }
    for run in sleepers {
      note("\(run.name) goes on from \(run.step) to its end")
      try await run.finish()
    }
    note("quiet")
    try await world.quiesce()
  }
}
