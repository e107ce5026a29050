import Foundation
import TestSupport
import Testing

/// The way to a git server over TLS, whose certificate nobody vouches for.
@Suite(.onOwnThreads) struct TransportTests {
  /// A world whose repository wants the token, over TLS.
  private func secureWorld() throws -> World {
    let world = try World()
    world.environment["GITHUB_REPO"] = "\(try Servers.secureGit)/private/\(world.repository.name).git"
    world.environment["GITHUB_TOKEN"] = Servers.token
    try world.create("s1", title: "Alpha")
    return world
  }

  /// All the ways to tell git that certificates don't matter.
  private func carelessly(_ world: World) throws {
    let home = "\(world.folder)/home"
    try FileManager.default.createDirectory(atPath: "\(home)/git", withIntermediateDirectories: true)
    for file in ["\(home)/.gitconfig", "\(home)/git/config"] {
      try Data("[http]\n\tsslVerify = false\n".utf8).write(to: URL(fileURLWithPath: file))
    }
    let variables = [
      "HOME": home, "XDG_CONFIG_HOME": home, "GIT_SSL_NO_VERIFY": "1", "GIT_CONFIG_COUNT": "1",
      "GIT_CONFIG_KEY_0": "http.sslVerify", "GIT_CONFIG_VALUE_0": "false",
      "GIT_CONFIG_PARAMETERS": "'http.sslVerify'='false'", "GIT_CONFIG_GLOBAL": "\(home)/.gitconfig",
      "GIT_CONFIG_SYSTEM": "\(home)/.gitconfig", "GIT_PROXY_SSL_CAINFO": try Servers.gitCertificate,
    ]
    world.environment.merge(variables) { _, new in new }
  }

  /// Writes it into the copy's own configuration too, once there is a copy; returns how many were changed.
  private func carelesslyInTheCopy(_ world: World) throws -> Int {
    let work = "\(world.folder)/work"
    let copies = try FileManager.default.contentsOfDirectory(atPath: work).filter { $0.hasSuffix(".git") }
    for copy in copies {
      let url = URL(fileURLWithPath: "\(work)/\(copy)/config")
      let address = world.environment["GITHUB_REPO"] ?? ""
      let careless = "[http]\n\tsslVerify = false\n[http \"\(address)\"]\n\tsslVerify = false\n"
      try (Data(contentsOf: url) + Data(careless.utf8)).write(to: url)
    }
    return copies.count
  }

  @Test func nothingTurnsTheCheckOfCertificatesOff() throws {
    let world = try secureWorld()
    try carelessly(world)
    let requests = try world.requests {
      for round in 1...2 {
        for executable in [Executable.skillsToGit, .gitToSkills] {
          let finished = try world.run(executable, executable == .skillsToGit ? .sync : .import)
          let error = try finished.json(ErrorAnswer.self)
          #expect(error.errorType == "GitError.network", "\(error)")
          #expect(error.errorMessage.contains("certificate"), "\(error)")
        }
        if round == 1 { #expect(try carelesslyInTheCopy(world) == 1) }
      }
    }
    // So the token wasn't sent either: there was no request that it could have been in.
    #expect(requests == [])
    #expect(try world.count("skill_sync.outbox") == 1)
  }

  @Test func whereTheCertificateIsVouchedForBothWaysWork() throws {
    let world = try secureWorld()
    world.environment["SSL_CERT_FILE"] = try Servers.gitCertificate
    #expect(try world.export().created == ["s1"])
    let commit = try world.repository.commit { try $0.edit("skills/alpha.md", "A body.", "Edited.") }
    try world.webhook(commit)
    #expect(try world.row("s1")?.content == "Edited.")
    // Another name than the certificate's is another server.
    let other = world.environment["GITHUB_REPO"]?.replacingOccurrences(of: "127.0.0.1", with: "localhost")
    try world.save("s1", "content", "Saved.")
    let finished = try world.run(.skillsToGit, .schedule, environment: ["GITHUB_REPO": other ?? ""])
    #expect(try finished.json(ErrorAnswer.self).errorType == "GitError.network")
    #expect(try world.export().updated == ["s1"])
  }
}
