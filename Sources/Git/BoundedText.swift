/// The beginning and the end of what a process wrote to its standard error: what a server says first is
/// the reason, what git says last is the failure, and a hook may print without end between them.
struct BoundedText: Sendable {
  private static let half = 32_768
  private var head: [UInt8] = []
  private var tail: [UInt8] = []
  private var omitted = false

  mutating func append(_ bytes: [UInt8]) {
    let room = Self.half - head.count
    head += bytes.prefix(room)
    tail += bytes.dropFirst(room)
    if tail.count > Self.half {
      tail.removeFirst(tail.count - Self.half)
      omitted = true
    }
  }

  var text: String {
    String(decoding: omitted ? head + Array("\n…\n".utf8) + tail : head + tail, as: UTF8.self)
  }
}
