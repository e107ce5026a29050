@testable import SkillFiles

extension Target {
  /// The editor: a file, a NUL and the changes in the form of the fixtures' `changes.json`, as YAML or JSON.
  ///
  /// A key of one digit stands for the file's key at that place. Where no changes follow, the file's hash chooses one.
  static let editor = Target(
    name: "editor",
    seeds: {
      let fixtures = "Tests/SkillFilesTests/Fixtures/"
      let edits = try repositoryFiles(below: fixtures + "Editing", suffix: "original.md").map { path in
        let changes = path.dropLast("original.md".count) + "changes.json"
        return try repositoryFile(path) + [0] + repositoryFile(String(changes))
      }
      return try edits + repositoryFiles(below: fixtures + "Reading", suffix: ".md").map(repositoryFile)
    },
    words: yamlWords + [
      "\0{\"set\": {\"0\": ", "\0set: {1: ", "\0body: ", "\0remove: [0]", "set: ", "remove: ",
    ]
  ) { input in
    let file = Array(input.prefix { $0 != 0 })
    guard let document = try? readDocument(file) else {
      expect((try? edit(file, [])) == nil, "what can't be read was edited")
      return
    }
    expect(try edit(file, []) == file, "without a change the file became another")
    expect(try edit(file, [.body(document.body)]) == file, "with its own body the file became another")
    guard case .map(let values) = document.frontMatter else { return }
    let same = values.entries.map { Change.set(key: $0.key, $0.value) }
    expect(try edit(file, same) == file, "with its own values the file became another")

    let made = try edit([], same + [.body(document.body)])
    expect(try read(made).values == values, "a new file of the values reads otherwise:\n\(made.shown)")
    expect(
      try BodyEditor.areEqual(read(made).body, document.body),
      "a new file's body reads otherwise:\n\(made.shown)")

    let changes =
      file.count < input.count
      ? written(input.dropFirst(file.count + 1), keys: values.keys) : [chosen(for: file, keys: values.keys)]
    try EditCheck(file: file, values: values, body: document.body).check(changes)
  }

  private static func written(_ text: ArraySlice<UInt8>, keys: [String]) -> [Change] {
    guard let json = try? read(Array("---\n".utf8) + text + Array("\n---\n".utf8)).values else { return [] }
    var changes: [Change] = []
    if case .map(let values)? = json["set"] {
      changes += values.entries.map { .set(key: meant($0.key, keys), $0.value) }
    }
    if case .list(let removed)? = json["remove"] {
      for case .string(let key) in removed { changes.append(.remove(key: meant(key, keys))) }
    }
    if case .string(let body)? = json["body"] { changes.append(.body(body)) }
    return changes
  }

  private static func meant(_ key: String, _ keys: [String]) -> String {
    guard key.utf8.count == 1, let place = Int(key), !keys.isEmpty else { return key }
    return keys[place % keys.count]
  }

  private static func chosen(for file: [UInt8], keys: [String]) -> Change {
    // FNV-1a: the same input must always give the same change.
    let hash = Int(file.reduce(2_166_136_261 as UInt32) { ($0 ^ UInt32($1)) &* 16_777_619 } >> 1)
    let key = (keys + ["title", "owners", "x"])[hash % (keys.count + 3)]
    let values: [Value] = [
      .null, .boolean(true), .number(-1.5), .date(milliseconds: 951_782_400_001), .string("Two"),
      .string("a: #b"),
      .string("it's\n two\n"), .string(" x\u{85}"), .list([]), .list([.string("x"), .list([.null])]),
      .map([:]),
      .map(["name": .string("n"), "e": .list([.map(["a": .number(1), "b": .string("")])])]),
    ]
    switch hash / 64 % (values.count + 3) {
    case let place where place < values.count: return .set(key: key, values[place])
    case values.count: return .body("One\n---\ntwo\n")
    default: return .remove(key: key)
    }
  }
}
