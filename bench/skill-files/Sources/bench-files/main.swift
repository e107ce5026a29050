import Foundation
import SkillFiles
import Yams

/// A file as both readers get it: whole, and its front matter alone, since Yams knows no fences.
struct Input {
  var bytes: [UInt8]
  var frontMatter: String

  /// nil where either can't read the file: then there is nothing to compare.
  init?(_ path: String) {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    bytes = Array(data)
    guard let text = String(bytes: bytes, encoding: .utf8), text.hasPrefix("---"),
      let end = text.range(of: "\n---"), (try? SkillFiles.read(bytes)) != nil
    else { return nil }
    frontMatter = String(text[text.index(text.startIndex, offsetBy: 3)..<end.lowerBound])
    guard ((try? Yams.load(yaml: frontMatter)) ?? nil) != nil else { return nil }
  }
}

/// The processor's time for one pass over all inputs, in seconds: the least of five, as others use the machine too.
func seconds(_ pass: () throws -> Void) rethrows -> Double {
  var least = Double.infinity
  for _ in 0..<5 {
    let start = clock()
    try pass()
    least = min(least, Double(clock() - start) / Double(CLOCKS_PER_SEC))
  }
  return least
}

guard CommandLine.arguments.count == 2 else {
  print("usage: bench-files FOLDER\nreads the files in the folder, each as often as makes 10,000 in all")
  exit(64)
}
let count = 10_000
let folder = CommandLine.arguments[1]
let names = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).sorted()
let found = names.compactMap { Input(folder + "/" + $0) }
guard !found.isEmpty else {
  print("bench-files: no file under \(folder) has front matter that both can read")
  exit(1)
}
let inputs = (0..<count).map { found[$0 % found.count] }
let size = inputs.reduce(0) { $0 + $1.bytes.count }

let ours = try seconds { for input in inputs { _ = try SkillFiles.read(input.bytes) } }
let yams = try seconds { for input in inputs { _ = try Yams.load(yaml: input.frontMatter) } }

print("\(count) files (\(found.count) different ones), \(size / count) bytes on average")
print(
  String(format: "SkillFiles %.3f s, %5.1f µs a file: UTF-8, fences, front matter, body", ours, ours * 100))
print(String(format: "Yams       %.3f s, %5.1f µs a file: its front matter alone", yams, yams * 100))
print(String(format: "Yams takes %.1f times as long", yams / ours))
