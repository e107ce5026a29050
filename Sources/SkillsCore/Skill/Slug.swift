import Cryptography

/// The longest slug in bytes: with eight digits and `.md` it stays under the 255 bytes of a file name.
private let longestSlug = 240
/// The longest file name in bytes, without `.md`.
private let longestName = 252

/// The file name (without `.md`) that the application gives a skill with this title; nil where nothing is left.
///
/// Lower case, `&` → `and`, each run of other characters than `[a-z0-9]` → `-`, none at either end, at most 240 bytes.
public func slug(of title: String) -> String? {
  var bytes: [UInt8] = []
  for byte in title.lowercased().utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): bytes.append(byte)
    case UInt8(ascii: "&"): bytes.append(contentsOf: Array("and".utf8))
    default: if !bytes.isEmpty, bytes.last != UInt8(ascii: "-") { bytes.append(UInt8(ascii: "-")) }
    }
    // What follows can only be cut away again.
    if bytes.count > longestSlug + 3 { break }
  }
  bytes.removeLast(max(0, bytes.count - longestSlug))
  while bytes.last == UInt8(ascii: "-") { bytes.removeLast() }
  return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
}

/// The file names (without `.md`) for a skill, best first: its slug, then with more and more digits of the id's SHA-256.
///
/// The digits alone follow `skill` where the title leaves no slug; a reserved name (`readme`, Windows' devices) is never plain.
public func fileNames(title: String, id: String) -> some Sequence<String> {
  let digits = hexadecimal(sha256(Array(id.utf8)))
  let plain = slug(of: title)
  let stem = plain ?? "skill"
  let suffixed = stride(from: 8, through: digits.count, by: 8).map { count in
    var cut = stem.prefix(longestName - 1 - count)
    while cut.last == "-" { cut.removeLast() }
    return "\(cut)-\(digits.prefix(count))"
  }
  guard let plain, !isReserved(plain) else { return suffixed }
  return [plain] + suffixed
}

private func isReserved(_ name: String) -> Bool {
  if ["readme", "con", "prn", "aux", "nul"].contains(name) { return true }
  return name.count == 4 && (name.hasPrefix("com") || name.hasPrefix("lpt")) && name.last?.isNumber == true
}
