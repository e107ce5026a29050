import CCurl

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The file of public certificate authorities for a libcurl that was built without any, as for static
/// executables; nil where it has its own.
public let certificateAuthorityFallback: String? = {
  // The first version of the structure that has both fields (https://curl.se/libcurl/c/curl_version_info.html).
  let information = curl_version_info(CURLVERSION_SEVENTH).pointee
  if information.cainfo != nil || information.capath != nil { return nil }
  return [
    // A layer's and the function's own; Amazon Linux and Fedora; Debian and Ubuntu.
    "/opt/etc/ssl/cert.pem", "/var/task/etc/ssl/cert.pem", "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/certs/ca-certificates.crt",
  ].first { access($0, R_OK) == 0 }
}()
