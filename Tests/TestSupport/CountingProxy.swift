import Foundation
import Synchronization

/// A TCP proxy before the database that counts round trips: how often the client began to speak after the server had.
package final class CountingProxy {
  /// Its port on 127.0.0.1.
  package let port: Int
  private let counter = Counter()
  private let listener: CInt

  private final class Counter: Sendable {
    let roundTrips = Atomic<Int>(0)
  }

  /// A proxy for the server at `serverPort` of 127.0.0.1.
  package init(to serverPort: Int) throws {
    (listener, port) = try listeningSocket()
    let (listener, counter) = (listener, counter)
    Thread.detachNewThread {
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        Thread.detachNewThread {
          relay(client, to: serverPort) { counter.roundTrips.add(1, ordering: .relaxed) }
        }
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// How many there were so far, on all connections.
  package var roundTrips: Int { counter.roundTrips.load(ordering: .relaxed) }
}

private func relay(_ client: CInt, to port: Int, _ roundTrip: @Sendable () -> Void) {
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
      if from == 0, !clientSpeaks { roundTrip() }
      clientSpeaks = from == 0
      var sent = 0
      while sent < count {
        let done = buffer[sent..<count].withUnsafeBytes {
          send(sockets[to].fd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard done > 0 else { return }
        sent += done
      }
    }
  }
}
