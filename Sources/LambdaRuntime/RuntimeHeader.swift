/// The header names of Lambda's Runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
enum RuntimeHeader {
  static let requestID = "Lambda-Runtime-Aws-Request-Id"
  static let deadline = "Lambda-Runtime-Deadline-Ms"
  static let invokedFunctionARN = "Lambda-Runtime-Invoked-Function-Arn"
  static let traceID = "Lambda-Runtime-Trace-Id"
  static let errorType = "Lambda-Runtime-Function-Error-Type"
}
