extension Unicode.Scalar {
  /// What js-yaml 3.14's dumper writes as it is; everything else forces double quotes and an escape.
  var isWrittenAsIs: Bool {
    switch value {
    case 0x20...0x7E, 0xA1...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD: true
    default: false
    }
  }

  /// What may stand in a scalar of a file by hand: js-yaml's dumper also escapes no-break spaces and characters beyond
  /// U+FFFF, its reader doesn't need it.
  var isReadable: Bool { isWrittenAsIs || value == 0xA0 || value >= 0x10000 }

  fileprivate var isBlank: Bool { self == " " || self == "\t" }

  /// May stand first in a plain scalar as the dumper writes it: no indicator of YAML.
  fileprivate var isPlainFirst: Bool {
    isWrittenAsIs && !isBlank && !"-?:,[]{}#&*!|=>'\"%@`".unicodeScalars.contains(self)
  }

  /// May stand after another character in a plain scalar as the dumper writes it.
  fileprivate func isPlain(after previous: Unicode.Scalar) -> Bool {
    guard isWrittenAsIs, !",[]{}:".unicodeScalars.contains(self) else { return false }
    return self != "#" || (previous.isWrittenAsIs && !previous.isBlank)
  }
}

extension String {
  /// Whether js-yaml's dumper would write the text plain, were it not for its meaning and length.
  var isPlainToDumper: Bool {
    guard let first = unicodeScalars.first, first.isPlainFirst, let last = unicodeScalars.last, !last.isBlank
    else {
      return false
    }
    return zip(unicodeScalars.dropFirst(), unicodeScalars).allSatisfy { $0.isPlain(after: $1) }
  }

  /// Whether the text can stand plain where a person wrote a plain scalar, and read as the same text.
  func canStandPlain(inFlow: Bool) -> Bool {
    guard let first = unicodeScalars.first, let last = unicodeScalars.last, !first.isBlank, !last.isBlank,
      last != ":", unicodeScalars.allSatisfy(\.isReadable),
      !",[]{}#&*!|>'\"%@`".unicodeScalars.contains(first), !meansSomethingElse
    else { return false }
    if "-?:".unicodeScalars.contains(first) {
      guard let second = unicodeScalars.dropFirst().first, !second.isBlank else { return false }
    }
    if inFlow, unicodeScalars.contains(where: { ",[]{}:".unicodeScalars.contains($0) }) { return false }
    return !zip(unicodeScalars, unicodeScalars.dropFirst()).contains { one, next in
      one == ":" && next.isBlank || one.isBlank && next == "#"
    }
  }

  /// Whether the plain text would be no text to js-yaml, or a boolean to an old YAML parser (js-yaml's compatibility mode).
  var meansSomethingElse: Bool {
    Resolution.isAmbiguous(self) || Self.oldBooleans.contains(self)
  }

  private static let oldBooleans: Set<String> = [
    "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off", "OFF",
  ]
}
