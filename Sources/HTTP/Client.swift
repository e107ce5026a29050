import CCurl

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An HTTP client over libcurl that keeps one connection open between requests.
///
/// It owns its easy handle and the multi handle that drives it and keeps the connection
/// (https://curl.se/libcurl/c/libcurl-multi.html), and frees both when it goes. `send` blocks its
/// thread; a client is used from one task at a time, which the compiler checks, as it isn't `Sendable`.
///
///     let client = Client()
///     let answer = try client.send(Request(.get, "https://api.example.com/zen", timeout: .seconds(10)))
///     print(answer.status, answer.headers["Content-Type"] ?? "no type")
public final class Client {
  /// Whether requests go through a proxy.
  public enum Proxy: Sendable {
    /// As `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say.
    case fromEnvironment
    /// Never, whatever the environment says.
    case none
  }

  private let easy: UnsafeMutableRawPointer
  private let multi: UnsafeMutableRawPointer
  private let proxy: Proxy
  private let certificateAuthorityFile: String?
  private let connectTimeout: Duration
  private let maximumResponseBytes: Int

  /// A client that hasn't connected to anything yet.
  ///
  /// - Parameters:
  ///   - proxy: whether the environment's proxy is used.
  ///   - certificateAuthorityFile: the authorities to trust for `https:`, in PEM; libcurl's own if nil, or the
  ///     system's where libcurl has none.
  ///   - connectTimeout: the longest that name resolution, TCP and TLS may take together.
  ///   - maximumResponseBytes: the largest body taken; a larger one is `HTTPError.Code.tooLarge`.
  public init(
    proxy: Proxy = .fromEnvironment, certificateAuthorityFile: String? = nil,
    connectTimeout: Duration = .seconds(10), maximumResponseBytes: Int = 16 << 20
  ) {
    precondition(libraryStarted == CURLE_OK, "libcurl can't be initialized")
    guard let easy = curl_easy_init(), let multi = curl_multi_init() else {
      preconditionFailure("libcurl has no memory for a handle")
    }
    self.easy = easy
    self.multi = multi
    self.proxy = proxy
    self.certificateAuthorityFile = certificateAuthorityFile ?? certificateAuthorityFallback
    self.connectTimeout = connectTimeout
    self.maximumResponseBytes = maximumResponseBytes
    // One: a client speaks to one server. A connection that a fresh one replaces is closed.
    curl_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, 1)
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_multi_cleanup(multi)
  }

  /// Sends the request and waits for the whole answer.
  ///
  /// - Parameter interruption: a file descriptor that ends the wait as soon as it can be read
  ///   (`HTTPError.Code.interrupted`), unless the answer has already begun to arrive.
  /// - Returns: the answer, whatever its status.
  /// - Throws: when no complete answer came.
  public func send(_ request: Request, interruption: Int32? = nil) throws(HTTPError) -> Response {
    if let interruption, isReadable(interruption) { throw interrupted(request) }
    let transfer = Transfer(maximumBodyBytes: maximumResponseBytes)
    let lines = try headerLines(of: request)
    defer { curl_slist_free_all(lines) }

    // libcurl reads the body where it is: the pointer holds until the transfer has ended.
    let outcome = request.body.withUnsafeBytes { body -> Result<CURLcode, HTTPError> in
      configure(for: request, lines: lines, body: body, transfer: transfer)
      curl_multi_add_handle(multi, easy)
      defer { curl_multi_remove_handle(multi, easy) }
      return withExtendedLifetime(transfer) {
        Result { () throws(HTTPError) in try drive(transfer, request, interruption) }
      }
    }
    let result = try outcome.get()

    switch transfer.refusal {
    case .tooLarge:
      throw HTTPError(.tooLarge, "the answer is larger than \(maximumResponseBytes) bytes", request)
    case .malformedHeader: throw HTTPError(.malformed, "the answer has a header line without a name", request)
    case nil: break
    }
    guard result == CURLE_OK else { throw HTTPError(result, request) }
    var status = 0
    curl_easy_getinfo_long(easy, CURLINFO_RESPONSE_CODE, &status)
    return Response(status: status, headers: transfer.headers, body: transfer.body)
  }

  /// Runs the transfer that was added to its end, and returns libcurl's result.
  private func drive(
    _ transfer: Transfer, _ request: Request, _ interruption: Int32?
  ) throws(HTTPError) -> CURLcode {
    var running: Int32 = 0
    while true {
      guard curl_multi_perform(multi, &running) == CURLM_OK else { return CURLE_FAILED_INIT }
      if running == 0 { break }
      // libcurl shortens the wait to its own timers; the limit only has to be there.
      let limit: Int32 = 60_000
      if let interruption, !transfer.hasBegun {
        var extra = curl_waitfd(fd: interruption, events: Int16(CURL_WAIT_POLLIN), revents: 0)
        curl_multi_poll(multi, &extra, 1, limit, nil)
        // An answer that came at the same moment is taken: whoever sent it counts on that.
        if extra.revents != 0 {
          curl_multi_perform(multi, &running)
          if running > 0, !transfer.hasBegun { throw interrupted(request) }
          if running == 0 { break }
        }
      } else {
        curl_multi_poll(multi, nil, 0, limit, nil)
      }
    }
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      if message.pointee.msg == CURLMSG_DONE { return message.pointee.data.result }
    }
    return CURLE_FAILED_INIT
  }

  private func interrupted(_ request: Request) -> HTTPError {
    HTTPError(.interrupted, "interrupted before an answer came", request)
  }
}

