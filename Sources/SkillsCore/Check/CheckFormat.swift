import SkillFiles

/// How a check's findings are written.
public enum CheckFormat: String, CaseIterable, Sendable {
  /// For people: each finding with its line and a mark under the place.
  case text
  /// Workflow commands, which GitHub shows beside the line they name
  /// (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands).
  case github
  /// One JSON object a file, also for those with which nothing is wrong.
  case json

  /// What is written for a file, with its line end; nil for nothing.
  public func text(of file: CheckedFile) -> String? {
    switch self {
    case .text: file.finding.map { Self.readable($0, of: file) }
    case .github:
      file.finding.map { finding in
        Self.annotation(finding, of: file.path, isError: !file.isReadable)
          + (file.counterpart.map { Self.annotation($0.finding, of: $0.path, isError: false) } ?? "")
      }
    case .json: Self.json(file)
    }
  }

  /// Whether the exit status tells of a file that can be read but can't be a skill.
  public var failsOnWarnings: Bool { self != .json }

  /// The longest piece of a line that is shown, in characters.
  private static let widest = 100

  private static func readable(_ finding: CheckFinding, of file: CheckedFile) -> String {
    let head = "\(shown(file.path)):\(finding.line):\(finding.column): \(shown(finding.message))\n"
    let line = Array(file.findingLine.unicodeScalars)
    guard !line.isEmpty else { return head }
    // Of a long line, what is around the place.
    let first = finding.column > widest ? finding.column - widest / 2 : 0
    let piece = line.dropFirst(first).prefix(widest)
    var text = ""
    text.unicodeScalars.append(contentsOf: piece)
    let margin = "  \(finding.line) | "
    let indentation = String(repeating: " ", count: margin.utf8.count - 2) + "| "
    let mark = String(repeating: " ", count: finding.column - 1 - first) + "^"
    return head + margin + shown(text) + "\n" + indentation + mark + "\n"
  }

  /// A file's text may hold anything, also what a terminal obeys: control characters become a sign that is as wide.
  private static func shown(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control where scalar == "\t": result += " "
      // Joiners belong to emoji and to some scripts; the other format characters can turn a line around.
      case .format where scalar == "\u{200C}" || scalar == "\u{200D}": result.unicodeScalars.append(scalar)
      case .control, .format, .lineSeparator, .paragraphSeparator: result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func annotation(_ finding: CheckFinding, of path: String, isError: Bool) -> String {
    let kind = isError ? "error" : "warning"
    let place = "file=\(escapedProperty(path)),line=\(finding.line),col=\(finding.column)"
    return "::\(kind) \(place)::\(escaped(finding.message))\n"
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      default: String(scalar)
      }
    }.joined()
  }

  private static func escapedProperty(_ text: String) -> String {
    escaped(text).unicodeScalars.map { $0 == ":" ? "%3A" : $0 == "," ? "%2C" : String($0) }.joined()
  }

  private static func json(_ file: CheckedFile) -> String {
    var members = [#""path":"# + JSONText.quoted(file.path), #""ok":\#(file.isReadable)"#]
    if let content = file.content {
      members.append(#""data":"# + content.frontMatter.taggedJSON)
      members.append(#""content":{"sha256":"\#(content.bodyDigest)","length":\#(content.bodyLength)}"#)
    }
    if let finding = file.finding {
      let value =
        #"{"message":\#(JSONText.quoted(finding.message)),"line":\#(finding.line),"column":\#(finding.column)}"#
      members.append("\"\(file.isReadable ? "warning" : "error")\":" + value)
    }
    return "{" + members.joined(separator: ",") + "}\n"
  }
}
