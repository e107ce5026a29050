import ArgumentParser
import LambdaRuntime
import Logging
import SkillsCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How long a command of a person may take, in seconds: a first export or import of everything too.
private let commandTime: Int64 = 900

/// What the commands of both executables have in common: settings from the environment, the result on standard output, logs
/// on standard error, and the exit status 0, 1 (failed, with `{"errorType","errorMessage"}` on standard output) or 64 (usage).
public struct CommandRun {
  /// The process's variables.
  public let environment: [String: String]
  /// When it must have ended.
  public let deadline: Deadline
  /// What shows how far it is.
  public let progress: Progress

  /// A command that begins now.
  public init() {
    environment = processEnvironment()
    deadline = .after(seconds: commandTime)
    progress = .onTerminal()
  }

  /// Runs a command and ends the process.
  /// - Parameter body: returns what is printed on standard output.
  public static func run(_ body: (CommandRun) async throws -> String) async throws {
    let command = CommandRun()
    do {
      let output = try await body(command)
      if !output.isEmpty { write(output.hasSuffix("\n") ? output : output + "\n") }
    } catch {
      command.progress.finish()
      let error = RunError(error)
      // Programs read standard output; a person who looks at it reads the sentence.
      if isatty(1) == 0 {
        write(try JSON.text(["errorType": error.type, "errorMessage": error.message]) + "\n")
      }
      if isatty(2) == 1 { StandardStream.write("error: \(error.message)\n") }
      throw ExitCode(1)
    }
  }

  /// A session with the settings that `needs` asks for.
  ///
  /// - Parameter isEvent: whether it is for an event; a command has a summary of what was done, and no line of log for each
  ///   skill unless `LOG_LEVEL` asks for it.
  public func session(_ name: String, needs: Needs, isEvent: Bool = false) throws -> Session {
    let settings = try Settings(environment: environment, needs: needs)
    let isTold = isEvent || environment["LOG_LEVEL"] != nil
    let level = isTold ? settings.logLevel.level : .notice
    let log = Logger(label: name) { _ in TextLogHandler(logLevel: level) }
    return Session(settings: settings, environment: environment, applicationName: name, log: log)
  }
}

extension LogLevel {
  var level: Logger.Level {
    switch self {
    case .debug: .debug
    case .info: .info
    case .warning: .warning
    case .error: .error
    }
  }
}

/// The bytes of an event: of a file, or of standard input for `-`.
public func readEvent(_ path: String) throws -> [UInt8] {
  do {
    return try path == "-" ? readBytes(of: 0) : readFile(path)
  } catch {
    throw ValidationError("can't read \(path): \(error)")
  }
}

private func write(_ text: String) {
  StandardStream.write(text, to: 1)
}

/// Writes whole texts to a standard stream, past any buffer.
enum StandardStream {
  static func write(_ text: String, to descriptor: CInt = 2) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let done = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if done < 0, errno == EINTR { continue }
      guard done > 0 else { return }
      rest = rest.dropFirst(done)
    }
  }
}
