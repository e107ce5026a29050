import Cryptography
import SkillsCore
import Testing

struct PathPlanTests {
  private func new(_ id: String, _ title: String, createdAt: String = "") -> PathRequest {
    PathRequest(id: id, title: title, createdAt: createdAt, found: nil)
  }

  private func old(_ id: String, _ title: String, at path: String, titled before: String) -> PathRequest {
    PathRequest(id: id, title: title, createdAt: "", found: (path, before))
  }

  private func plan(
    _ requests: [PathRequest], in directory: String = "skills", tree: [String] = [], deleted: Set<String> = []
  ) -> [String: String] {
    let paths = planPaths(requests, directory: directory, treePaths: tree, deleted: deleted)
    let again = planPaths(
      requests.reversed(), directory: directory, treePaths: tree.reversed(), deleted: deleted)
    #expect(paths == again, "the order of the requests makes no difference")
    #expect(Set(paths.values.map { $0.lowercased() }).count == paths.count, "no two skills get one path")
    return paths
  }

  private func suffix(_ id: String, _ count: Int = 8) -> String {
    String(hexadecimal(sha256(Array(id.utf8))).prefix(count))
  }

  @Test func aNewSkillGetsItsSlugInTheSkillsFolder() {
    #expect(plan([new("a", "Code Review")]) == ["a": "skills/code-review.md"])
    #expect(plan([new("a", "Code Review")], in: "") == ["a": "code-review.md"])
  }

  @Test func ofTwoNewSkillsTheOlderKeepsThePlainName() {
    let requests = [
      new("a", "C++", createdAt: "2025-02-01T00:00:00.000Z"),
      new("b", "C#", createdAt: "2025-01-01T00:00:00.000Z"),
    ]
    #expect(plan(requests) == ["b": "skills/c.md", "a": "skills/c-\(suffix("a")).md"])
  }

