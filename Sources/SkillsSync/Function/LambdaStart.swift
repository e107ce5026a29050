import LambdaRuntime
import Logging

/// Runs a function under Lambda until the process is to end.
///
/// - Parameters:
///   - name: the executable's name.
///   - answer: answers one event.
/// - Returns: the exit status for the process.
public func runInLambda(
  name: String, runtimeAPI: String, answer: (Session, [UInt8], Deadline, Progress) async throws -> [UInt8]
) async -> Int32 {
  let environment = processEnvironment()
  let level = environment["LOG_LEVEL"].flatMap(LogLevel.init(rawValue:)) ?? .info
  var log = Logger(label: name) { _ in JSONLogHandler(logLevel: level.level) }
  log[metadataKey: "function"] = "\(name)"
  let logger = log
  return await run(runtimeAPI: runtimeAPI, logger: logger) {
    do {
      let settings = try Settings(environment: environment, needs: [.database, .repository])
      let session = Session(settings: settings, environment: environment, applicationName: name, log: logger)
      session.metricOutput = .standardOutput
      return session
    } catch {
      throw RunError(error)
    }
  } handler: { session, invocation in
    session.log[metadataKey: "requestId"] = "\(invocation.requestID)"
    return try await answer(
      session, invocation.payload, Deadline(milliseconds: invocation.deadline), Progress(isShown: false))
  }
}
