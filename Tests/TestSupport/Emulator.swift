import Foundation
import HTTP

/// AWS's Runtime Interface Emulator with one of the executables in it.
package final class Emulator {
  private let process: Program
  private let url: String
  private let client = Client(proxy: .none, maximumResponseBytes: 8 << 20)

  /// Starts the emulator; it starts the executable with the first invocation.
  package init(_ executable: Executable, in world: World) throws {
    let (port, apiPort) = (try freePort(), try freePort())
    url = "http://127.0.0.1:\(port)/2015-03-31/functions/function/invocations"
    process = try Program(
      [
        try Servers.emulator, "--runtime-interface-emulator-address", "127.0.0.1:\(port)",
        "--runtime-api-address",
        "127.0.0.1:\(apiPort)", "\(Servers.executables)/\(executable.rawValue)",
      ], environment: world.environment)
  }

  deinit {
    // The emulator leaves its child to itself.
    if let child = functionPID { kill(child, SIGKILL) }
  }

  /// The answer to one event.
  package func invoke(_ event: Event) throws -> Finished {
    var answer: Response?
    try eventually(within: .seconds(10)) {
      do {
        answer = try client.send(Request(.post, url, body: Array(event.json.utf8), timeout: .seconds(60)))
      } catch let error as HTTPError where error.code == .connection {}
      return answer != nil
    }
    guard let answer else { throw TestSupportError("the emulator doesn't answer: \(log)") }
    return Finished(
      status: 0, output: String(decoding: answer.body, as: UTF8.self), errors: log)
  }

  /// The process that the emulator runs the executable in; nil before the first invocation and after its end.
  package var functionPID: pid_t? {
    let children = try? String(
      contentsOfFile: "/proc/\(process.pid)/task/\(process.pid)/children", encoding: .utf8)
    if let first = children?.split(separator: " ").first { return pid_t(first) }
    // A child belongs to the thread that started it, which may be another.
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.pid)/task")) ?? []
    for task in tasks {
      let children = try? String(
        contentsOfFile: "/proc/\(process.pid)/task/\(task)/children", encoding: .utf8)
      if let first = children?.split(separator: " ").first { return pid_t(first) }
    }
    return nil
  }

  /// What the emulator and the function wrote so far.
  package var log: String { process.outputSoFar + process.errorsSoFar }
}

/// A port that nobody listens on.
package func freePort() throws -> Int {
  let (descriptor, port) = try listeningSocket()
  close(descriptor)
  return port
}

/// A socket that listens on 127.0.0.1, and its port.
package func listeningSocket() throws -> (descriptor: CInt, port: Int) {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isListening = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
      bind(descriptor, address, length) == 0 && listen(descriptor, 64) == 0
        && getsockname(descriptor, address, &length) == 0
    }
  }
  guard isListening else { throw TestSupportError("can't listen on 127.0.0.1") }
  return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
}
