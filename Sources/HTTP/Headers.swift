/// An HTTP message's header fields, in the order in which they were sent.
///
/// Names are compared without regard to case, as RFC 9110 §5.1 asks; a name may occur more than once.
public struct Headers: Sendable, ExpressibleByDictionaryLiteral {
  /// One line of the header: a name and its value, without the white space around it.
  public struct Field: Sendable {
    /// The name, spelled as it was sent.
    public let name: String
    /// The value; empty where the line had none.
    public let value: String
  }

  /// Every field, in order.
  public private(set) var fields: [Field] = []

  /// The fields of a literal, in its order: `["Content-Type": "application/json"]`.
  public init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { append(name, value) }
  }

  /// Adds a field behind the others, also when there is one of that name.
  public mutating func append(_ name: String, _ value: String) {
    fields.append(Field(name: name, value: value))
  }

  /// The value of the first field of that name, or nil.
  public subscript(name: String) -> String? {
    fields.first { equalIgnoringCase($0.name, name) }?.value
  }
}

/// Whether two ASCII texts differ in case at most.
private func equalIgnoringCase(_ one: String, _ other: String) -> Bool {
  one.utf8.count == other.utf8.count
    && zip(one.utf8, other.utf8).allSatisfy { lowercase($0) == lowercase($1) }
}

private func lowercase(_ byte: UInt8) -> UInt8 {
  (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}
