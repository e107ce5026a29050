import ArgumentParser
import SkillsCore
import SkillsSync

/// The command `git-to-skills check`.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check skill files, without a database: can each be read, and be a skill beside the others?",
    discussion: """
      Of a folder every .md file in it and below is checked, but README.md; a file that is named is always checked.

      Exit status: 0 nothing is wrong, 1 a file can't be read, or there is a warning: it can't be a skill (no title, an id or \
      a title that another file has), its name is too like another's, or it says what was hardly meant. With --json a \
      warning leaves status 0.
      """)

  @ParentCommand var parent: GitToSkills

  @Argument(help: "Files and folders.")
  var paths: [String]

  @Option(help: "How findings are written: for people, or as annotations of a GitHub workflow.")
  var format = Format.text

  @Flag(help: "Print one JSON object a file, with what was read from it.")
  var json = false

  enum Format: String, CaseIterable, ExpressibleByArgument { case text, github }

  func validate() throws {
    try parent.refuseEvent()
    if paths.contains("") { throw ValidationError("a path is empty") }
    if json, format == .github { throw ValidationError("--format github and --json exclude each other") }
  }

  func run() throws {
    let format: CheckFormat = json ? .json : self.format == .github ? .github : .text
    if !check(paths, format: format) { throw ExitCode(1) }
  }
}
