/// A program that is measured.
struct Program {
  /// What it is called on the command line and in JSON.
  let name: String
  /// What it is called in tables.
  let label: String
  /// Its path, absolute, and its arguments.
  let arguments: [String]
  /// Its environment, but for the Runtime API's address.
  let environment: [String: String]
  /// What of it is uploaded, compressed, in bytes; without the language's own installation.
  let size: Int
  /// An event that it answers without anything else than itself.
  let noop: Event
  /// Whether it answers any event, with that event.
  let isEcho: Bool
}

extension Program {
  /// A program as the command line gives it: `NAME=PATH:SIZE`.
  init(argument: String) throws {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let colon = parts[1].lastIndex(of: ":"),
      let size = Int(parts[1][parts[1].index(after: colon)...])
    else { throw Failure("not NAME=PATH:SIZE: \(argument)") }
    try self.init(name: parts[0], path: String(parts[1][..<colon]), size: size)
  }

  private init(name: String, path: String, size: Int) throws {
    // As Lambda has it, and what each client can't do without.
    let lambda = [
      "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/bin", "LANG": "en_US.UTF-8", "TZ": ":UTC",
      "AWS_LAMBDA_FUNCTION_NAME": "bench", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
      "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_REGION": "eu-west-1",
      "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/bench", "AWS_LAMBDA_LOG_STREAM_NAME": "bench",
    ]
    let settings = [
      "DATABASE_URL": "postgresql://bench:bench@127.0.0.1:1/bench?schema=public",
      "GITHUB_REPO": "owner/name", "GITHUB_TOKEN": "bench", "GITHUB_WEBHOOK_SECRET": "bench",
    ]
    let echo = Event(bytes: 1_024)
    switch name {
    case "floor":
      self.init(
        name: name, label: "floor: C over libcurl", arguments: [path], environment: lambda, size: size,
        noop: echo, isEcho: true)
    case "noop":
      self.init(
        name: name, label: "LambdaRuntime", arguments: [path], environment: lambda, size: size, noop: echo,
        isEcho: true)
    case "skills-to-git", "git-to-skills":
      // A batch of one message that asks for nothing sensible: answered without a database.
      let batch = Event(#"{"Records":[{"messageId":"1","eventSource":"aws:sqs","body":"{}"}]}"#)
      self.init(
        name: name, label: name, arguments: [path], environment: lambda.merging(settings) { $1 }, size: size,
        noop: batch, isEcho: false)
    case "awslambdaric":
      let python = ["PYTHONPATH": "\(path)/packages:\(path)", "LAMBDA_TASK_ROOT": path]
      self.init(
        name: name, label: "awslambdaric, Python",
        arguments: ["\(path)/python", "-m", "awslambdaric", "handler.handle"],
        environment: lambda.merging(python) { $1 }, size: size, noop: echo, isEcho: true)
    default: throw Failure("no program is called \(name)")
    }
  }
}
