import Foundation
import SeededRandom
import Testing

@testable import Git

/// A copy whose files decay: each must heal by itself or be a typed error, and none may lead to a wrong commit.
@Suite(.needsServer) struct DecayTests {
  private static func files(below folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).sorted().filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(folder)/\($0)", isDirectory: &isFolder)
        && !isFolder.boolValue
    }
  }

  /// Changes one file: a bit, its length, or a lock beside it; returns what was done.
  private static func decay(_ folder: String, _ numbers: inout SeededRandom) throws -> String {
    let name = try #require(files(below: folder).randomElement(using: &numbers))
    let url = URL(fileURLWithPath: "\(folder)/\(name)")
    chmod(url.path, 0o600)
    var bytes = try Data(contentsOf: url)
    switch Int.random(in: 0..<8, using: &numbers) {
    case 0:
      let length = Int.random(in: 0...bytes.count, using: &numbers)
      try bytes.prefix(length).write(to: url)
      return "\(name) cut to \(length) of \(bytes.count) bytes"
    case 1:
      try Data().write(to: URL(fileURLWithPath: url.path + ".lock"))
      return "\(name).lock left behind"
    default:
      guard !bytes.isEmpty else { return "\(name) is empty" }
      let (position, bit) = (
        Int.random(in: 0..<bytes.count, using: &numbers), Int.random(in: 0..<8, using: &numbers)
      )
      bytes[position] ^= 1 << bit
      try bytes.write(to: url)
      return "\(name) byte \(position) bit \(bit)"
    }
  }

  @Test func aCopyThatDecaysHealsOrSaysSoAndNeverLeadsToAWrongCommit() async throws {
    let environment = ProcessInfo.processInfo.environment
    let seed = UInt64(environment["DECAY_SEED"] ?? "") ?? UInt64.random(in: 0...UInt64.max)
    let rounds = Int(environment["DECAY_ROUNDS"] ?? "") ?? 25
    print("DECAY_SEED=\(seed) DECAY_ROUNDS=\(rounds)")
    var numbers = SeededRandom(state: seed)
    let fixture = try await Fixture()
    var expected: [String: String] = [:]
    // Of the same length and alike: one taken for another would not be noticed by its size.
    for number in 0..<30 { expected["skills/\(number % 5)/\(number).md"] = "Skill \(1000 + number)\n" }
    expected["skills/large.md"] = (0..<2_000).map { "line \($0)\n" }.joined()
    try await fixture.commit(expected)
    // A copy with a first pack, one more of blobs, one of a later fetch, and loose objects of our own.
    let first = try await fixture.open()
    var tip = try #require(try await first.fetchTip())
    try await first.fetchMissing(blobs: try await first.tree(of: tip, directory: "skills").map(\.object))
    expected["skills/0/5.md"] = "Skill 2005\n"
    try await fixture.commit(["skills/0/5.md": "Skill 2005\n"])
    tip = try #require(try await first.fetchTip())
    expected["skills/ours.md"] = "Ours 0\n"
    let commit = try await first.commit(["skills/ours.md": "Ours 0\n"], onto: tip)
    #expect(try await first.push(commit, expecting: tip) == .accepted)
    let path = first.path
    first.close()
    let sound = fixture.workDirectory + "-sound"
    defer { try? FileManager.default.removeItem(atPath: sound) }
    try FileManager.default.copyItem(atPath: path, toPath: sound)

    var typedErrors = 0
    for round in 1...rounds {
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: sound, toPath: path)
      // A save begins with a commit, where the copy has the recorded tip.
      let isSave = round.isMultiple(of: 3)
      if isSave {
        try await git("update-ref", "refs/heads/main", "\(commit)", in: fixture.path)
        expected["skills/ours.md"] = "Ours 0\n"
      }
      var damage: [String] = []
      for _ in 1...Int.random(in: 1...3, using: &numbers) { damage.append(try Self.decay(path, &numbers)) }
      // A typed error ends a run; the next one begins with the copy that it left.
      var attempts = 0
      while attempts < 3 {
        attempts += 1
        let text = "Ours \(round)\n"
        let error = await gitError {
          let repository = try await fixture.open()
          defer { repository.close() }
          func push(onto tip: ObjectID) async throws {
            let old = file("skills/ours.md", expected["skills/ours.md"] ?? "")
            let commit = try await repository.commit(request(tip)) {
              try await $0.write(Array(text.utf8), to: old.path, replacing: old)
            }
            #expect(try await repository.push(commit, expecting: tip) == .accepted, "\(damage)")
          }
          if isSave, attempts == 1, repository.tip == commit { return try await push(onto: commit) }
          let tip = try #require(try await repository.fetchTip())
          let entries = try await repository.tree(of: tip, directory: "skills")
          #expect(entries.map(\.path).sorted() == expected.keys.sorted(), "\(damage)")
          try await repository.fetchMissing(blobs: entries.map(\.object))
          try await repository.readBlobs(entries.map(\.object)) { index, _, bytes in
            let path = entries[index].path
            #expect(String(decoding: bytes, as: UTF8.self) == expected[path], "\(path): \(damage)")
          }
          try await push(onto: tip)
        }
        guard let error else { break }
        typedErrors += 1
        // Of a copy that nothing was asked of yet git has more words than we know.
        let isKnown = [.corruptCache, .missingObject].contains(error.code)
        #expect(isKnown || isSave && attempts == 1 && error.code == .other, "\(damage): \(error)")
      }
      #expect(attempts < 3, "\(damage)")
      expected["skills/ours.md"] = "Ours \(round)\n"
      for file in ["skills/ours.md", "skills/0/5.md", "skills/large.md"] {
        #expect(try await fixture.content(file) == expected[file], "\(damage)")
      }
      #expect(try await fixture.files().sorted() == expected.keys.sorted(), "\(damage)")
    }
    try await git("fsck", "--strict", "--full", in: fixture.path)
    print("typed errors: \(typedErrors) in \(rounds) rounds")
  }
}
