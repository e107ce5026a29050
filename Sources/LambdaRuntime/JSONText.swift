/// Appends the text as a JSON string (RFC 8259 §7): quoted, with `"`, `\` and control characters escaped.
func appendJSON(_ text: String, to output: inout [UInt8]) {
  output.append(UInt8(ascii: "\""))
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
    case 0x0A: output += Array(#"\n"#.utf8)
    case 0x0D: output += Array(#"\r"#.utf8)
    case 0x09: output += Array(#"\t"#.utf8)
    case 0..<0x20:
      let digits = Array("0123456789abcdef".utf8)
      output += Array(#"\u00"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    default: output.append(byte)
    }
  }
  output.append(UInt8(ascii: "\""))
}
