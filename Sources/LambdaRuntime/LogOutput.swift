import Logging
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One at a time: the kernel keeps only short writes to a pipe whole.
private let writing = Mutex(())

/// Writes the bytes to a descriptor, past stdio's buffer.
///
/// A process that is frozen or killed next has lost no line. What can't be written is dropped: a log
/// must not stop the work.
func writeLog(_ bytes: [UInt8], to descriptor: Int32) {
  writing.withLock { _ in
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }
  }
}

/// The metadata of one log call, sorted by key: the call's own wins over the provider's and the logger's.
func mergedMetadata(
  _ event: LogEvent, _ logger: Logger.Metadata, _ provider: Logger.MetadataProvider?
) -> [(key: String, value: Logger.Metadata.Value)] {
  var all = logger
  if let provided = provider?.get() { all.merge(provided) { $1 } }
  if let own = event.metadata { all.merge(own) { $1 } }
  return all.sorted { $0.key < $1.key }
}
