import Logging

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Runs a function under Lambda until the process is to end.
///
///     let logger = Logger(label: "function") { _ in JSONLogHandler() }
///     exit(
///       await run(runtimeAPI: address, logger: logger) {
///         try Settings(environment)
///       } handler: { settings, invocation in
///         try await answer(invocation.payload, settings)
///       })
///
/// An error that `initialize` throws is posted to `/runtime/init/error`; one that `handler` throws becomes
/// that invocation's answer. SIGTERM ends the process between invocations: at once while none is running,
/// else when the running one has its answer. Takes SIGTERM over for the whole process.
///
/// - Parameters:
///   - runtimeAPI: the value of `AWS_LAMBDA_RUNTIME_API`.
///   - logger: for what happens between the runtime and Lambda; payloads are never logged.
///   - initialize: what has to be done once, before the first invocation.
///   - handler: answers one invocation; called for one at a time.
/// - Returns: the exit status for the process: 0 after SIGTERM, else 1.
public func run<Context>(
  runtimeAPI: String,
  logger: Logger,
  initialize: () async throws -> Context,
  handler: (Context, Invocation) async throws -> [UInt8]
) async -> Int32 {
  let client = RuntimeClient(address: runtimeAPI, interruption: Termination.descriptor())
  let context: Context
  do {
    context = try await initialize()
  } catch {
    let report = ErrorReport(error)
    logger.critical("the function can't start: \(report.message)", metadata: ["errorType": "\(report.type)"])
    do { try client.initializationError(report) } catch {
      logger.error("the reason couldn't be reported to Lambda: \(error)")
    }
    return 1
  }
  return await runLoop(client, logger: logger) { try await handler(context, $0) }
}

/// Runs a function that has nothing to prepare; see the other form.
public func run(
  runtimeAPI: String, logger: Logger, handler: (Invocation) async throws -> [UInt8]
) async -> Int32 {
  await run(runtimeAPI: runtimeAPI, logger: logger, initialize: {}, handler: { try await handler($1) })
}

/// Takes invocations one after the other until the process is to end, and returns its exit status.
func runLoop(
  _ client: RuntimeClient, logger: Logger, handler: (Invocation) async throws -> [UInt8]
) async -> Int32 {
  var failures = 0
  while true {
    let invocation: Invocation
    do {
      invocation = try client.next()
      failures = 0
    } catch {
      if error.code == .interrupted {
        logger.info("told to end; no invocation is running")
        return 0
      }
      failures += 1
      guard canContinue(after: error, failures: failures, logger) else { return 1 }
      // The invocation is somebody's: an answer now is better than a timeout later.
      if let requestID = error.requestID {
        let report = ErrorReport(type: "Runtime.MalformedInvocation", message: error.message)
        guard deliver(logger, { () throws(RuntimeError) in try client.fail(requestID, with: report) }) else {
          return 1
        }
      }
      continue
    }
    var logger = logger
    logger[metadataKey: "requestId"] = "\(invocation.requestID)"
    announceTrace(invocation.traceID)
    guard await answer(invocation, client, logger, handler) else { return 1 }
  }
}

/// Runs the handler once and posts what came of it; false when the process has to end.
private func answer(
  _ invocation: Invocation, _ client: RuntimeClient, _ logger: Logger,
  _ handler: (Invocation) async throws -> [UInt8]
) async -> Bool {
  let outcome: Result<[UInt8], any Error>
  do { outcome = .success(try await handler(invocation)) } catch { outcome = .failure(error) }
  return deliver(logger) { () throws(RuntimeError) in
    let report: ErrorReport
    switch outcome {
    case .success(let response):
      do throws(RuntimeError) { return try client.respond(to: invocation.requestID, with: response) } catch {
        guard error.code == .responseTooLarge else { throw error }
        // Lambda's own name for it.
        report = ErrorReport(type: "Function.ResponseSizeTooLarge", message: error.message)
      }
    case .failure(let error):
      report = ErrorReport(error)
    }
    logger.error("the invocation failed: \(report.message)", metadata: ["errorType": "\(report.type)"])
    try client.fail(invocation.requestID, with: report)
  }
}

/// Whether to ask for the next invocation after `next` failed; says so in the log.
private func canContinue(after error: RuntimeError, failures: Int, _ logger: Logger) -> Bool {
  if error.code == .status(500) {
    // By the API's documentation: the sandbox can't be used any more, the runtime is to exit promptly.
    logger.critical("\(error): the sandbox is broken, ending")
    return false
  }
  let limit = 3
  guard failures < limit else {
    logger.critical("\(error); failed \(limit) times in a row, ending")
    return false
  }
  logger.warning("\(error); asking again", metadata: ["failures": "\(failures)"])
  return true
}

/// Posts; false when the process has to end.
///
/// A refusal (400: answered before, or too late; 403; 413: too large) concerns that invocation only.
private func deliver(_ logger: Logger, _ post: () throws(RuntimeError) -> Void) -> Bool {
  do {
    try post()
    return true
  } catch {
    if error.code == .status(500) {
      logger.critical("\(error): the sandbox is broken, ending")
      return false
    }
    logger.error("the invocation's answer didn't reach Lambda: \(error)")
    return true
  }
}

/// Sets the variable where X-Ray's libraries look for the running invocation's trace.
private func announceTrace(_ traceID: String?) {
  let name = "_X_AMZN_TRACE_ID"
  if let traceID { setenv(name, traceID, 1) } else { unsetenv(name) }
}
