import FoundationEssentials

/// JSON text to values and back, as the events, the `jsonb` columns and our answers carry it.
public enum JSON {
  /// Reads one JSON text.
  ///
  /// Throws a `DecodingError` if it isn't one.
  public static func read(_ bytes: [UInt8]) throws -> JSONValue {
    try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
  }

  /// Reads one JSON text as a `Value`.
  ///
  /// Throws a `DecodingError` if it isn't one.
  public static func decode<Value: Decodable>(_: Value.Type, from text: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }

  /// Writes `value` on one line, keys in order, so that the same value is always the same text.
  public static func write(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value))
  }

  /// `write` as text.
  public static func text(_ value: some Encodable) throws -> String {
    String(decoding: try write(value), as: UTF8.self)
  }
}
