import Testing

/// The page on security names a test for each threat.
struct SecurityPageTests {
  @Test func everyTestThatThePageNamesIsThere() throws {
    let page = String(decoding: try repositoryFile("docs/security.md"), as: UTF8.self)
    let names = Set(page.matches(of: /`([a-zA-Z]{15,})`/).map { String($0.1) })
    #expect(names.count > 30)
    let sources = try repositoryFiles(below: "Tests").filter { $0.hasSuffix("Tests.swift") }
      .map { String(decoding: try repositoryFile($0), as: UTF8.self) }.joined()
    for name in names.sorted() { #expect(sources.contains("func \(name)("), "\(name)") }
  }
}
