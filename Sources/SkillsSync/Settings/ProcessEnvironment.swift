#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The process's variables (environ(7)); of a name that occurs twice the first value, as for getenv(3).
///
/// Without Foundation's `ProcessInfo`, which alone would take a tenth of a function's start.
func processEnvironment() -> [String: String] {
  var count = 0
  while environ[count] != nil { count += 1 }
  // Grown one by one, it would be made anew several times.
  var variables: [String: String] = [:]
  variables.reserveCapacity(count)
  for index in 0..<count {
    guard let entry = environ[index], let equals = strchr(entry, Int32(UInt8(ascii: "="))) else { continue }
    let name = UnsafeRawBufferPointer(start: entry, count: equals - entry)
    let key = String(decoding: name, as: UTF8.self)
    if variables[key] == nil { variables[key] = String(cString: equals + 1) }
  }
  return variables
}
