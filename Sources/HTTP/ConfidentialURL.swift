/// Whether `url` is one that secrets may be sent to: encrypted, or without leaving this machine; and without a user, a
/// query or a fragment.
public func isConfidential(_ url: String) -> Bool {
  guard url.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !"\"\\?#@".utf8.contains($0) }) else { return false }
  if url.hasPrefix("https://") { return url.utf8.count > 8 && !url.hasPrefix("https:///") }
  // Numbers and `localhost` only: another name could resolve to anything.
  let hosts = ["localhost", "127.0.0.1", "[::1]"].map { "http://\($0)" }
  guard let host = hosts.first(where: { url.hasPrefix($0) }) else { return false }
  let rest = url.dropFirst(host.count)
  return rest.isEmpty || rest.hasPrefix(":") || rest.hasPrefix("/")
}
