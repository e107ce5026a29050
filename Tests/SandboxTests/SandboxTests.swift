import Foundation
import Postgres
import TestSupport
import Testing

/// The zips that `make package` made, each where there is only what Lambda has, under Lambda's emulator.
///
/// The database and the repository's server are reached over TLS alone, by authorities that the settings name.
/// One test at a time: the first makes the database's certificate.
@Suite(.onOwnThreads, .serialized, .enabled(if: zips != nil, "needs the zips: make package-test"))
struct SandboxTests {
  @Test func aSkillGoesToGitAndBack() throws {
    let world = try secureWorld()
    try world.create("s1", title: "Alpha")
    let exported = try invoke("skills-to-git", .sync, in: world)
    #expect(try exported.answer(ExportAnswer.self).created == ["s1"], "\(exported)")
    #expect(try world.repository.file("skills/alpha.md")?.contains("A body.") == true)

    let commit = try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "Edited.") }
    let imported = try invoke("git-to-skills", .push(commit), in: world)
    #expect(try imported.answer(WebhookAnswer.self).statusCode == 200, "\(imported)")
    #expect(try world.row("s1")?.content == "Edited.")
  }

  @Test(arguments: ["skills-to-git", "git-to-skills"])
  func withoutTheLayerTheErrorSaysWhatIsMissing(_ function: String) throws {
    let world = try secureWorld()
    world.environment["LAYER"] = ""
    let finished = try invoke(function, function == "skills-to-git" ? .export : .import, in: world)
    let error = try finished.json(ErrorAnswer.self)
    #expect(error.errorType == "GitError.notInstalled", "\(finished)")
    #expect(error.errorMessage.contains("/opt/bin:/var/task/bin:"))
    #expect(error.errorMessage.contains("publish git-layer.zip as a layer"))
  }

  @Test func whereNoSettingNamesAuthoritiesThoseOfTheZipsAreTrusted() throws {
    let world = try secureWorld()
    try world.create("s1", title: "Alpha")
    let own = try ["SSL_CERT_FILE", "DATABASE_CA_FILE"].map {
      try String(contentsOfFile: world.environment[$0] ?? "", encoding: .utf8)
    }
    world.environment["SSL_CERT_FILE"] = nil
    world.environment["DATABASE_CA_FILE"] = nil
    let refused = try sandboxed("skills-to-git", [], .sync, in: world)
    #expect(try refused.json(ErrorAnswer.self).errorType == "DatabaseError", "\(refused)")
    let file = "\(world.folder)/authorities.pem"
    try Data(own.joined().utf8).write(to: URL(fileURLWithPath: file))
    let options = ["--ro-bind", file, "/opt/etc/ssl/cert.pem"]
    let finished = try sandboxed("skills-to-git", options, .sync, in: world)
    #expect(try finished.answer(ExportAnswer.self).created == ["s1"], "\(finished)")
  }

  @Test func aNameServiceModuleOfTheMachineIsNeverLoaded() throws {
    let world = try secureWorld()
    try world.create("s1", title: "Alpha")
    // Whoever asks the module, which is none, knows no host.
    let files = [
      ("/etc/nsswitch.conf", "hosts: nothing\npasswd: nothing\n"), ("/etc/hosts", "127.0.0.1 server.test\n"),
      ("/lib64/libnss_nothing.so.2", "no module"), ("/usr/lib64/libnss_nothing.so.2", "no module"),
    ]
    let options = try files.enumerated().flatMap { number, file in
      let path = "\(world.folder)/\(number)"
      try Data(file.1.utf8).write(to: URL(fileURLWithPath: path))
      return ["--ro-bind", path, file.0]
    }
    let database = try #require(world.environment["DATABASE_URL"])
    world.environment["DATABASE_URL"] = database.replacingOccurrences(of: "127.0.0.1", with: "server.test")
    let finished = try sandboxed("skills-to-git", options, .sync, in: world)
    #expect(try finished.answer(ExportAnswer.self).created == ["s1"], "\(finished)")

    let server = try Servers.git.replacingOccurrences(of: "127.0.0.1", with: "server.test")
    let listed = try sandboxed(
      "skills-to-git", options, ["/opt/bin/git", "ls-remote", "\(server)/open/\(world.repository.name).git"],
      in: world)
    #expect(listed.output.contains("refs/heads/main"), "\(listed)")
  }

  @Test func nothingIsOpenedButWhatLambdaPromises() throws {
    let world = try secureWorld()
    try world.create("s1", title: "Alpha")
    let trace = "\(world.folder)/trace"
    let finished = try sandboxed(
      "skills-to-git", [], .sync, in: world,
      under: [
        "strace", "--follow-forks", "--quiet=all", "--signal=none", "--trace=execve,open,openat", "-o", trace,
      ])
    #expect(try finished.answer(ExportAnswer.self).created == ["s1"], "\(finished)")
    let calls = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
    let start = try #require(calls.firstIndex { $0.contains(#"execve("/var/task/bootstrap""#) })
    let promised = [
      "/var/task/", "/opt/", "/tmp", "/proc/", "/sys/", "/dev/", "/etc/resolv.conf", "/etc/hosts",
      // glibc's own, if they are there: text, or in a format that doesn't change.
      "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/services", "/etc/passwd",
      "/etc/localtime",
      "/usr/share/zoneinfo/UTC",
    ]
    // The script around it ends by removing its files.
    let end = try #require(calls.lastIndex { $0.contains(#"execve("#) && $0.contains(#""rm""#) })
    let paths = Set(calls[start..<end].compactMap { $0.split(separator: "\"").dropFirst().first })
    #expect(paths.filter { path in path.hasPrefix("/") && !promised.contains { path.hasPrefix($0) } } == [])
    #expect(paths.contains("/opt/bin/git"))
  }
}

