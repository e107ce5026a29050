import Glibc
import LambdaRuntime
import Logging

// The least that a function over LambdaRuntime can be: it answers with its event.

guard let address = getenv("AWS_LAMBDA_RUNTIME_API") else { exit(64) }
exit(
  await run(
    runtimeAPI: String(cString: address), logger: Logger(label: "noop") { _ in JSONLogHandler() }
  ) {
    $0.payload
  })
