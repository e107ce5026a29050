#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An exclusive lock on a file, held until it is released, this object is gone or its process ends, however it ends
/// (flock(2); also between machines that mount the file by NFS 4).
final class FileLock {
  private let path: String
  private var descriptor: CInt

  /// Takes the lock on the file at `path`, made if it isn't there; nil if another has it.
  static func take(_ path: String) throws -> FileLock? {
    while true {
      // Not handed down: a git that outlives us must not keep it. Writable, for NFS wants that.
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard descriptor >= 0 else { throw fileError("could not open the lock file", path) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let isTaken = errno == EWOULDBLOCK
        let error = fileError("could not lock", path)
        close(descriptor)
        if isTaken { return nil }
        throw error
      }
      // Somebody may have removed the file between the two calls: then we have a lock on nothing.
      var ours = stat()
      var present = stat()
      if fstat(descriptor, &ours) == 0, lstat(path, &present) == 0, ours.st_ino == present.st_ino {
        return FileLock(path: path, descriptor: descriptor)
      }
      close(descriptor)
    }
  }

  private init(path: String, descriptor: CInt) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Removes the file before the lock goes: for a lock that nobody waits for.
  func removeFile() {
    unlink(path)
  }

  func release() {
    guard descriptor >= 0 else { return }
    // Said, not left to `close`: a process that is just being started has a copy of the descriptor.
    flock(descriptor, LOCK_UN)
    close(descriptor)
    descriptor = -1
  }

  deinit {
    release()
  }
}
