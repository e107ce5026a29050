/// A runtime that runs and waits for its next event.
final class Runtime {
  private let program: Program
  private let server: RuntimeServer
  private let child: Child
  private var connection: RuntimeConnection

  /// From before its process was made until its first `next` was here, in seconds.
  let coldStart: Double
  /// The processor's time for that, in seconds.
  let coldStartProcessorTime: Double

  /// Starts the program and waits for its first `next`.
  init(_ program: Program, _ server: RuntimeServer) throws {
    self.program = program
    self.server = server
    var environment = program.environment
    environment["AWS_LAMBDA_RUNTIME_API"] = server.address
    let start = seconds()
    child = try Child(program.arguments, environment: environment)
    connection = try server.accept()
    let first = try connection.receive()
    coldStart = (first?.time ?? 0) - start
    coldStartProcessorTime = child.processorTime
    guard first?.isNext == true else {
      throw Failure("\(program.name) didn't start: it sent \(first?.description ?? "nothing")")
    }
  }

  /// The most memory that it has had so far, in bytes.
  func peakMemory() throws -> Int { try child.peakMemory() }

  /// Hands over an event, takes the answer and waits for the next `next`.
  ///
  /// - Returns: the runtime's part of that time, in seconds: from the event to the answer, and from "accepted" to
  ///   `next`.
  func invoke(_ event: Event) throws -> Double {
    let handedOver = try connection.send(event.message)
    let answer = try receive()
    guard answer.path.hasSuffix("/\(event.requestID)/response") else {
      throw Failure("\(program.name) failed an invocation: it sent \(answer.description)")
    }
    let accepted = try connection.send(acceptance)
    let next = try receive()
    guard next.isNext else { throw Failure("\(program.name) sent \(next.description) in place of `next`") }
    return answer.time - handedOver + next.time - accepted
  }

  private func receive() throws -> RuntimeConnection.Request {
    while true {
      if let request = try connection.receive() { return request }
      // Some clients make a connection for each request.
      connection = try server.accept()
    }
  }
}

/// An event as the Runtime API hands it over.
struct Event {
  let requestID = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"
  let message: [UInt8]

  /// An event with this JSON.
  init(_ json: String) {
    let header = """
      HTTP/1.1 200 OK\r
      Content-Type: application/json\r
      Lambda-Runtime-Aws-Request-Id: \(requestID)\r
      Lambda-Runtime-Deadline-Ms: 32503680000000\r
      Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:123456789012:function:bench\r
      Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1\r
      Content-Length: \(json.utf8.count)\r
      \r

      """
    message = Array((header + json).utf8)
  }

  /// Saved skills, as many as make about so many bytes.
  init(bytes: Int) {
    var json = ""
    var number = 0
    while json.utf8.count < bytes - 50 {
      json += (json.isEmpty ? "[" : ",") + #"{"skillId":"skill-\#(1_000_000 + number)","operation":"update"}"#
      number += 1
    }
    self.init(json + "]")
  }
}

/// How the Runtime API answers a response.
private let acceptance = Array(
  "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}\n"
    .utf8)
