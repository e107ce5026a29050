import Foundation
import LambdaRuntime
import Synchronization

/// A Runtime API with a script: what `next` answers, call by call, and what posts answer.
///
/// When the script for `next` has run out, the loop is told to end, as by SIGTERM.
final class RuntimeServer: Sendable {
  typealias Reply = ScriptedServer.Reply

  let server: ScriptedServer
  /// Readable once the script has run out.
  let interruption: Int32

  init(next: [Reply], posts: [Reply] = []) {
    var ends: [Int32] = [0, 0]
    precondition(pipe(&ends) == 0)
    interruption = ends[0]
    let script = Script(next: next, posts: posts, end: ends[1])
    server = ScriptedServer { script.reply(to: $0) }
  }

  deinit { server.stop() }

  func client(postTimeout: Duration = .seconds(10)) -> RuntimeClient {
    RuntimeClient(address: server.address, interruption: interruption, postTimeout: postTimeout)
  }

  var posts: [ScriptedServer.Request] { server.requests.filter { $0.method == "POST" } }
  var nexts: [ScriptedServer.Request] { server.requests.filter { $0.method == "GET" } }
  /// The last part of each post's path: `response` or `error`.
  var outcomes: [String] { posts.map { String($0.path.split(separator: "/").last ?? "") } }

  private final class Script: Sendable {
    private let replies: Mutex<(next: [Reply], posts: [Reply])>
    private let end: Int32

    init(next: [Reply], posts: [Reply], end: Int32) {
      replies = Mutex((next, posts))
      self.end = end
    }

    func reply(to request: ScriptedServer.Request) -> Reply {
      if request.method == "POST" {
        return replies.withLock { $0.posts.isEmpty ? .answer(202) : $0.posts.removeFirst() }
      }
      guard let reply = replies.withLock({ $0.next.isEmpty ? nil : $0.next.removeFirst() }) else {
        _ = write(end, "!", 1)
        return .stall
      }
      return reply
    }
  }
}

/// The headers of an invocation; `nil` leaves one out.
func invocationHeaders(
  id: String? = "8476a536-e9f4-11e8-9739-2dfe598c3fcd", deadline: String? = "32503680000000",
  trace: String? = nil
) -> [String: String] {
  var headers = ["Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-2:123456789012:function:echo"]
  headers["Lambda-Runtime-Aws-Request-Id"] = id
  headers["Lambda-Runtime-Deadline-Ms"] = deadline
  headers["Lambda-Runtime-Trace-Id"] = trace
  return headers
}

/// An invocation as the Runtime API hands it over.
func invocation(_ payload: String, id: String = "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
  -> ScriptedServer.Reply
{
  .answer(200, headers: invocationHeaders(id: id), body: Array(payload.utf8))
}
