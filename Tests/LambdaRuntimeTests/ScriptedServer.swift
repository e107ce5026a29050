import Foundation
import Synchronization

/// An HTTP server on 127.0.0.1 that answers as a test tells it to, also in ways that no server should.
///
/// Raw sockets and a thread for each connection: what a library would repair, the tests are about.
final class ScriptedServer: Sendable {
  struct Request: Sendable {
    let method: String
    let path: String
    /// Lower-case names.
    let headers: [String: String]
    let body: [UInt8]
    /// Which connection it came over, counted from 1.
    let connection: Int

    var text: String { String(decoding: body, as: UTF8.self) }
  }

  enum Reply: Sendable {
    case answer(Int, headers: [String: String] = [:], body: [UInt8] = [])
    /// A whole answer that promises to keep the connection, which then is closed.
    case answerThenClose(Int, headers: [String: String] = [:], body: [UInt8] = [])
    /// These bytes, then the connection is closed.
    case raw(String)
    /// These bytes, a pause, those bytes, then the connection is closed.
    case slow(String, pause: Duration, String)
    /// The connection is closed without a byte.
    case hangUp
    /// No answer, ever.
    case stall
  }

  let port: UInt16
  private let listener: Int32
  private let state = Mutex((requests: [Request](), descriptors: [Int32](), closed: 0))
  private let reply: @Sendable (Request) -> Reply

  var address: String { "127.0.0.1:\(port)" }
  var url: String { "http://\(address)" }
  var requests: [Request] { state.withLock { $0.requests } }
  /// How many connections the other side has closed.
  var closedConnections: Int { state.withLock { $0.closed } }

  init(_ reply: @escaping @Sendable (Request) -> Reply) {
    self.reply = reply
    (listener, port) = listeningSocket()
    let listener = listener
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0, let self else { return }
        let number = self.state.withLock {
          $0.descriptors.append(connection)
          return $0.descriptors.count
        }
        Thread.detachNewThread { self.serve(connection, number) }
      }
    }
  }

  /// Ends every wait; the descriptors stay, so that no number is used twice.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    state.withLock { for descriptor in $0.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) } }
  }

  private func serve(_ connection: Int32, _ number: Int) {
    var pending: [UInt8] = []
    while let request = readRequest(connection, number, &pending) {
      state.withLock { $0.requests.append(request) }
      switch reply(request) {
      case .answer(let status, let headers, let body):
        sendAll(connection, head(status, headers, body.count) + body)
        continue
      case .answerThenClose(let status, let headers, let body):
        sendAll(connection, head(status, headers, body.count) + body)
      case .raw(let text): sendAll(connection, Array(text.utf8))
      case .slow(let first, let pause, let second):
        sendAll(connection, Array(first.utf8))
        usleep(UInt32(pause / .microseconds(1)))
        sendAll(connection, Array(second.utf8))
      case .hangUp: break
      case .stall:
        var byte: UInt8 = 0
        _ = recv(connection, &byte, 1, 0)
      }
      shutdown(connection, Int32(SHUT_RDWR))
      return
    }
    state.withLock { $0.closed += 1 }
  }

  private func head(_ status: Int, _ headers: [String: String], _ length: Int) -> [UInt8] {
    let lines = headers.map { "\($0): \($1)\r\n" }.joined()
    return Array("HTTP/1.1 \(status) Scripted\r\nContent-Length: \(length)\r\n\(lines)\r\n".utf8)
  }

  private func readRequest(_ connection: Int32, _ number: Int, _ pending: inout [UInt8]) -> Request? {
    let blank = Array("\r\n\r\n".utf8)
    while pending.firstRange(of: blank) == nil {
      guard receive(connection, &pending) else { return nil }
    }
    guard let end = pending.firstRange(of: blank) else { return nil }
    var lines = String(decoding: pending[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines.removeFirst().components(separatedBy: " ")
    var headers: [String: String] = [:]
    for line in lines {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    while pending.count < end.upperBound + length {
      guard receive(connection, &pending) else { return nil }
    }
    let body = Array(pending[end.upperBound..<(end.upperBound + length)])
    pending.removeFirst(end.upperBound + length)
    return Request(method: words[0], path: words[1], headers: headers, body: body, connection: number)
  }
}

/// A socket that listens on a free port of 127.0.0.1.
func listeningSocket() -> (descriptor: Int32, port: UInt16) {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      precondition(bind(descriptor, $0, size) == 0 && listen(descriptor, 64) == 0)
      getsockname(descriptor, $0, &size)
    }
  }
  return (descriptor, UInt16(bigEndian: address.sin_port))
}

private func receive(_ connection: Int32, _ pending: inout [UInt8]) -> Bool {
  var buffer = [UInt8](repeating: 0, count: 1 << 20)
  let count = recv(connection, &buffer, buffer.count, 0)
  guard count > 0 else { return false }
  pending += buffer[..<count]
  return true
}

private func sendAll(_ connection: Int32, _ bytes: [UInt8]) {
  var sent = 0
  while sent < bytes.count {
    let count = bytes.withUnsafeBytes {
      send(connection, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
    }
    guard count > 0 else { return }
    sent += count
  }
}
