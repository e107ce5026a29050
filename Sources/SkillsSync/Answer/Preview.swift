/// What a run would do, for a person to look at before it is done.
public struct Preview: Sendable {
  /// The difference as git shows it; empty if there is none.
  public var diff = ""
  /// What is left alone, and why: one line each.
  public var remarks: [String] = []

  /// The difference and the remarks.
  ///
  /// - Parameter nothing: what is said in place of an empty difference.
  public func text(nothing: String) -> String {
    ([diff.isEmpty ? nothing : diff] + remarks).joined(separator: "\n")
  }
}
