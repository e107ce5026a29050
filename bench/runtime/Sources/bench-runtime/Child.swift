import Glibc

/// A program that runs until it is ended.
struct Child: ~Copyable {
  let id: pid_t

  /// Starts the command with no other environment than this; what it prints is dropped.
  init(_ command: [String], environment: [String: String]) throws {
    var arguments = command.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for output in [1, 2] as [Int32] {
      posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0)
    }
    defer {
      posix_spawn_file_actions_destroy(&actions)
      for text in arguments + variables { free(text) }
    }
    var id: pid_t = 0
    let result = posix_spawn(&id, command[0], &actions, nil, &arguments, &variables)
    guard result == 0 else {
      throw Failure("\(command[0]) can't be started: \(String(cString: strerror(result)))")
    }
    self.id = id
  }

  /// Ends it and waits until it is gone.
  deinit {
    kill(id, SIGKILL)
    waitpid(id, nil, 0)
  }

  /// The processor's time that all its threads have used, in seconds.
  var processorTime: Double {
    var clock: clockid_t = 0
    clock_getcpuclockid(id, &clock)
    return seconds(clock)
  }

  /// The most memory that it has had in RAM so far, in bytes: VmHWM of proc(5), shared pages included.
  func peakMemory() throws -> Int {
    let status = try textFile("/proc/\(id)/status")
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({
        Int($0)
      })
    else { throw Failure("process \(id) has ended by itself") }
    return kilobytes * 1_024
  }
}

/// What a clock shows, in seconds.
func seconds(_ clock: clockid_t = CLOCK_MONOTONIC) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Why nothing could be measured.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Lets this program and its children go before all others on the machine, where it may; whether it may.
///
/// Else, on a busy machine, it is measured how long a program waits for a processor.
func takePrecedence() -> Bool {
  var parameters = sched_param(sched_priority: 1)
  return sched_setscheduler(0, SCHED_FIFO, &parameters) == 0
}

/// Brings a file into memory page by page.
///
/// Since Linux 6.18 a process that touches one page of a file gets all those mapped that were read or written together
/// with it: then memory and start time would tell how the file got there.
func loadPages(of path: String) throws {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw Failure("\(path) can't be read") }
  defer { close(descriptor) }
  // Only what is written can be dropped from memory.
  fsync(descriptor)
  posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
  posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM)
  var page = [UInt8](repeating: 0, count: 4_096)
  while read(descriptor, &page, page.count) > 0 {}
}
