import SkillFiles

/// What a skill says, whichever side it is on: the values that are compared, merged and carried across.
///
/// Fields that the application's table has no column for hold their default on both sides, so that they never differ.
public struct SkillValues: Equatable, Sendable {
  /// Without white space at either end.
  public var title: String
  /// Without the white space at either end, and with LF as line ends: neither is ever a change.
  public var body: String
  /// What the skill is about, in the order given.
  public var categories: [String]
  /// How the application ranks it.
  public var tier: String
  /// Who answers for it, the first one first.
  public var owners: [Owner]
  /// What it was made from.
  public var sources: [Source]
  /// Whether it is in use.
  public var active: Bool
  /// What it is about in short, without white space at either end and with LF as line ends; empty where nobody wrote one.
  public var summary: String

  /// The tier of a skill whose file or row names none (the application's default).
  public static let defaultTier = "library"

  /// A skill that says this, with the defaults for what isn't given.
  public init(
    title: String, body: String, categories: [String] = [], tier: String = SkillValues.defaultTier,
    owners: [Owner] = [], sources: [Source] = [], active: Bool = true, summary: String = ""
  ) {
    self.title = title
    self.body = trimmed(body.replacingCRLF)
    self.categories = categories
    self.tier = tier
    self.owners = owners
    self.sources = sources
    self.active = active
    self.summary = trimmed(summary.replacingCRLF)
  }
}

extension SkillValues {
  /// Whether both say the same, texts byte for byte.
  ///
  /// `String`'s own equality takes composed and decomposed accents for one.
  public static func == (one: SkillValues, other: SkillValues) -> Bool {
    hasSameBytes(one.title, other.title) && hasSameBytes(one.body, other.body)
      && hasSameBytes(one.tier, other.tier)
      && one.categories.elementsEqual(other.categories, by: hasSameBytes) && one.owners == other.owners
      && one.sources == other.sources && one.active == other.active
      && hasSameBytes(one.summary, other.summary)
  }
}

extension String {
  /// The text with LF as line ends: a file keeps its own, and browsers send CRLF, and neither is a change.
  fileprivate var replacingCRLF: String {
    guard utf8.contains(UInt8(ascii: "\r")) else { return self }
    // A CRLF is one Character.
    return String(map { $0 == "\r\n" ? "\n" : $0 })
  }
}

/// Whether both texts are the same bytes in UTF-8.
public func hasSameBytes(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }

/// The fields beside title and body that the application's table has a column for.
public struct SyncedFields: OptionSet, Sendable {
  /// One bit a field.
  public let rawValue: Int
  /// The fields whose bits are set.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// `categories`.
  public static let categories = SyncedFields(rawValue: 1)
  /// `tier`.
  public static let tier = SyncedFields(rawValue: 2)
  /// `owners`.
  public static let owners = SyncedFields(rawValue: 4)
  /// `sources`.
  public static let sources = SyncedFields(rawValue: 8)
  /// `active`.
  public static let active = SyncedFields(rawValue: 16)
  /// `summary`, of the application's later form.
  public static let summary = SyncedFields(rawValue: 32)
  /// All of them.
  public static let all: SyncedFields = [.categories, .tier, .owners, .sources, .active, .summary]
}

/// `text` without the white space at either end, as JavaScript's `trim` sees white space, since the application uses that.
public func trimmed(_ text: String) -> String { text.trimmed() }
