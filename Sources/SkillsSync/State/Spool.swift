#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Texts on their way from one side to the other: where they are many, they are kept on disk, so that memory holds a few.
///
/// The file is made once it is needed: to make one and remove it takes longer than all else that is done to a text. It has no
/// name any more once it is open, so that nothing is left behind by a process that dies.
final class Spool {
  private let directory: String
  private var descriptor: CInt = -1
  private var buffer: [UInt8] = []
  private var written = 0
  private static let bufferSize = 1 << 16

  init(directory: String) {
    self.directory = directory
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Bytes so far.
  var count: Int { written + buffer.count }

  /// Adds `bytes` and returns where they are.
  ///
  /// - Throws: a `SpoolError` if the folder can't be written.
  @discardableResult
  func append(_ bytes: some Collection<UInt8>) throws(SpoolError) -> Range<Int> {
    let start = count
    buffer.append(contentsOf: bytes)
    if buffer.count >= Spool.bufferSize { try flush() }
    return start..<count
  }

  /// The bytes at `range`.
  func read(_ range: Range<Int>) throws(SpoolError) -> [UInt8] {
    if range.lowerBound >= written {
      return Array(buffer[(range.lowerBound - written)..<(range.upperBound - written)])
    }
    var bytes = [UInt8](repeating: 0, count: range.count)
    var done = 0
    while done < range.count {
      let got = bytes.withUnsafeMutableBytes {
        pread(
          descriptor, $0.baseAddress?.advanced(by: done), range.count - done, off_t(range.lowerBound + done))
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw SpoolError(got == 0 ? EIO : errno) }
      done += got
    }
    return bytes
  }

  private func flush() throws(SpoolError) {
    if descriptor < 0 { descriptor = try newFile() }
    var done = 0
    while done < buffer.count {
      let put = buffer.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress?.advanced(by: done), buffer.count - done, off_t(written + done))
      }
      if put < 0, errno == EINTR { continue }
      guard put > 0 else { throw SpoolError(put == 0 ? ENOSPC : errno) }
      done += put
    }
    written += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }

  private func newFile() throws(SpoolError) -> CInt {
    var template = Array("\(directory)/skills-spool-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw SpoolError(errno) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(template)
    return descriptor
  }
}

/// The work directory can't be written or read back.
struct SpoolError: Error, CustomStringConvertible {
  let code: CInt
  init(_ code: CInt) { self.code = code }
  var description: String {
    "WORK_DIRECTORY: \(String(cString: strerror(code))): it needs room for the texts that are under way"
  }
}
