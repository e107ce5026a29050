import Subprocess

/// The standard input of a running git, written in pieces of a pipe's size.
final class GitInput {
  /// git doesn't read any more: it ended.
  struct Closed: Error {}

  private static let pieceSize = 65_536
  private let writer: StandardInputWriter
  private var buffer: [UInt8] = []

  init(writer: StandardInputWriter) {
    self.writer = writer
  }

  func write(_ text: String) async throws {
    try await write(Array(text.utf8))
  }

  func write(_ bytes: [UInt8]) async throws {
    buffer += bytes
    if buffer.count >= Self.pieceSize { try await flush() }
  }

  /// Nothing more comes.
  func finish() async throws {
    try await flush()
    try? await writer.finish()
  }

  /// Hands over what was written so far.
  func flush() async throws {
    let piece = buffer
    buffer.removeAll(keepingCapacity: true)
    guard !piece.isEmpty else { return }
    guard let written = try? await writer.write(piece), written == piece.count else { throw Closed() }
  }
}
