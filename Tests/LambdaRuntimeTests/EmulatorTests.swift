import Foundation
import HTTP
import Testing

/// The loop under AWS's own Runtime Interface Emulator, whose path is `TEST_RIE`.
@Suite(.serialized) struct EmulatorTests {
  private static func emulator() throws -> String {
    try #require(ProcessInfo.processInfo.environment["TEST_RIE"], "run `make test`: it fetches the emulator")
  }

  /// An emulator that starts `lambda-echo`, and the URL at which it takes events.
  private func start(_ environment: [String: String] = [:]) throws -> (process: ChildProcess, url: String) {
    let (first, port) = listeningSocket()
    let (second, apiPort) = listeningSocket()
    close(first)
    close(second)
    let process = try ChildProcess(
      Self.emulator(),
      [
        "--runtime-interface-emulator-address", "127.0.0.1:\(port)", "--runtime-api-address",
        "127.0.0.1:\(apiPort)", ChildProcess.echo,
      ],
      environment: environment)
    return (process, "http://127.0.0.1:\(port)/2015-03-31/functions/function/invocations")
  }

  /// Sends an event as soon as the emulator listens, and returns the answer.
  private func invoke(_ url: String, _ event: [UInt8]) throws -> Response {
    let client = Client(maximumResponseBytes: 8 << 20)
    var answer: Response?
    try eventually {
      do {
        answer = try client.send(Request(.post, url, body: event, timeout: .seconds(20)))
      } catch let error as HTTPError where error.code == .connection {}
      return answer != nil
    }
    return try #require(answer)
  }

  @Test func eventsComeBackOneAfterTheOther() throws {
    let (process, url) = try start()
    for number in 0..<50 {
      let event = Array(#"{"number":\#(number),"text":"é\n"}"#.utf8)
      #expect(try invoke(url, event).body == event)
    }
    #expect(!process.output.contains("number"), "the payload is in the log")
  }

  @Test func anEventOfSixMegabytesComesBackWhole() throws {
    let (process, url) = try start()
    let event = Array("\"\(String(repeating: "0123456789abcdef", count: 6 * 65_536 - 1))\"".utf8)
    #expect(try invoke(url, event).body == event)
    #expect(kill(process.pid, 0) == 0)
  }

  @Test func errorsAreReportedAndTheFunctionLivesOn() throws {
    let (process, url) = try start()
    let refusal = String(decoding: try invoke(url, Array("refuse".utf8)).body, as: UTF8.self)
    #expect(refusal == #"{"errorType":"Function.Refused","errorMessage":"no \"thanks\""}"#)
    let surprise = String(decoding: try invoke(url, Array("surprise".utf8)).body, as: UTF8.self)
    #expect(surprise.contains("Function.Surprise"))
    #expect(!surprise.contains("hunter2"))
    let large = String(decoding: try invoke(url, Array("size 6291557".utf8)).body, as: UTF8.self)
    #expect(large.contains("Lambda takes at most 6291556 (6 MB)"))
    #expect(try invoke(url, Array("size 6291556".utf8)).body.count == 6_291_556)
    #expect(try invoke(url, Array("5".utf8)).body == Array("5".utf8))
    #expect(!process.output.contains("hunter2"))
  }

  @Test func aFunctionThatCannotStartIsReported() throws {
    let (process, url) = try start(["ECHO_REFUSES_TO_START": "GITHUB_REPO is not set"])
    let answer = String(decoding: try invoke(url, Array("1".utf8)).body, as: UTF8.self)
    #expect(
      answer == #"{"errorType":"Function.Refused","errorMessage":"GITHUB_REPO is not set"}"#,
      "\(process.output)")
  }
}