  @Test func ofTwoAsOldTheSmallerIDKeepsThePlainName() {
    #expect(
      plan([new("b", "C++"), new("a", "C#")]) == ["a": "skills/c.md", "b": "skills/c-\(suffix("b")).md"])
  }

  @Test func aNameThatDiffersInCaseAloneIsTaken() {
    #expect(plan([new("a", "Foo")], tree: ["skills/FOO.md"]) == ["a": "skills/foo-\(suffix("a")).md"])
    #expect(plan([new("a", "Foo")], tree: ["Skills/Foo.MD"]) == ["a": "skills/foo-\(suffix("a")).md"])
  }

  @Test func aFolderTakesItsNameToo() {
    #expect(
      plan([new("a", "Foo")], tree: ["skills/foo.md/image.png"]) == ["a": "skills/foo-\(suffix("a")).md"])
  }

  @Test func whereTheDigitsAreTakenMoreOfThemFollow() {
    let tree = ["skills/foo.md", "skills/foo-\(suffix("a")).md"]
    #expect(plan([new("a", "Foo")], tree: tree) == ["a": "skills/foo-\(suffix("a", 16)).md"])
  }

  @Test func aPathThatTheCommitDeletesIsFree() {
    #expect(
      plan([new("a", "Foo")], tree: ["skills/foo.md"], deleted: ["skills/foo.md"]) == ["a": "skills/foo.md"])
  }

  @Test func aNewSkillForWhichEveryNameIsTakenIsLeftOut() {
    let tree = Array(fileNames(title: "Foo", id: "a")).map { "skills/\($0).md" }
    #expect(plan([new("a", "Foo")], tree: tree) == [:])
  }

  @Test func aFileAtItsSlugFollowsItsTitle() {
    let request = old("a", "Bar", at: "skills/foo.md", titled: "Foo")
    #expect(plan([request], tree: ["skills/foo.md"]) == ["a": "skills/bar.md"])
  }

  @Test func aFileWithDigitsFollowsItsTitleTooAndLosesThemIfItCan() {
    let path = "skills/foo-\(suffix("a")).md"
    #expect(plan([old("a", "Bar", at: path, titled: "Foo")], tree: [path]) == ["a": "skills/bar.md"])
    #expect(plan([old("a", "Foo!", at: path, titled: "Foo")], tree: [path]) == ["a": path], "same slug")
  }

  @Test(arguments: ["skills/My Foo.md", "skills/Foo.md", "skills/foo-2.md", "skills/foo.markdown"])
  func aFileThatAPersonNamedKeepsItsName(_ path: String) {
    #expect(plan([old("a", "Bar", at: path, titled: "Foo")], tree: [path]) == ["a": path])
  }

  @Test func aTitleWithTheSameSlugMovesNothing() {
    #expect(
      plan([old("a", "FOO?", at: "skills/foo.md", titled: "Foo")], tree: ["skills/foo.md"]) == [
        "a": "skills/foo.md"
      ])
  }

  @Test func aFileStaysInItsFolder() {
    let request = old("a", "Bar", at: "skills/team/deep/foo.md", titled: "Foo")
    #expect(
      plan([request], tree: ["skills/team/deep/foo.md", "skills/bar.md"]) == ["a": "skills/team/deep/bar.md"])
    let atRoot = old("a", "Bar", at: "foo.md", titled: "Foo")
    #expect(plan([atRoot], in: "", tree: ["foo.md"]) == ["a": "bar.md"])
  }

  @Test func titlesThatTradePlacesTradePaths() {
    let requests = [
      old("a", "Bar", at: "skills/foo.md", titled: "Foo"),
      old("b", "Foo", at: "skills/bar.md", titled: "Bar"),
    ]
    #expect(
      plan(requests, tree: ["skills/foo.md", "skills/bar.md"]) == [
        "a": "skills/bar.md", "b": "skills/foo.md",
      ])
  }

  @Test func titlesThatMoveInARingMoveTheirPaths() {
    let titles = ["A", "B", "C", "D"]
    let requests = titles.indices.map { index in
      old(
        "s\(index)", titles[(index + 1) % 4], at: "skills/\(titles[index].lowercased()).md",
        titled: titles[index])
    }
    let expected = ["s0": "skills/b.md", "s1": "skills/c.md", "s2": "skills/d.md", "s3": "skills/a.md"]
    #expect(plan(requests, tree: ["a", "b", "c", "d"].map { "skills/\($0).md" }) == expected)
  }

  @Test func aNewSkillTakesTheNameThatAnotherLeaves() {
    let requests = [old("a", "Bar", at: "skills/foo.md", titled: "Foo"), new("b", "Foo")]
    #expect(plan(requests, tree: ["skills/foo.md"]) == ["a": "skills/bar.md", "b": "skills/foo.md"])
  }

  @Test func aFileThatFindsEveryNameTakenStaysAndNobodyTakesItsPlace() {
    let taken = Array(fileNames(title: "Bar", id: "a")).map { "skills/\($0).md" }
    let requests = [old("a", "Bar", at: "skills/foo.md", titled: "Foo"), new("0", "Foo")]
    #expect(
      plan(requests, tree: taken + ["skills/foo.md"]) == [
        "a": "skills/foo.md", "0": "skills/foo-\(suffix("0")).md",
      ])
  }

  @Test func hostileTitlesGetHarmlessPaths() {
    let titles = [
      "../../../etc/passwd", "a/b\\c:d*e?f\"g<h>i|j", ".git/config", "README", "CON", "\u{0}\n\r\t", "שלום",
      "👩‍👩‍👧",
      "\u{202E}dm.exe", "-rf", "~root", "%2e%2e%2f", String(repeating: "x", count: 100_000), " ", "𝓒ode",
    ]
    let paths = plan(titles.enumerated().map { new("s\($0)", $1) })
    #expect(paths.count == titles.count)
    for path in paths.values {
      let name = path.dropFirst("skills/".count)
      #expect(path.hasPrefix("skills/") && name.hasSuffix(".md") && name.utf8.count <= 255)
      #expect(
        name.dropLast(3).utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
      #expect(!name.hasPrefix("-"))
    }
  }

  @Test func manySkillsWithOneSlugAllGetAPathOfTheirOwn() {
    #expect(plan((0..<300).map { new("s\($0)", "Same" + String(repeating: "!", count: $0)) }).count == 300)
  }
}
