#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Why a file or folder can't be read, in the system's words.
struct ReadingError: Error, CustomStringConvertible {
  let description: String

  /// What the system call that was made last says.
  static var latest: ReadingError { ReadingError(description: String(cString: strerror(errno))) }
}

/// The bytes of a file, at most `limit`.
///
/// Throws a `ReadingError`.
func readFile(_ path: String, limit: Int = .max) throws(ReadingError) -> [UInt8] {
  // Opening a pipe that nobody writes to would wait for ever; reading one that somebody writes to must wait.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw .latest }
  defer { close(descriptor) }
  _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
  return try readBytes(of: descriptor, limit: limit)
}

/// The bytes of an open file up to its end, or to `limit`.
///
/// Throws a `ReadingError`.
func readBytes(of descriptor: CInt, limit: Int = .max) throws(ReadingError) -> [UInt8] {
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while bytes.count < limit {
    let count = read(descriptor, &buffer, min(buffer.count, limit - bytes.count))
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw .latest }
    if count == 0 { break }
    bytes += buffer[..<count]
  }
  return bytes
}
