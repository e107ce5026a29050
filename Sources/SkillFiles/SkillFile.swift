/// The largest skill file that is read, in bytes.
public let largestFile = 10 * 1024 * 1024

/// A skill file as read: front matter and body.
public struct SkillFile: Equatable, Sendable {
  /// The front matter's keys and values, in the file's order; empty where there is none.
  public var values: Mapping
  /// All that follows the closing fence's line, with its white space and line ends as they are; without front
  /// matter the whole file.
  public var body: String

  /// Pairs values and a body.
  public init(values: Mapping, body: String) {
    self.values = values
    self.body = body
  }
}

/// A file as read, whatever its front matter is: upstream's parser also returns a list or a text.
public struct Document: Equatable, Sendable {
  /// A map where there is no front matter or an empty one.
  public var frontMatter: Value
  /// All that follows the closing fence's line.
  public var body: String
  /// Whether the closing fence is missing: then all of the file is front matter.
  public var isUnclosed: Bool
}

/// Reads a skill file with the values that gray-matter 4.0.3 (js-yaml 3.14's safe schema) reads.
///
/// Throws for what isn't UTF-8, holds a NUL, is over a limit (10 MB, 1 MB of front matter, nesting 100), names
/// another language than YAML or JSON, isn't well-formed, or has front matter that isn't keys and values.
public func read(_ bytes: [UInt8]) throws(SkillFileError) -> SkillFile {
  let document = try readDocument(bytes)
  guard case .map(let values) = document.frontMatter else {
    throw SkillFileError(
      code: .value, line: 2, column: 1,
      message: "the front matter must be keys with values (`title: …`), but is a single value or a list")
  }
  return SkillFile(values: values, body: document.body)
}

/// Reads a file like `read`, but accepts front matter of any kind.
public func readDocument(_ bytes: [UInt8]) throws(SkillFileError) -> Document {
  do {
    return try ParsedFile(bytes).document(of: bytes)
  } catch {
    throw error.located(in: bytes)
  }
}

/// A file taken apart: where its parts are, and what its front matter's nodes are.
struct ParsedFile {
  /// The largest front matter that is read, in bytes.
  static let largestFrontMatter = 1024 * 1024

  var fences: Fences
  /// The root of YAML front matter; nil where it is empty or written in JSON.
  var root: Node?
  var frontMatter: Value

  init(_ bytes: [UInt8]) throws(Failure) {
    if bytes.count > largestFile {
      throw Failure(.limit, at: 0, "the file is larger than 10 MB")
    }
    try checkText(bytes)
    fences = try Fences(bytes)
    if fences.frontMatter.count > Self.largestFrontMatter {
      throw Failure(.limit, at: fences.frontMatter.lowerBound, "the front matter is larger than 1 MB")
    }
    switch fences.language {
    case .yaml:
      root = try Self.root(of: bytes, fences)
      var construction = Construction()
      frontMatter = try root.map { (node) throws(Failure) in try construction.value(of: node) } ?? .null
      if frontMatter == .null { frontMatter = .map([:]) }
      // White space to JavaScript and none to YAML: to upstream's parser there is no front matter.
      if case .string(let text) = frontMatter, text.unicodeScalars.allSatisfy(\.isTrimmed),
        String(decoding: bytes[fences.frontMatter], as: UTF8.self).trimmed().isEmpty
      {
        root = nil
        frontMatter = .map([:])
      }
    case .json:
      frontMatter = try JSONReader.value(of: bytes, in: fences.frontMatter)
    }
  }

  private static func root(of bytes: [UInt8], _ fences: Fences) throws(Failure) -> Node? {
    do {
      return try YAMLReader.root(of: bytes, in: fences.frontMatter)
    } catch {
      guard fences.isUnclosed else { throw error }
      var failure = error
      failure.message =
        "the closing `---` is missing, so all of the file is read as front matter; here " + error.message
      throw failure
    }
  }

  func document(of bytes: [UInt8]) -> Document {
    Document(
      frontMatter: frontMatter, body: String(decoding: bytes[fences.body], as: UTF8.self),
      isUnclosed: fences.isUnclosed)
  }
}

/// Throws where the bytes aren't UTF-8 (RFC 3629) or hold a NUL, which neither YAML nor PostgreSQL's text can.
private func checkText(_ bytes: [UInt8]) throws(Failure) {
  do {
    _ = try UTF8Span(validating: bytes.span)
  } catch {
    throw Failure(
      .encoding, at: error.byteOffsets.lowerBound,
      "this isn't UTF-8 text: save the file with the encoding UTF-8")
  }
  if let offset = bytes.firstIndex(of: 0) {
    throw Failure(.encoding, at: offset, "the file holds a NUL character: remove it")
  }
}
