@testable import HTTP
@testable import LambdaRuntime

extension Target {
  /// The header lines of the Runtime API's answer, as libcurl hands them on: an invocation, or the header that is wrong.
  static let runtimeHeaders = Target(
    name: "runtime-headers",
    seeds: {
      let headers = [
        "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd",
        "Lambda-Runtime-Deadline-Ms: 1542409706888",
        "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-2:123456789012:function:f",
        "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1",
      ]
      return [headers, headers.reversed(), Array(headers[1...]), ["HTTP/1.1 100 Continue", ""] + headers]
        .map { Array($0.joined(separator: "\r\n").utf8) }
    },
    words: [
      "\r\n", ": ", "HTTP/1.1 200 OK\r\n", "lambda-runtime-aws-request-id: ", "LAMBDA-RUNTIME-DEADLINE-MS: ",
      "-1",
      "9223372036854775808", "/../", "%2F", "\t",
    ]
  ) { bytes in
    let transfer = Transfer(maximumBodyBytes: 0)
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let goesOn = Array(line + [UInt8(ascii: "\n")]).withUnsafeBytes(transfer.receiveHeaderLine)
      expect(goesOn == (transfer.refusal == nil), "refused and gone on with")
      if !goesOn { return }
    }
    let answer = Response(status: 200, headers: transfer.headers, body: [])
    do throws(RuntimeError) {
      let invocation = try RuntimeClient(address: "127.0.0.1:9").invocation(in: answer)
      let allowed = "-0123456789abcdefghijklmnopqrstuvwxyz"
      expect(
        (1...128).contains(invocation.requestID.utf8.count)
          && invocation.requestID.lowercased().allSatisfy { allowed.contains($0) },
        "an id that doesn't fit into a URL: \(invocation.requestID)")
      expect(invocation.deadline >= 0, "a deadline before 1970")
    } catch {
      switch error.code {
      case .missingHeader, .malformedHeader: break
      default: fatalError("neither missing nor malformed: \(error)")
      }
    }
  }
}
