import Foundation
import Synchronization

/// A TCP proxy before a server on this machine: counts round trips, and on demand is slow or cuts every connection.
package final class LoopbackProxy {
  /// Its port on 127.0.0.1.
  package let port: Int
  private let line = Line()
  private let listener: CInt

  /// A proxy for the server at `serverPort` of 127.0.0.1.
  package init(to serverPort: Int) throws {
    (listener, port) = try listeningSocket()
    let (listener, line) = (listener, line)
    Thread.detachNewThread {
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        line.state.withLock { $0.connections += 1 }
        Thread.detachNewThread { relay(client, to: serverPort, line) }
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// How many round trips there were so far, on all connections: how often the client began to speak after the server had.
  package var roundTrips: Int { line.state.withLock(\.roundTrips) }

  /// How many connections were made so far.
  package var connections: Int { line.state.withLock(\.connections) }

  /// Lets so many bytes more through, of all connections and both directions; then it cuts those, and each new one at once.
  package func cut(after bytes: Int) { line.state.withLock { $0.allowance = bytes } }

  /// Holds each piece up for so many microseconds.
  package func slowDown(by microseconds: UInt32) { line.state.withLock { $0.delay = microseconds } }

  /// Neither slow nor cut any more.
  package func mend() {
    line.state.withLock {
      $0.allowance = nil
      $0.delay = 0
    }
  }
}

/// What all connections of a proxy share.
private final class Line: Sendable {
  struct State {
    var roundTrips = 0
    var connections = 0
    var allowance: Int?
    var delay: UInt32 = 0
  }

  let state = Mutex(State())

  /// How many of `count` bytes may pass, after they were held up for as long as they are to be.
  func admit(_ count: Int) -> Int {
    let delay = state.withLock(\.delay)
    if delay > 0 { usleep(delay) }
    return state.withLock { state in
      guard let allowance = state.allowance else { return count }
      let admitted = min(count, allowance)
      state.allowance = allowance - admitted
      return admitted
    }
  }
}

private func relay(_ client: CInt, to port: Int, _ line: Line) {
  let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = UInt16(port).bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  let size = socklen_t(MemoryLayout<sockaddr_in>.size)
  defer {
    close(client)
    close(server)
  }
  let isConnected = withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(server, $0, size) == 0 }
  }
  guard isConnected else { return }
  var clientSpeaks = false
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while true {
    var sockets = [
      pollfd(fd: client, events: Int16(POLLIN), revents: 0),
      pollfd(fd: server, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&sockets, 2, -1) > 0 else { return }
    // The server's word first: what it said was said before the client's answer.
    for (from, to) in [(1, 0), (0, 1)] where sockets[from].revents != 0 {
      let count = recv(sockets[from].fd, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      if from == 0, !clientSpeaks { line.state.withLock { $0.roundTrips += 1 } }
      clientSpeaks = from == 0
      let admitted = line.admit(count)
      var sent = 0
      while sent < admitted {
        let done = buffer[sent..<admitted].withUnsafeBytes {
          send(sockets[to].fd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard done > 0 else { return }
        sent += done
      }
      guard admitted == count else { return }
    }
  }
}
