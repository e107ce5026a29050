import Foundation
import Synchronization

/// An HTTP server that offers an empty repository and then misbehaves.
final class BrokenServer: Sendable {
  enum Fault: Sendable {
    /// Closes the connection when the request after the references comes.
    case afterReferences
    /// Answers that request with a status.
    case status(Int)
    /// Answers it with a remark (`remote: …`) and closes the connection before the rest.
    case remark(String)
    /// Takes every request and never answers.
    case silence
    /// Sends elsewhere from the start.
    case redirect(String)
    /// Answers with the references, and sends elsewhere who then sends anything.
    case redirectAfterReferences(String)
  }

  let url: String
  private let listener: CInt
  private let fault: Fault

  init(_ fault: Fault) throws {
    self.fault = fault
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard bound else { throw Failure(text: "no port to listen at") }
    url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))/open/x.git"
    Thread.detachNewThread { [self] in serve() }
  }

  deinit { close(listener) }

  private func serve() {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { return }
      while answer(connection) {}
      close(connection)
    }
  }

  private func answer(_ connection: CInt) -> Bool {
    var request: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while !String(decoding: request, as: UTF8.self).contains("\r\n\r\n") {
      let count = recv(connection, &piece, piece.count, 0)
      guard count > 0 else { return false }
      request += piece.prefix(count)
    }
    if case .silence = fault {
      while recv(connection, &piece, piece.count, 0) > 0 {}
      return false
    }
    let text = String(decoding: request, as: UTF8.self)
    if case .redirect(let target) = fault {
      let path = text.split(separator: " ")[1].replacingOccurrences(of: "/open/x.git", with: "")
      return send(connection, "302 Found", "Location: \(target)\(path)\r\n", "")
    }
    if text.hasPrefix("GET"), text.contains("receive-pack") {
      let capabilities =
        "\(String(repeating: "0", count: 40)) capabilities^{}\0report-status side-band-64k ofs-delta object-format=sha1\n"
      let line = String(format: "%04x", capabilities.utf8.count + 4) + capabilities
      return send(
        connection, "200 OK", "Content-Type: application/x-git-receive-pack-advertisement\r\n",
        "001f# service=git-receive-pack\n0000\(line)0000")
    }
    if text.hasPrefix("GET") {
      let lines = ["version 2\n", "ls-refs\n", "fetch=shallow filter\n", "object-format=sha1\n"]
      return send(
        connection, "200 OK", "Content-Type: application/x-git-upload-pack-advertisement\r\n",
        "001e# service=git-upload-pack\n0000"
          + lines.map { String(format: "%04x", $0.utf8.count + 4) + $0 }.joined() + "0000")
    }
    if case .redirectAfterReferences(let target) = fault {
      let path = text.split(separator: " ")[1].replacingOccurrences(of: "/open/x.git", with: "")
      return send(connection, "307 Temporary Redirect", "Location: \(target)\(path)\r\n", "")
    }
    if case .status(let status) = fault { return send(connection, "\(status) No", "", "") }
    if case .remark(let remark) = fault {
      _ = send(
        connection, "200 OK", "Content-Type: application/x-git-receive-pack-result\r\n",
        String(format: "%04x\u{2}", remark.utf8.count + 5) + remark, missing: 4)
    }
    return false
  }

  private func send(_ connection: CInt, _ status: String, _ headers: String, _ body: String, missing: Int = 0)
    -> Bool
  {
    let length = body.utf8.count + missing
    let text = "HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(length)\r\n\r\n\(body)"
    let bytes = Array(text.utf8)
    return Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }
}

/// The time that is left, as a test sets it.
final class TimeLeft: Sendable {
  private let duration: Mutex<Duration>

  init(_ duration: Duration) { self.duration = Mutex(duration) }

  var value: Duration { duration.withLock { $0 } }

  func set(_ value: Duration) { duration.withLock { $0 = value } }
}
