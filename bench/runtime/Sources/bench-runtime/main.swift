import Glibc

// bench-runtime [--check] [--json] [--write FOLDER] NAME=PATH:SIZE…
// Called by `run`, which has built the programs.

do {
  var isCheck = false
  var printsJSON = false
  var folder: String?
  var programs: [Program] = []
  var arguments = CommandLine.arguments.dropFirst()
  while let argument = arguments.popFirst() {
    switch argument {
    case "--check": isCheck = true
    case "--json": printsJSON = true
    case "--write": folder = arguments.popFirst()
    default: programs.append(try Program(argument: argument))
    }
  }

  for program in programs { try loadPages(of: program.arguments[0]) }
  var machine = try Machine.current(hasPrecedence: takePrecedence())
  // The fastest start is one in a warm cache: with pauses others would get hold of it.
  let extent =
    isCheck
    ? Extent(pause: 0, coldStarts: 200, invocations: 0)
    : Extent(pause: 10_000, coldStarts: 100, invocations: 10_000)
  let measurements = try measure(programs, extent)
  machine.loadAfter = try Machine.currentLoad()
  let result = Result(measurements, machine: machine)
  // What else the machine does makes starts slower, never faster: the fastest of many says most about the program.
  // A tenth is left for what the same program differs by from run to run.
  let goals = isCheck ? result.goals(start: \.minimum, mostOfFloor: 2.2) : result.goals(start: \.p50)
  if let folder { try Document(folder: folder).write(result) }
  if printsJSON {
    print(try result.json)
  } else {
    print(result.startTable.text, terminator: "\n\n")
    if extent.invocations > 0 { print(result.invocationTable.text, terminator: "\n\n") }
    print(goals.map(\.line).joined(separator: "\n"))
    print(result.machine.text)
  }
  if isCheck, !goals.allSatisfy(\.isMet) { exit(1) }
} catch {
  let message = Array("bench-runtime: \(error)\n".utf8)
  write(STDERR_FILENO, message, message.count)
  exit(70)
}
