/// One change to a skill file.
public enum Change: Equatable, Sendable {
  /// The key gets the value; it is added where it isn't set.
  case set(key: String, Value)
  /// The key is removed; nothing happens where it isn't set.
  case remove(key: String)
  /// The body gets the text; white space at either end of the text is ignored, that of the file is kept.
  case body(String)
}

/// Changes a skill file and nothing in it but what the changes name.
///
/// Comments, the keys' order, quotes, indentation, line ends, unknown keys, the byte order mark and the white space
/// around the body stay byte for byte. A new value is written in the style of the one it replaces where it can stand in
/// that, else as js-yaml's `safeDump` writes it; a new key goes where the application puts it. Without a difference
/// the bytes are returned as they are. An empty `bytes` makes a new file in the application's style.
///
/// Changes of different keys make the same file in whichever order they are made; only where one key goes and another
/// comes beside it, comments there may stand before the new key or after it.
///
/// A body's line feeds become the file's line ends; bodies that differ in line ends alone are equal.
///
/// Throws where the file can't be read, and with the code `edit` where a change can't be made without touching
/// something else; what is returned was read again and holds exactly the wanted values.
public func edit(_ bytes: [UInt8], _ changes: [Change]) throws(SkillFileError) -> [UInt8] {
  do {
    return try FileEditor(bytes).applying(changes)
  } catch {
    throw error.located(in: bytes)
  }
}
