#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Shows on a terminal what takes longer than a second; silent everywhere else.
public final class Progress {
  private let isShown: Bool
  private let started = wallClock()
  private var shownAt: Int64 = 0

  /// - Parameter isShown: whether anybody is watching: standard error is a terminal.
  public init(isShown: Bool) { self.isShown = isShown }

  /// The progress of a command: shown if standard error is a terminal.
  public static func onTerminal() -> Progress { Progress(isShown: isatty(2) == 1) }

  func report(_ text: @autoclosure () -> String) {
    guard isShown else { return }
    let now = wallClock()
    guard now - started > 1_000, now - shownAt > 200 else { return }
    shownAt = now
    write("\r\u{1B}[K\(text())")
  }

  /// Takes the line away again.
  public func finish() {
    if shownAt > 0 { write("\r\u{1B}[K") }
    shownAt = 0
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
