/// A part of a text that another text has otherwise.
public struct LineEdit: Equatable, Sendable {
  /// The lines of the first text, counted from 0; empty where lines came in before `lowerBound`.
  public var range: Range<Int>
  /// What stands there in the other.
  public var lines: [String]

  /// Says that the other text has `lines` in the place of `range`.
  public init(range: Range<Int>, lines: [String]) {
    self.range = range
    self.lines = lines
  }
}

/// Two or three texts beside each other: the places where they differ, with a few lines around each.
///
/// Long ones are cut, so that it stays something that people read.
public struct SideBySide: Codable, Equatable, Sendable {
  /// A place: where they are the same, left out, or where they differ.
  public enum Place: Codable, Equatable, Sendable {
    /// Lines that are the same in all texts.
    case same([String])
    /// So many lines that are the same in all texts, which aren't shown.
    case skipped(Int)
    /// What each text has there.
    case differs([[String]])
  }

  /// What the texts are called.
  public private(set) var names: [String]
  /// From the first line to the last that is shown.
  public private(set) var places: [Place] = []
  /// Whether more follows that differs.
  public private(set) var isCut = false

  private static let context = 2
  private static let mostLines = 200

  /// Compares texts with a first one.
  ///
  /// - Parameters:
  ///   - name: what the first text is called.
  ///   - lines: the first text's.
  ///   - others: the names of the others, and where each differs from the first, in order.
  public init(_ name: String, lines: [String], others: [(name: String, edits: [LineEdit])]) {
    names = [name] + others.map(\.name)
    var shown = 0
    var position = 0
    for region in Self.regions(others.map(\.edits)) {
      guard shown < Self.mostLines else {
        isCut = true
        return
      }
      let start = max(position, region.lowerBound - Self.context)
      if start > position { places.append(.skipped(start - position)) }
      addSame(lines[start..<region.lowerBound])
      var cells = [Array(lines[region])]
      for other in others { cells.append(Self.text(of: region, lines, other.edits)) }
      let room = Self.mostLines - shown
      isCut = cells.contains { $0.count > room }
      places.append(.differs(cells.map { Array($0.prefix(room)) }))
      if isCut { return }
      shown += cells.map(\.count).max() ?? 0
      position = min(region.upperBound + Self.context, lines.count)
      position = min(position, Self.next(after: region, others.map(\.edits)) ?? position)
      addSame(lines[region.upperBound..<position])
    }
    if position < lines.count, !places.isEmpty { places.append(.skipped(lines.count - position)) }
  }

  private mutating func addSame(_ lines: ArraySlice<String>) {
    if lines.isEmpty { return }
    // What follows one place and what comes before the next may touch.
    if case .same(let before) = places.last {
      places[places.count - 1] = .same(before + lines)
    } else {
      places.append(.same(Array(lines)))
    }
  }

  /// The places in the first text where another differs; those that touch are one.
  private static func regions(_ edits: [[LineEdit]]) -> [Range<Int>] {
    var regions: [Range<Int>] = []
    let ranges = edits.joined().map(\.range).sorted {
      ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound)
    }
    for range in ranges {
      if let last = regions.last, range.lowerBound <= last.upperBound {
        regions[regions.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        regions.append(range)
      }
    }
    return regions
  }

  private static func next(after region: Range<Int>, _ edits: [[LineEdit]]) -> Int? {
    edits.joined().map(\.range.lowerBound).filter { $0 > region.upperBound }.min()
  }

  /// What a text has in the place of `region`.
  private static func text(of region: Range<Int>, _ lines: [String], _ edits: [LineEdit]) -> [String] {
    var text: [String] = []
    var position = region.lowerBound
    for edit in edits
    where region.lowerBound <= edit.range.lowerBound && edit.range.upperBound <= region.upperBound {
      text += lines[position..<edit.range.lowerBound] + edit.lines
      position = edit.range.upperBound
    }
    return text + lines[position..<region.upperBound]
  }
}

/// What of `line` another line hasn't, between the words that both begin and end with.
struct ChangedWords: Equatable {
  var before: String
  var changed: String
  var after: String

  init(_ line: String, comparedWith other: String) {
    let words = Self.words(of: line)
    let others = Self.words(of: other)
    let first = zip(words, others).prefix { $0 == $1 }.count
    let last = zip(words[first...].reversed(), others[first...].reversed()).prefix { $0 == $1 }.count
    before = words[..<first].joined()
    changed = words[first..<(words.count - last)].joined()
    after = words[(words.count - last)...].joined()
    // The space behind the last word isn't what differs.
    if changed.hasSuffix(" "), changed != " " {
      changed.removeLast()
      after = " " + after
    }
  }

  /// With the spaces that follow them.
  private static func words(of line: String) -> [Substring] {
    var words: [Substring] = []
    var rest = line[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: " ").map { rest.index(after: $0) } ?? rest.endIndex
      words.append(rest[..<end])
      rest = rest[end...]
    }
    return words
  }
}
