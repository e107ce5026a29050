import SkillsCore

/// Checks files and folders, and writes what it finds to standard output.
///
/// - Parameters:
///   - paths: files, and folders whose skill files are looked at.
///   - format: how findings are written; with `.text` a line that counts them goes to standard error.
/// - Returns: whether nothing is wrong, in the sense of the format.
public func check(_ paths: [String], format: CheckFormat) -> Bool {
  let progress = Progress.onTerminal()
  var checker = FileChecker()
  var (errors, warnings) = (0, 0)
  var output = ""
  let files = walk(paths)
  for (index, file) in files.enumerated() {
    progress.report("checking: \(index) of \(files.count)")
    let checked = check(file, with: &checker)
    if !checked.isReadable {
      errors += 1
    } else if checked.finding != nil {
      warnings += 1
    }
    guard let text = format.text(of: checked) else { continue }
    output += text
    if output.utf8.count > 65_536 {
      progress.finish()
      StandardStream.write(output, to: 1)
      output = ""
    }
  }
  progress.finish()
  StandardStream.write(output, to: 1)
  if format == .text {
    let parts =
      (errors == 0 ? [] : ["\(errors) can't be read"])
      + (warnings == 0 ? [] : [counted(warnings, "warning")])
    StandardStream.write(
      "\(counted(files.count, "file")) checked: "
        + (!parts.isEmpty
          ? parts.joined(separator: ", ") : files.isEmpty ? "there are none" : "nothing is wrong")
        + "\n")
  }
  return errors == 0 && (warnings == 0 || !format.failsOnWarnings)
}

private func check(_ file: WalkedFile, with checker: inout FileChecker) -> CheckedFile {
  if let problem = file.problem { return FileChecker.unreadable(file.path, because: problem) }
  do {
    // One byte more than is allowed tells that there is more.
    return checker.check(try readFile(file.path, limit: FileChecker.largestFile + 1), path: file.path)
  } catch {
    return FileChecker.unreadable(file.path, because: "can't be read: \(error)")
  }
}

private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
