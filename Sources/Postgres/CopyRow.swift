/// One line of `COPY … FROM STDIN` in text format.
///
/// https://www.postgresql.org/docs/current/sql-copy.html: columns are separated by tabs, NULL is `\N`, and
/// backslash, tab, newline and carriage return are escaped, so `nil` and `""` and `"\\N"` stay three values.
public struct CopyRow: Sendable {
  /// The line, with its newline.
  public let bytes: [UInt8]

  /// The line of `values`, in the order of the COPY's columns; `nil` is NULL.
  public init(_ values: [String?]) {
    var line: [UInt8] = []
    line.reserveCapacity(values.reduce(0) { $0 + ($1?.utf8.count ?? 2) + 1 })
    for (position, value) in values.enumerated() {
      if position > 0 { line.append(UInt8(ascii: "\t")) }
      guard let value else {
        line += Array(#"\N"#.utf8)
        continue
      }
      for byte in value.utf8 {
        switch byte {
        case UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
        case UInt8(ascii: "\t"): line += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
        case UInt8(ascii: "\n"): line += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
        case UInt8(ascii: "\r"): line += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
        default: line.append(byte)
        }
      }
    }
    line.append(UInt8(ascii: "\n"))
    bytes = line
  }
}
