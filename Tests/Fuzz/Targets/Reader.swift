import SkillFiles

extension Target {
  /// The reader, on any bytes: it reads a document, or names a place in the file.
  static let reader = Target(
    name: "reader",
    seeds: {
      try repositoryFiles(below: "Tests/SkillFilesTests/Fixtures", suffix: ".md").map(repositoryFile)
    },
    words: yamlWords
  ) { bytes in
    let document: Document
    do throws(SkillFileError) {
      document = try readDocument(bytes)
    } catch {
      let lines = 1 + bytes.count { $0 == 10 || $0 == 13 }
      expect((1...lines).contains(error.line) && error.column >= 1, "a place outside the file: \(error)")
      expect(error.code != .edit && !error.message.isEmpty, "\(error.code) without an edit: \(error)")
      return
    }
    expect(bytes.suffix(document.body.utf8.count).elementsEqual(document.body.utf8), "the body isn't the end")
    expect(try readDocument(bytes) == document, "read a second time it is another document")
  }

  /// What means something in a skill file.
  static let yamlWords =
    [
      "---\n", "\n---\n", "---json\n", "---yaml\n", "\u{FEFF}", "\r\n", "\r", "\n  ", "\n- ", "\n  - ", ": ",
      ":\n", "? ", "\n? ", "\n: ", " #", "# ", "\n#", "'", "''", "\"", "\\", "\\\n", "|", "|-", "|+", "|2-",
      ">", ">-", ">+", ">1", "[", "]", "{", "}", ", ", "[]", "{}", "&a", "&a ", "*a", "*a ", "<<: *a", "<<",
      "<<: [", "!", "!!", "! ", "!!str ", "!!int ", "!!float ", "!!bool ", "!!null ", "!!map", "!!seq",
      "!!set",
      "!!omap", "!!pairs", "!!binary ", "!!timestamp ", "!!merge ", "!<tag:yaml.org,2002:str> ",
      "%YAML 1.2\n",
      "%TAG ! tag:x,\n", "...", "\n...\n", "~", "null", "true", "False", "0x1f", "0b1", "0o7", "017", "1_0",
      "1:30", ".5", "1e3", ".inf", "-.INF", ".nan", "2024-01-01", "2001-12-14t21:59:43.10-05:00", "\t",
      "\u{85}",
      "\u{A0}", "\u{2028}", "\u{7F}", "\\x41", "\\u00e9", "\\U0001F680", "\\uD83D", "\\N", "\\0", "🚀",
      "e\u{301}",
      "title", "owners", "sources", "categories", "active", "{\"", "\": ", "\":",
    ]
}
