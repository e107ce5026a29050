import Subprocess

/// What a running git prints, line by line, as it comes.
final class GitAnswers {
  private var pieces: SubprocessOutputSequence.Iterator
  private var rest: [UInt8] = []

  init(_ output: SubprocessOutputSequence) {
    pieces = output.makeAsyncIterator()
  }

  /// The next line, without its end.
  ///
  /// - Throws: ``GitInput/Closed`` if there is none any more: git ended.
  func next() async throws -> String {
    while true {
      if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        defer { rest.removeFirst(end + 1) }
        return String(decoding: rest[..<end], as: UTF8.self)
      }
      guard let piece = try await pieces.next() else { throw GitInput.Closed() }
      piece.withUnsafeBytes { rest += $0 }
    }
  }
}
