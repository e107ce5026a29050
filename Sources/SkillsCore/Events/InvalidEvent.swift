/// An event that none of the accepted shapes fits, or that asks for something unknown.
///
/// Repeating it can't help.
public struct InvalidEvent: Error, Equatable, CustomStringConvertible {
  /// What is wrong and what is accepted.
  public let description: String
  /// A refusal, told in a sentence.
  public init(_ description: String) { self.description = description }
}
