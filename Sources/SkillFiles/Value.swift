/// A value of the front matter, as gray-matter 4 with js-yaml 3.14's safe schema reads it.
public indirect enum Value: Sendable {
  /// `null`, `~`, or nothing.
  case null
  /// `true` or `false`.
  case boolean(Bool)
  /// Any number: JavaScript has doubles only.
  case number(Double)
  /// Text.
  case string(String)
  /// An unquoted date or time, in milliseconds since 1970-01-01T00:00:00Z.
  case date(milliseconds: Int64)
  /// A list.
  case list([Value])
  /// Keys and their values.
  case map(Mapping)
}

extension Value: Equatable {
  /// Equal values: texts byte for byte (`String`'s own `==` takes composed and decomposed accents for the same),
  /// NaN equals itself, and the order of a map's keys says nothing.
  public static func == (one: Value, other: Value) -> Bool {
    switch (one, other) {
    case (.null, .null): true
    case (.boolean(let one), .boolean(let other)): one == other
    case (.number(let one), .number(let other)): one == other || (one.isNaN && other.isNaN)
    case (.string(let one), .string(let other)): one.hasSameBytes(as: other)
    case (.date(let one), .date(let other)): one == other
    case (.list(let one), .list(let other)): one == other
    case (.map(let one), .map(let other)): one == other
    default: false
    }
  }
}

extension Value {
  /// Whether this is neither a list nor a map.
  var isScalar: Bool {
    switch self {
    case .list, .map: false
    default: true
    }
  }

  /// Whether lists and maps are nested more than `levels` deep.
  func isDeeper(than levels: Int) -> Bool {
    switch self {
    case .list(let items): levels == 0 || items.contains { $0.isDeeper(than: levels - 1) }
    case .map(let mapping): levels == 0 || mapping.entries.contains { $0.value.isDeeper(than: levels - 1) }
    default: false
    }
  }
}

extension String {
  /// Whether both are the same bytes in UTF-8; to `==` canonically equivalent forms are equal.
  func hasSameBytes(as other: String) -> Bool {
    utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
  }
}
