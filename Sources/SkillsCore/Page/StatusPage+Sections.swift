extension StatusPage {
  var refusedPush: HTML {
    guard let refusal else { return "" }
    return """
      <section id="refused">
      <h2>A push was refused</h2>
      <article>
      <p>\(words(seconds: refusal.age)) ago, by the rule <strong>\(refusal.rule)</strong>. What the repository’s administrator can do: \(refusal.advice).</p>
      <p>Then: \(command("skills-to-git export")) By itself, the next try is made after \(time(refusal.probeAt)).</p>
      <p class="quiet">The server’s words:</p>
      <pre>
      \(cut(refusal.words, to: Self.mostWords))</pre>
      </article>
      </section>
      """
  }

  var heldDeletions: HTML {
    guard !held.isEmpty else { return "" }
    return """
      <section id="held">
      <h2>Deletions that wait for a confirmation</h2>
      \(held.map(article))
      </section>
      """
  }

  private func article(_ held: Held) -> HTML {
    """
    <article>
    <h3>\(held.isOfFiles ? "Files in git whose rows are gone" : "Rows whose files in git are gone"): \(grouped(held.skills.count))</h3>
    <p>So many at once that nobody may have meant it. If they are meant to go: \(command(held.command))</p>
    <p>If not, put back what is gone, then run \(command("skills-to-git drift --repair"))</p>
    <ul class="names">
    \(held.skills.items.map { "<li>\(name($0))</li>" as HTML })
    </ul>
    \(more(held.skills, "skills-to-git drift --json"))
    </article>
    """
  }

  var openConflicts: HTML {
    guard conflicts.count > 0 else { return "" }
    return """
      <section id="conflicts">
      <h2>Conflicts that wait for a person</h2>
      <p>Take what the row says, what the file says, or a file of your own: \(command("skills-to-git conflicts resolve ID --take row|file|PATH"))</p>
      \(conflicts.items.map(article))
      \(more(conflicts, "skills-to-git conflicts"))
      </section>
      """
  }

  private func article(_ conflict: Conflict) -> HTML {
    let remarks: [String?] = [
      "conflict \(conflict.number)", conflict.reason, "found \(words(seconds: conflict.age)) ago",
      conflict.rowBy.map { "row owned by \($0)" }, conflict.fileBy.map { "file by \($0)" },
    ]
    let rest: HTML =
      conflict.comparison?.isCut == true || conflict.comparison == nil
      ? "<p class=\"quiet\">All of it: \(command("skills-to-git conflicts show \(conflict.number)"))</p>" : ""
    return """
      <article>
      <h3>\(name(conflict.skill))</h3>
      <p class="quiet">\(remarks.compactMap { $0 }.map { cut($0, to: Self.mostName) }.joined(separator: " · "))</p>
      \(conflict.comparison?.html ?? "")
      \(rest)
      <p>\(command("skills-to-git conflicts resolve \(conflict.number) --take row")) or \(command("skills-to-git conflicts resolve \(conflict.number) --take file"))</p>
      </article>
      """
  }

  var whatIsSetAside: HTML {
    guard failed.count > 0 else { return "" }
    return """
      <section id="failed">
      <h2>Set aside</h2>
      <p class="quiet">Left as they are on both sides until they are put right; all others are synced.</p>
      <table>
      <thead><tr><th scope="col">Skill</th><th scope="col">Why</th><th scope="col" class="number">Since</th></tr></thead>
      <tbody>
      \(failed.items.map(row))
      </tbody>
      </table>
      \(more(failed, "skills-to-git status --json"))
      </section>
      """
  }

  private func row(_ failed: Failed) -> HTML {
    """
    <tr><td>\(name(failed.skill))</td>
    <td><strong>\(cut(failed.reason, to: Self.mostName))</strong> <span class="words">\(cut(failed.message, to: Self.mostWords))</span><br>\(command(failed.command))</td>
    <td class="number" data-name="since">\(words(seconds: failed.age))</td></tr>
    """
  }

  var whatWaits: HTML {
    guard waiting.count > 0 else { return "" }
    return """
      <section id="waiting">
      <h2>Waiting to go to git</h2>
      <table>
      <thead><tr><th scope="col">Skill</th><th scope="col" class="number">Changes</th><th scope="col" class="number">Waits for</th></tr></thead>
      <tbody>
      \(waiting.items.map(row))
      </tbody>
      </table>
      \(more(waiting, "skills-to-git drift --json"))
      </section>
      """
  }

  private func row(_ waiting: Waiting) -> HTML {
    let skill: HTML = waiting.skill.id == nil ? "the whole table was emptied" : name(waiting.skill)
    return """
      <tr><td>\(skill)</td><td class="number" data-name="changes">\(grouped(waiting.changes))</td>
      <td class="number" data-name="waits for">\(words(seconds: waiting.age))</td></tr>
      """
  }

  var recentSyncs: HTML {
    guard !syncs.isEmpty else {
      return "<section><h2>Recent syncs</h2><p class=\"quiet\">None is recorded yet.</p></section>"
    }
    return """
      <section>
      <h2>Recent syncs</h2>
      <p class="quiet">The lag is how long the oldest of what was brought had waited.</p>
      <table class="syncs">
      <thead><tr><th scope="col">When</th><th scope="col">Direction</th><th scope="col">Skills</th><th scope="col">Commit</th><th scope="col" class="number">Lag</th></tr></thead>
      <tbody>
      \(syncs.map(row))
      </tbody>
      </table>
      </section>
      """
  }

  private func row(_ sync: Sync) -> HTML {
    let counts = sync.counts.map { "\(grouped($0.count)) \($0.what)" }.joined(separator: ", ")
    return """
      <tr><td>\(words(seconds: sync.age)) ago</td>
      <td>\(sync.isExport ? "rows to git" : "git to rows")</td>
      <td>\(counts)</td>
      <td><code>\(sync.commit.map { String($0.prefix(12)) } ?? "none")</code></td>
      <td class="number" data-name="lag">\(sync.lag.map { words(seconds: $0) } ?? "not known")</td></tr>
      """
  }

  private static let mostName = 200
  private static let mostWords = 2_000

  /// A skill by its title, or what else is known of it, with where it is.
  private func name(_ skill: Skill) -> HTML {
    let names = [skill.title, skill.path, skill.id].compactMap { $0 }.map { cut($0, to: Self.mostName) }
    let places = names.dropFirst().map { "<code>\($0)</code>" as HTML }
    let place: HTML = places.isEmpty ? "" : "<span class=\"place\">\(places)</span>"
    return "<span class=\"name\">\(names.first ?? "a skill without a name")</span>\(place)"
  }

  private func more<Item>(_ list: Listed<Item>, _ listing: String) -> HTML {
    let rest = list.count - list.items.count
    guard rest > 0 else { return "" }
    return "<p>… and \(grouped(rest)) more: \(command(listing)) lists them all.</p>"
  }
}
