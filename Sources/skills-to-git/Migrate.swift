import ArgumentParser
import SkillsSync

/// The command `skills-to-git migrate`.
struct Migrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Install or upgrade the sync's own tables and its trigger; may be run at each deploy.",
    discussion:
      "Needs DATABASE_URL of a role that owns the skill table. The application's tables get a trigger, nothing else."
  )

  @ParentCommand var parent: SkillsToGit

  @Flag(help: "Install no trigger: changes are found by scheduled sweeps, which compare digests.")
  var withoutTrigger = false

  @Flag(help: "Remove all that the sync installed, with its recorded state.")
  var uninstall = false

  @Option(
    help: ArgumentHelp("Print the least rights for a role as SQL, and change nothing.", valueName: "role"))
  var printGrants: String?

  func validate() throws {
    try parent.refuseEvent()
    let chosen = [withoutTrigger, uninstall, printGrants != nil].count { $0 }
    if chosen > 1 {
      throw ValidationError("--without-trigger, --uninstall and --print-grants exclude each other")
    }
  }

  func run() async throws {
    try await CommandRun.run { command in
      let migration = try command.session("skills-to-git", needs: [.database]).migration(command.deadline)
      if let printGrants { return migration.grants(for: printGrants) }
      if uninstall {
        try migration.uninstall()
        return "removed: schema skill_sync and the trigger"
      }
      let done = try migration.install(withTrigger: !withoutTrigger)
      return done.isEmpty ? "up to date" : done.joined(separator: "\n")
    }
  }
}