/// The folder of the zips; nil where they aren't to be tested.
private let zips = ProcessInfo.processInfo.environment["TEST_ZIPS"]

/// A world that is reached over TLS alone, with the paths that the zips are run by.
private func secureWorld() throws -> World {
  let world = try World()
  let authority = try databaseAuthority(world)
  world.environment = [
    "DATABASE_URL": try world.database.url(as: "test_sync") + "?sslmode=verify-full",
    "DATABASE_CA_FILE": authority,
    "GITHUB_REPO": "\(try Servers.secureGit)/private/\(world.repository.name).git",
    "GITHUB_TOKEN": Servers.token,
    "GITHUB_WEBHOOK_SECRET": Event.webhookSecret,
    "SSL_CERT_FILE": try Servers.gitCertificate,
    "PUSH_INTERVAL": "0",
  ]
  for name in ["PATH", "HOME", "XDG_CACHE_HOME"] {
    world.environment[name] = ProcessInfo.processInfo.environment[name]
  }
  return world
}

/// Turns TLS on in the database's server, once, and returns a file with the authority of its certificate.
private func databaseAuthority(_ world: World) throws -> String {
  let command = """
    cat >/dev/null; umask 077; [ -e server.key ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
    -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1,DNS:server.test -keyout server.key -out server.crt
    """
  let connection = world.database.connection
  try connection.execute(SimpleQuery("make a certificate", "COPY (SELECT 1) TO PROGRAM '\(command)'"))
  try connection.execute(SimpleQuery("turn TLS on", "ALTER SYSTEM SET ssl = on"))
  try world.sql("SELECT pg_reload_conf()")
  let certificate = try world.sql("SELECT pg_read_file('server.crt') AS pem")[0].text("pem")
  let path = "\(world.folder)/database.pem"
  try Data(certificate.utf8).write(to: URL(fileURLWithPath: path))
  let isOn = try eventually(within: .seconds(10)) {
    try world.sql("SELECT setting FROM pg_settings WHERE name = 'ssl'")[0].text("setting") == "on"
  }
  guard isOn else { throw TestSupportError("PostgreSQL doesn't turn TLS on") }
  return path
}

/// One event through the emulator in the sandbox.
private func invoke(_ function: String, _ event: Event, in world: World) throws -> Finished {
  let file = "\(world.folder)/event.json"
  try Data(event.json.utf8).write(to: URL(fileURLWithPath: file))
  return try Program(
    [Servers.projectFolder("Layers/invoke"), function, file], environment: world.environment
  ).wait()
}

/// One event through the executable's command line in the sandbox.
private func sandboxed(
  _ function: String, _ options: [String], _ event: Event, in world: World, under program: [String] = []
) throws -> Finished {
  try sandboxed(
    function, options, ["/var/task/bootstrap", "--event", "-"], input: event.json, in: world, under: program)
}

/// A command in the sandbox.
private func sandboxed(
  _ function: String, _ options: [String], _ command: [String], input: String = "", in world: World,
  under program: [String] = []
) throws -> Finished {
  let zips = try #require(zips)
  let sandbox = [
    Servers.projectFolder("Layers/sandbox"), "\(zips)/\(function).zip", "\(zips)/git-layer.zip",
  ]
  return try Program(
    program + sandbox + options + ["--"] + command, environment: world.environment, input: input
  ).wait()
}
