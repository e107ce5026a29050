/// What has arrived of one answer; libcurl's callbacks fill it.
///
/// A class, so that the callbacks get at it through a pointer; it lives as long as `Client.send` runs.
final class Transfer {
  /// Why a callback stopped the transfer.
  enum Refusal {
    case tooLarge
    case malformedHeader
  }

  /// RFC 9110 leaves the limit to the receiver; common servers take 8 to 64 KiB.
  static let maximumHeaderBytes = 65_536

  private(set) var headers: Headers = [:]
  private(set) var body: [UInt8] = []
  private(set) var refusal: Refusal?
  /// Whether a byte of the answer has come.
  private(set) var hasBegun = false

  private var headerBytes = 0
  private let maximumBodyBytes: Int

  init(maximumBodyBytes: Int) {
    self.maximumBodyBytes = maximumBodyBytes
  }

  /// Takes a piece of the body; false to stop the transfer.
  func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard body.count + bytes.count <= maximumBodyBytes else { return refuse(.tooLarge) }
    if body.isEmpty, let length = headers["Content-Length"].flatMap({ Int($0) }) {
      // Grown piece by piece, it would be moved several times. What a server says is taken up to the bound only.
      body.reserveCapacity(min(max(length, 0), maximumBodyBytes))
    }
    body.append(contentsOf: bytes)
    return true
  }

  /// Takes one complete line of the header, its line break included; false to stop the transfer.
  func receiveHeaderLine(_ bytes: UnsafeRawBufferPointer) -> Bool {
    hasBegun = true
    headerBytes += bytes.count
    guard headerBytes <= Self.maximumHeaderBytes else { return refuse(.tooLarge) }
    let line = trimmed(bytes[...])
    if line.isEmpty { return true }
    if line.starts(with: "HTTP/".utf8) {
      // A status line. After an interim answer (100 Continue) another follows: only the last counts.
      headers = [:]
      return true
    }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
      return refuse(.malformedHeader)
    }
    headers.append(
      String(decoding: line[..<colon], as: UTF8.self),
      String(decoding: trimmed(line[(colon + 1)...]), as: UTF8.self))
    return true
  }

  private func refuse(_ reason: Refusal) -> Bool {
    refusal = reason
    return false
  }
}

/// Without the spaces, tabs and line breaks at either end.
private func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
  let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
  var rest = bytes.drop(while: isBlank)
  while let last = rest.last, isBlank(last) { rest.removeLast() }
  return rest
}
