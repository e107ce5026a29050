extension StatusPage {
  /// The page: one file that needs nothing else, without a script, for a phone and for a desk, in light and in dark.
  public var html: String {
    let title: HTML = "\(findings.isEmpty ? "In order" : findings[0].short): \(shortName)"
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
      <title>\(title)</title>
      <link rel="icon" href="data:,">
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <header>
      <h1>\(shortName)</h1>
      <p class="quiet">\(directory) on \(branch) and the table \(table), read at \(time(readAt))</p>
      </header>
      <main>
      \(health)
      \(facts)
      \([refusedPush, heldDeletions, openConflicts, whatIsSetAside, whatWaits, recentSyncs])
      </main>
      </body>
      </html>

      """
    return page.markup
  }

  /// The repository without what all of them have.
  private var shortName: String {
    let name = repository.hasPrefix("https://") ? String(repository.dropFirst("https://".count)) : repository
    return cut(name, to: 200)
  }

  private var health: HTML {
    let findings = findings
    guard let worst = findings.first else {
      let waits =
        waiting.count == 0
        ? "nothing waits"
        : exports
          ? "what waits goes with the next run" : "what was saved stays here, as SYNC_DIRECTION is import"
      return "<div class=\"health well\"><p>All is in order: \(waits).</p></div>"
    }
    let others = findings.dropFirst().map { finding -> HTML in
      guard let section = finding.section else { return "\(finding.short)" }
      return "<a href=\"#\(section.rawValue)\">\(finding.short)</a>"
    }
    let also: HTML =
      others.isEmpty ? "" : "<p class=\"also\">Also: \(listed(others)).</p>"
    return """
      <div class="health \(worst.severity.rawValue)">
      <p>\(worst.what): \(worst.advice) \(command(worst.command))</p>
      \(also)
      </div>
      """
  }

  private func listed(_ pieces: [HTML]) -> HTML {
    pieces.dropFirst().reduce(pieces[0]) { "\($0), \($1)" }
  }

  private var facts: HTML {
    func fact(_ name: HTML, _ value: HTML) -> HTML {
      "<li><span class=\"quiet\">\(name)</span> \(value)</li>"
    }
    return """
      <ul class="facts">
      \(fact("skills", "\(grouped(skills))"))
      \(fact("waiting", "\(grouped(waiting.count))"))
      \(fact("conflicts", "\(grouped(conflicts.count))"))
      \(fact("set aside", "\(grouped(failed.count))"))
      \(fact("branch seen", "\(tipAge.map { words(seconds: $0) + " ago" } ?? "never")"))
      \(fact("recorded tip", "<code>\(tip.map { String($0.prefix(12)) } ?? "none")</code>"))
      </ul>
      """
  }
}

/// A command, ready to be copied.
func command(_ text: String) -> HTML { "<code class=\"command\">\(text)</code>" }

/// ISO 8601 to the minute, as people read it.
func time(_ text: String) -> HTML {
  let parts = text.prefix(16).split(separator: "T")
  return "<time datetime=\"\(text)\">\(parts.joined(separator: " ")) UTC</time>"
}
