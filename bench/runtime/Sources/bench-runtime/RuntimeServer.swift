import Glibc

/// Lambda's Runtime API for one runtime at a time: blocking, with a clock read right before it sends and right
/// after it has received, so that its own work isn't counted.
///
/// (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html)
final class RuntimeServer {
  /// For `AWS_LAMBDA_RUNTIME_API`.
  let address: String
  private let listener: Int32

  init() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    guard isListening else { throw Failure("no port of 127.0.0.1 can be listened on") }
    self.listener = listener
    address = "127.0.0.1:\(UInt16(bigEndian: name.sin_port))"
    limitWaits(of: listener)
  }

  deinit { close(listener) }

  /// The next connection.
  func accept() throws -> RuntimeConnection {
    let descriptor = Glibc.accept(listener, nil, nil)
    guard descriptor >= 0 else { throw Failure("the runtime didn't connect within \(patience) s") }
    return RuntimeConnection(descriptor)
  }
}

/// A runtime's connection to the server.
final class RuntimeConnection {
  /// A request, and when its last byte was here.
  struct Request {
    let path: String
    let body: ArraySlice<UInt8>
    let time: Double
    /// For a message about a request that wasn't expected.
    var description: String { "\(path) \(String(decoding: body.prefix(500), as: UTF8.self))" }
    var isNext: Bool { path.hasSuffix("/invocation/next") }
  }

  private let descriptor: Int32
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)

  fileprivate init(_ descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    limitWaits(of: descriptor)
  }

  deinit { close(descriptor) }

  /// Sends the bytes, and returns the time just before.
  func send(_ bytes: [UInt8]) throws -> Double {
    let start = seconds()
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure("the runtime closed its connection") }
      rest = rest.dropFirst(count)
    }
    return start
  }

  /// Waits for a whole request; nil where the connection was closed instead.
  func receive() throws -> Request? {
    var filled = 0
    var bodyRange: Range<Int>?
    while true {
      let count = buffer.withUnsafeMutableBytes {
        let room = $0[filled...]
        return recv(descriptor, UnsafeMutableRawBufferPointer(rebasing: room).baseAddress, room.count, 0)
      }
      let time = seconds()
      if count == 0, filled == 0 { return nil }
      guard count > 0 else { throw Failure("no whole request came within \(patience) s") }
      filled += count
      if bodyRange == nil { bodyRange = findBody(in: buffer[..<filled]) }
      if let bodyRange, bodyRange.upperBound == filled {
        let line = String(decoding: buffer.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        let path = line.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        return Request(path: path, body: buffer[bodyRange], time: time)
      }
    }
  }
}

/// Where the body of the request is that these bytes begin, come or to come; nil while the header isn't complete.
private func findBody(in bytes: ArraySlice<UInt8>) -> Range<Int>? {
  var lineStart = bytes.startIndex
  var bodyLength = 0
  while let lineEnd = bytes[lineStart...].firstIndex(of: UInt8(ascii: "\n")) {
    let line = bytes[lineStart...lineEnd]
    if line.count <= 2 { return lineEnd + 1..<lineEnd + 1 + bodyLength }
    let parts = String(decoding: line, as: UTF8.self).lowercased().split(separator: ":")
    if parts.first == "content-length", let number = parts.last {
      bodyLength = Int(number.filter(\.isNumber)) ?? 0
    }
    lineStart = lineEnd + 1
  }
  return nil
}

/// Seconds after which a runtime is taken for hung.
private let patience = 30

private func limitWaits(of descriptor: Int32) {
  var limit = timeval(tv_sec: patience, tv_usec: 0)
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
}
