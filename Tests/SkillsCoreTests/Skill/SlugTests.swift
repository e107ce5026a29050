import Cryptography
import SkillsCore
import Testing

struct SlugTests {
  struct Case: CustomTestStringConvertible {
    var title: String
    var slug: String?
    var testDescription: String { title.count > 40 ? "\(title.prefix(40))…" : title }

    init(_ title: String, _ slug: String?) { (self.title, self.slug) = (title, slug) }
  }

  @Test(arguments: [
    Case("Code Review", "code-review"),
    Case("  Code   Review!  ", "code-review"),
    Case("R&D", "randd"),
    Case("Onboarding & First Week", "onboarding-and-first-week"),
    Case("C++ / C#", "c-c"),
    Case("../../etc/passwd", "etc-passwd"),
    Case("a\u{0}b\nc\u{1B}[31m", "a-b-c-31m"),
    Case("-n --force", "n-force"),
    Case("Straße", "stra-e"),
    Case("re\u{301}sume\u{301}", "re-sume"),
    Case("\u{212A}elvin", "kelvin"),  // the Kelvin sign's lower case is a k
    Case("İstanbul", "i-stanbul"),
    Case("שלום עולם", nil),
    Case("\u{202E}gnp.exe\u{202C}", "gnp-exe"),
    Case("👩‍👩‍👧 family 👍🏽", "family"),
    Case("日本語", nil),
    Case("---", nil),
    Case("", nil),
  ])
  func aTitleBecomesTheSlugThatTheApplicationGivesIt(_ example: Case) {
    #expect(slug(of: example.title) == example.slug)
  }

  @Test func aSlugIsCutTo240BytesAndTrimmedAgain() {
    let letters = String(repeating: "a", count: 239)
    #expect(slug(of: letters + "bc") == letters + "b")
    #expect(slug(of: letters + " c") == letters)
    #expect(slug(of: String(repeating: "&", count: 300)) == String(repeating: "and", count: 80))
    #expect(slug(of: String(repeating: "x y", count: 35_000))?.utf8.count == 240)
    #expect(slug(of: String(repeating: "é", count: 50_000) + "z") == "z")
  }

  @Test func theFirstNameIsTheSlugAndTheNextAddDigitsOfTheIDsDigest() {
    let digits = hexadecimal(sha256(Array("skill-1".utf8)))
    let names = Array(fileNames(title: "Code Review", id: "skill-1"))
    #expect(names.first == "code-review")
    #expect(names.dropFirst().first == "code-review-\(digits.prefix(8))")
    #expect(names.last == "code-review-\(digits)")
    #expect(Set(names).count == 9)
  }

  @Test func aTitleWithoutASlugIsNamedByItsDigitsAlone() {
    let digits = hexadecimal(sha256(Array("skill-1".utf8)))
    #expect(Array(fileNames(title: "日本語", id: "skill-1")).first == "skill-\(digits.prefix(8))")
  }

  @Test(arguments: ["README", "Readme!", "con", "PRN", "Aux", "nul", "COM1", "com9", "LPT1", "lpt9"])
  func aReservedNameIsNeverPlain(_ title: String) throws {
    let names = Array(fileNames(title: title, id: "1"))
    let plain = try #require(slug(of: title))
    #expect(!names.contains(plain))
    #expect(names.allSatisfy { $0.hasPrefix("\(plain)-") })
  }

  @Test(arguments: ["Console", "com", "com10", "lpt", "readme first", "nullable"])
  func aNameThatOnlyStartsLikeAReservedOneIsPlain(_ title: String) {
    #expect(Array(fileNames(title: title, id: "1")).first == slug(of: title))
  }

  @Test func everyNameFitsAFileSystem() {
    for title in [String(repeating: "a", count: 100_000), "bb" + String(repeating: "-a", count: 400), "x"] {
      let names = Array(fileNames(title: title, id: "1"))
      #expect(names.allSatisfy { $0.utf8.count + ".md".utf8.count <= 255 })
      #expect(Set(names).count == names.count)
      #expect(names.allSatisfy { !$0.contains("--") })
    }
  }
}
