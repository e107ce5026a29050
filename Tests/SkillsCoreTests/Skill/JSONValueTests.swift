import SkillsCore
import Testing

struct JSONValueTests {
  private func read(_ text: String) throws -> JSONValue { try JSON.read(Array(text.utf8)) }

  @Test func everyKindOfValueIsReadAsWhatItIs() throws {
    let value = try read(
      #"{"n": null, "t": true, "f": false, "i": 1, "d": -1.5e3, "s": "1", "a": [0, "0", {}], "e": []}"#)
    #expect(
      value
        == .object([
          "n": .null, "t": .boolean(true), "f": .boolean(false), "i": .number(1), "d": .number(-1500),
          "s": .string("1"), "a": .array([.number(0), .string("0"), .object([:])]), "e": .array([]),
        ]))
  }

  @Test func zeroAndOneAreNoBooleans() throws {
    #expect(try read("[0, 1, true]") == .array([.number(0), .number(1), .boolean(true)]))
    #expect(try read("[0]") != read("[false]"))
  }

  @Test func whatIsWrittenIsTheSameTextWhateverTheOrderOfKeys() throws {
    let text = try JSON.text(read(#"{"b": "a/b", "a": {"d": 1, "c": [true, null]}}"#))
    #expect(text == #"{"a":{"c":[true,null],"d":1},"b":"a/b"}"#)
  }

  @Test(arguments: [
    ("1", "1"), ("1.0", "1"), ("-0.5", "-0.5"), ("12345678901", "12345678901"), ("1e2", "100"),
  ])
  func wholeNumbersAreWrittenWithoutAFraction(_ read: String, _ written: String) throws {
    #expect(try JSON.text(self.read("[\(read)]")) == "[\(written)]")
  }

  @Test func textsSurviveWithAllTheirCharacters() throws {
    let text = "\u{0}\u{1F}\"\\/\u{7F}\u{2028}é e\u{301} 👩‍👩‍👧 \u{202E}\u{FFFF}"
    let again = try JSON.read(JSON.write(JSONValue.string(text)))
    #expect(again == .string(text))
    #expect(again.text.map { Array($0.utf8) } == Array(text.utf8))
  }

  @Test func membersAndElementsAreThereOnlyWhereTheKindFits() throws {
    let value = try read(#"{"list": ["x"], "null": null}"#)
    #expect(value["list"]?.elements == [.string("x")])
    #expect(value["list"]?.text == nil)
    #expect(value["list"]?["x"] == nil)
    #expect(value["null"] == .null)
    #expect(value["missing"] == nil)
    #expect(value.elements == nil)
  }

  @Test(arguments: ["", " ", "{", "[1", "{'a': 1}", "nul", "\"", "{\"a\" 1}", "1 2", "\u{FEFF}\u{FEFF}{}"])
  func whatIsNotJSONIsRefused(_ text: String) {
    #expect(throws: (any Error).self) { try read(text) }
  }

  @Test func nestingWithoutEndIsRefusedAndNotFollowed() {
    #expect(throws: (any Error).self) { try read(String(repeating: "[", count: 100_000)) }
    #expect(throws: (any Error).self) {
      try read(String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000))
    }
  }

  @Test func invalidUTF8IsRefused() {
    #expect(throws: (any Error).self) { try JSON.read([0x22, 0xFF, 0x22]) }
  }
}
