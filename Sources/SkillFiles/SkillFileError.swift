/// Why a skill file can't be read or edited, and where.
///
/// `description` is a sentence for the file's writer: "line 7: the key `title` is already set on line 3".
public struct SkillFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What kind of thing went wrong; stable, for programs.
  public enum Code: String, Equatable, Sendable {
    /// Not UTF-8, or text that no program here can hold (NUL, half of a surrogate pair).
    case encoding
    /// Over a limit: the file's or the front matter's size, the nesting, the aliases' expansion.
    case limit
    /// The opening line names a language that isn't read.
    case language
    /// Not well-formed YAML or JSON.
    case syntax
    /// A key is set twice.
    case duplicateKey
    /// Well-formed, but a value or a tag that isn't read.
    case value
    /// The change can't be made to this file without touching anything else.
    case edit
  }

  /// What kind of thing went wrong.
  public let code: Code
  /// The file's line, from 1: the opening fence is line 1.
  public let line: Int
  /// The column on that line, from 1, in Unicode scalars.
  public let column: Int
  /// What is wrong and what can be done, in a sentence without the place.
  public let message: String

  /// Names a failure at a place.
  public init(code: Code, line: Int, column: Int, message: String) {
    self.code = code
    self.line = line
    self.column = column
    self.message = message
  }

  /// The sentence with its line.
  public var description: String { "line \(line): \(message)" }
}

/// A failure inside the module: knows a byte offset only, since lines are counted when they are needed.
struct Failure: Error {
  var code: SkillFileError.Code
  var offset: Int
  var message: String
  /// Another place whose line the message ends with.
  var reference: Int?

  init(_ code: SkillFileError.Code, at offset: Int, _ message: String, seeLineOf reference: Int? = nil) {
    self.code = code
    self.offset = offset
    self.message = message
    self.reference = reference
  }

  func located(in bytes: [UInt8]) -> SkillFileError {
    let place = Place(of: offset, in: bytes)
    let other = reference.map { " on line \(Place(of: $0, in: bytes).line)" } ?? ""
    return SkillFileError(code: code, line: place.line, column: place.column, message: message + other)
  }
}
