import Foundation
import Testing

/// The loop as a process of its own: signals, exit statuses, the environment.
@Suite struct ProcessTests {
  private func start(_ api: RuntimeServer, _ more: [String: String] = [:]) throws -> ChildProcess {
    try ChildProcess(
      ChildProcess.echo,
      environment: more.merging(["AWS_LAMBDA_RUNTIME_API": api.server.address]) { $1 })
  }

  @Test func sigtermWhileWaitingEndsTheProcessAtOnce() throws {
    let api = RuntimeServer(next: [])
    let echo = try start(api)
    #expect(eventually { api.nexts.count == 1 })
    let start = ContinuousClock.now
    kill(echo.pid, SIGTERM)
    #expect(echo.exitStatus() == 0)
    // Lambda leaves 500 ms between SIGTERM and SIGKILL to a function with an internal extension.
    #expect(ContinuousClock.now - start < .milliseconds(500))
    #expect(echo.output.contains("told to end"))
  }

  @Test func sigtermWhileTheHandlerRunsLetsItAnswerFirst() throws {
    let gate = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: gate) }
    let api = RuntimeServer(next: [invocation("wait \(gate.path)"), invocation("never")])
    let echo = try start(api)
    #expect(eventually { echo.output.contains("waiting") })
    kill(echo.pid, SIGTERM)
    #expect(echo.exitStatus(within: .milliseconds(300)) == nil)
    #expect(api.posts.isEmpty)
    try Data().write(to: gate)
    #expect(echo.exitStatus() == 0)
    #expect(api.outcomes == ["response"])
    #expect(api.nexts.count == 1)
  }

  @Test func aFunctionThatCannotStartSaysWhyAndExits() throws {
    let api = RuntimeServer(next: [])
    let echo = try start(api, ["ECHO_REFUSES_TO_START": "DATABASE_URL is not set"])
    #expect(echo.exitStatus() == 1)
    let post = try #require(api.posts.first)
    #expect(post.path == "/2018-06-01/runtime/init/error")
    #expect(post.headers["lambda-runtime-function-error-type"] == "Function.Refused")
    #expect(post.text == #"{"errorType":"Function.Refused","errorMessage":"DATABASE_URL is not set"}"#)
    #expect(api.nexts.isEmpty)
    #expect(echo.output.contains("the function can't start: DATABASE_URL is not set"))
  }

  @Test func aProxyInTheEnvironmentIsNotForTheRuntimeAPI() throws {
    let proxy = ScriptedServer { _ in .answer(500) }
    defer { proxy.stop() }
    let api = RuntimeServer(next: [invocation("one")])
    let echo = try start(api, ["http_proxy": proxy.url, "all_proxy": proxy.url, "ALL_PROXY": proxy.url])
    #expect(eventually { api.nexts.count == 2 })
    kill(echo.pid, SIGTERM)
    #expect(echo.exitStatus() == 0)
    #expect(api.posts.map(\.text) == ["one"])
    #expect(proxy.requests.isEmpty)
  }

  @Test func aRuntimeAPIThatIsNotThereEndsTheProcess() throws {
    let (socket, port) = listeningSocket()
    close(socket)
    let echo = try ChildProcess(
      ChildProcess.echo, environment: ["AWS_LAMBDA_RUNTIME_API": "127.0.0.1:\(port)"])
    #expect(echo.exitStatus() == 1)
    let lines = echo.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.last?.contains("failed 3 times in a row, ending") == true)
  }
}
