import Testing

/// The pages that name tests as proof name tests that are there.
@Suite struct NamedTestsTests {
  @Test(arguments: ["docs/guarantees.md", "docs/security.md"])
  func everyTestThatThePageNamesIsThere(page: String) throws {
    var functions: Set<String> = []
    for path in try repositoryFiles(below: "Tests") where path.hasSuffix(".swift") {
      let text = String(decoding: try repositoryFile(path), as: UTF8.self)
      for piece in text.split(separator: "func ").dropFirst() {
        functions.insert(String(piece.prefix { $0.isLetter || $0.isNumber }))
      }
    }
    let text = String(decoding: try repositoryFile(page), as: UTF8.self)
    var named: [String] = []
    for line in text.split(separator: "\n") where line.hasPrefix("| ") && !line.hasPrefix("| ---") {
      // The last cell of a row has the tests.
      guard let cell = line.split(separator: "|").last(where: { !$0.allSatisfy(\.isWhitespace) })
      else { continue }
      named += cell.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }.map {
        String($0.element)
      }
    }
    let tests = named.filter { $0.first?.isLowercase == true && $0.allSatisfy { $0.isLetter || $0.isNumber } }
    #expect(tests.count > 20, "\(tests)")
    #expect(tests.filter { !functions.contains($0) } == [])
  }
}
