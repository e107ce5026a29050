/// A node of the front matter with the bytes it was read from.
///
/// js-yaml learns that a node is a mapping only after its first key; a tree can be turned around there, a stream of
/// events could not. All offsets are the file's.
struct Node {
  /// From the first property (tag, anchor) or the content to the content's end; empty where nothing is written.
  var range: Range<Int>
  /// Where the content begins, after properties.
  var start: Int
  /// The tag as written, with its handle resolved; nil where there is none.
  var tag: String?
  var anchor: String?
  var content: Content
  /// What an alias to this node reads as, where upstream's parser doesn't give it the node's own value.
  var standIn: StandIn?

  indirect enum Content {
    /// Nothing is written.
    case empty
    case scalar(String, ScalarStyle)
    case alias(String)
    case list([Item], CollectionStyle)
    case map([Pair], CollectionStyle)
    /// Properties on a line of their own, and the node under them that has already become a value.
    case under(Node)
  }

  /// An element of a list: in block style with the offset of its dash.
  struct Item {
    var dash: Int
    var node: Node

    var end: Int { node.range.isEmpty ? Swift.max(dash + 1, node.range.upperBound) : node.range.upperBound }
  }

  /// A key and its value.
  struct Pair {
    var key: Node
    /// The offset after the colon; nil where there is none (`{a}`, or an explicit key alone).
    var afterColon: Int?
    var value: Node
    /// Whether the key was written with `?`.
    var isExplicit: Bool

    var end: Int { Swift.max(key.range.upperBound, afterColon ?? 0, value.range.upperBound) }
  }

  enum ScalarStyle { case plain, single, double, literal, folded }
  /// `pair` is `[a: b]`: a map without braces within a flow list.
  enum CollectionStyle { case block, flow, pair }
  enum StandIn { case emptyList, emptyMap }

  static func empty(at offset: Int) -> Node {
    Node(range: offset..<offset, start: offset, content: .empty)
  }

  var isEmpty: Bool { if case .empty = content { true } else { false } }
}
