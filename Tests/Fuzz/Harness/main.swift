import CLibFuzzer
import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// fuzz: prints the targets' names.
// fuzz NAME FOLDER ARGUMENT…: runs libFuzzer with ARGUMENT… on one, whose seeds and dictionary go into FOLDER.

let targets: [Target] = [
  .reader, .editor, .exportEvents, .importEvents, .webhook, .gitOutput, .treeListing, .runtimeHeaders,
  .databaseURL,
]

/// libFuzzer calls a C function, which can't capture what it is to run.
enum Running {
  nonisolated(unsafe) static var target: Target?
}

guard CommandLine.arguments.count > 2 else {
  for target in targets { print(target.name) }
  exit(EXIT_SUCCESS)
}
let (name, folder) = (CommandLine.arguments[1], CommandLine.arguments[2])
guard let target = targets.first(where: { $0.name == name }) else {
  fatalError("no target is named \(name); there are \(targets.map(\.name).joined(separator: ", "))")
}
Running.target = target

try FileManager.default.createDirectory(atPath: folder + "/seeds", withIntermediateDirectories: true)
for (number, seed) in try target.seeds().enumerated() {
  try Data(seed).write(to: URL(filePath: "\(folder)/seeds/\(number)"))
}
try Data(dictionary(of: target.words).utf8).write(to: URL(filePath: folder + "/dictionary"))

let arguments = [CommandLine.arguments[0], "-dict=\(folder)/dictionary"] + CommandLine.arguments.dropFirst(3)
var count = Int32(arguments.count)
// libFuzzer keeps pointers into them for as long as the process runs.
let texts = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: arguments.count + 1)
for (index, argument) in arguments.enumerated() { (texts + index).initialize(to: strdup(argument)) }
(texts + arguments.count).initialize(to: nil)
var values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = texts

exit(
  LLVMFuzzerRunDriver(&count, &values) { data, size in
    do {
      try Running.target?.run(Array(UnsafeBufferPointer(start: data, count: size)))
    } catch {
      fatalError("thrown: \(error)")
    }
    return 0
  })

/// Words in libFuzzer's form: one quoted a line, with bytes beyond ASCII as `\xHH`
/// (https://llvm.org/docs/LibFuzzer.html#dictionaries).
func dictionary(of words: [String]) -> String {
  let digits = Array("0123456789abcdef")
  return words.map { word in
    let bytes = word.utf8.map { byte in
      let isPlain = (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
      return isPlain
        ? String(UnicodeScalar(byte)) : "\\x\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }
    return "\"\(bytes.joined())\"\n"
  }.joined()
}