/// Whether reading from the descriptor wouldn't block.
private func isReadable(_ descriptor: Int32) -> Bool {
  var asked = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  return poll(&asked, 1, 0) > 0
}

/// libcurl's own start, once a process (https://curl.se/libcurl/c/curl_global_init.html); Swift makes
/// the first use of a global wait for it, whichever thread comes first.
private let libraryStarted = curl_global_init(Int(CURL_GLOBAL_SSL | CURL_GLOBAL_WIN32))

extension Client {
  /// Sets every option anew; `curl_easy_reset` keeps the connection, not the options.
  private func configure(
    for request: Request, lines: UnsafeMutablePointer<curl_slist>?, body: UnsafeRawBufferPointer,
    transfer: Transfer
  ) {
    curl_easy_reset(easy)
    curl_easy_setopt_text(easy, CURLOPT_URL, request.url)
    // Never file:, ftp: and the rest that a libcurl may have been built with.
    curl_easy_setopt_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
    // A redirect would carry our headers to another server, and turn a POST into a GET.
    curl_easy_setopt_long(easy, CURLOPT_FOLLOWLOCATION, 0)
    // No SIGALRM for timeouts: signals are the process's, and threads run beside us.
    curl_easy_setopt_long(easy, CURLOPT_NOSIGNAL, 1)
    // Small requests go out at once instead of waiting for the last one's acknowledgement.
    curl_easy_setopt_long(easy, CURLOPT_TCP_NODELAY, 1)
    // The empty text turns the proxy off; without it libcurl reads the environment.
    if case .none = proxy { curl_easy_setopt_text(easy, CURLOPT_PROXY, "") }
    if let certificateAuthorityFile { curl_easy_setopt_text(easy, CURLOPT_CAINFO, certificateAuthorityFile) }
    if let signature = request.signature {
      curl_easy_setopt_text(easy, CURLOPT_AWS_SIGV4, signature.option)
      curl_easy_setopt_text(easy, CURLOPT_USERNAME, signature.accessKeyID)
      curl_easy_setopt_text(easy, CURLOPT_PASSWORD, signature.secretAccessKey)
    }
    curl_easy_setopt_long(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(connectTimeout))
    // 0 is no limit: a request may wait as long as its server likes, unless the caller says otherwise.
    curl_easy_setopt_long(easy, CURLOPT_TIMEOUT_MS, request.timeout.map(milliseconds) ?? 0)
    curl_easy_setopt_long(easy, CURLOPT_FRESH_CONNECT, request.usesFreshConnection ? 1 : 0)
    curl_easy_setopt_list(easy, CURLOPT_HTTPHEADER, lines)
    if case .post = request.method {
      curl_easy_setopt_long(easy, CURLOPT_POST, 1)
      curl_easy_setopt_body(easy, body.baseAddress, curl_off_t(body.count))
    }
    let target = Unmanaged.passUnretained(transfer).toOpaque()
    curl_easy_setopt_pointer(easy, CURLOPT_WRITEDATA, target)
    curl_easy_setopt_writer(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, target in
      received(bytes, size * count, target) { $0.receiveBody($1) }
    }
    curl_easy_setopt_pointer(easy, CURLOPT_HEADERDATA, target)
    curl_easy_setopt_writer(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, target in
      received(bytes, size * count, target) { $0.receiveHeaderLine($1) }
    }
  }

  /// The request's header as libcurl takes it; the caller frees the list.
  private func headerLines(of request: Request) throws(HTTPError) -> UnsafeMutablePointer<curl_slist>? {
    guard request.url.hasPrefix("http://") || request.url.hasPrefix("https://") else {
      throw HTTPError(.invalidRequest, "only http: and https: URLs can be asked", request)
    }
    for field in request.headers.fields {
      // A line break in a value would add a header, or a whole request, of somebody else's choice.
      let text = field.name + field.value
      guard !field.name.isEmpty, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
        throw HTTPError(.invalidRequest, "a header's name or value has a control character", request)
      }
    }
    var list: UnsafeMutablePointer<curl_slist>?
    // libcurl 7.88 signs a field that is taken away as if it were sent.
    if request.signature == nil {
      // Without it libcurl asks "may I?" before a body of a megabyte, and waits a second for the answer.
      list = curl_slist_append(nil, "Expect:")
      // Without it libcurl calls every POST a form.
      if request.headers["Content-Type"] == nil { list = curl_slist_append(list, "Content-Type:") }
    }
    for field in request.headers.fields {
      // "Name:" would take the header away; "Name;" sends it empty.
      let line = field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)"
      list = curl_slist_append(list, line)
    }
    return list
  }
}

/// Hands bytes from libcurl to the transfer behind its pointer; fewer taken than came stops it.
private func received(
  _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ target: UnsafeMutableRawPointer?,
  _ take: (Transfer, UnsafeRawBufferPointer) -> Bool
) -> Int {
  guard let target else { return 0 }
  let transfer = Unmanaged<Transfer>.fromOpaque(target).takeUnretainedValue()
  return take(transfer, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
}

/// Whole milliseconds, at least 1: libcurl takes 0 for "no limit".
private func milliseconds(_ duration: Duration) -> Int {
  let (seconds, attoseconds) = duration.components
  return max(1, Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
}
