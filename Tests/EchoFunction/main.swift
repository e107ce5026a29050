import LambdaRuntime
import Logging

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// A function that answers with its event; a few events make it misbehave, for the runtime's tests.

struct Refused: FunctionError {
  var type: String { "Function.Refused" }
  let message: String
}

struct Surprise: Error {
  let secret: String
}

func variable(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

func handle(_ event: [UInt8], _ logger: Logger) async throws -> [UInt8] {
  let words = String(decoding: event, as: UTF8.self).split(separator: "\"").first?.split(separator: " ") ?? []
  switch words.first {
  case "refuse": throw Refused(message: "no \"thanks\"")
  case "surprise": throw Surprise(secret: "hunter2")
  case "size": return Array(repeating: UInt8(ascii: "7"), count: words.last.flatMap { Int($0) } ?? 0)
  case "wait":
    logger.info("waiting")
    while access(words.last.map(String.init) ?? "/", F_OK) != 0 {
      try await Task.sleep(for: .milliseconds(5))
    }
    return event
  default: return event
  }
}

let logger = Logger(label: "echo") { _ in JSONLogHandler() }
guard let address = variable("AWS_LAMBDA_RUNTIME_API") else {
  logger.critical("AWS_LAMBDA_RUNTIME_API is not set")
  exit(64)
}
exit(
  await run(runtimeAPI: address, logger: logger) {
    if let reason = variable("ECHO_REFUSES_TO_START") { throw Refused(message: reason) }
  } handler: { _, invocation in
    try await handle(invocation.payload, logger)
  })
