import Testing

@testable import Postgres

@Suite struct TextArrayTests {
  static let hostile: [String?] = [
    "", " ", "null", "NULL", nil, "a,b", "{}", "\"", "\\", "\\\"", "a\"b\\c", "line\nbreak", "\ttab", "é🦊",
    "'; drop",
    "{\"a\",NULL}", " padded ", "[0:1]={a,b}",
  ]

  @Test func hostileElementsComeBackAsTheyWere() throws {
    let connection = try TestServer.connect()
    let rows = try connection.query(
      Statement("echo", "select $1::text[] as a, cardinality($1::text[]) as n", [.textArray(Self.hostile)]))
    #expect(try rows[0].textArray("a") == Self.hostile)
    #expect(try rows[0].integer("n") == Self.hostile.count)
  }

  @Test(arguments: [
    ("{}", []), ("{a}", ["a"]), ("{NULL,\"NULL\"}", [nil, "NULL"]), ("[2:3]={a,b}", ["a", "b"]),
    ("[-12:-11]={a,b}", ["a", "b"]), ("[1000000:1000001]={1,2}", ["1", "2"]),
    (#"{"\\\"",""}"#, [#"\""#, ""]),
  ])
  func theServersFormatIsRead(_ text: String, _ elements: [String?]) {
    #expect(parseTextArray(text) == elements)
  }

  @Test(arguments: [
    "", "a", "{", "}", "{a", "{a,}", "{,a}", "{a}b", "{\"a}", "{\"a\\", "{{a},{b}}", "[1:2]{a,b}",
    "[x:2]={a}",
    "[:]={a}", "{a\"b\"}",
  ])
  func anythingElseIsRefused(_ text: String) {
    #expect(parseTextArray(text) == nil)
  }

  @Test func boundsAndDimensionsOfTheServersOwnArrays() throws {
    let connection = try TestServer.connect()
    let row = try connection.query(
      Statement(
        "arrays",
        "select '[5:6]={x,NULL}'::text[] as bounds, array[['a','b'],['c','d']] as two, null::text[] as absent"
      ))[0]
    #expect(try row.textArray("bounds") == ["x", nil])
    #expect(try row.optionalTextArray("absent") == nil)
    let error = try #require(throws: PostgresError.self) { try row.textArray("two") }
    #expect(error.code == .wrongColumnType)
    #expect(error.column == "two")
  }
}
