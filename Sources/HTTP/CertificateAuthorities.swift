import CCurl

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The file of certificate authorities for a libcurl that was built without any, as for static executables;
/// nil where it has its own.
let certificateAuthorityFallback: String? = {
  // The first version of the structure that has both fields (https://curl.se/libcurl/c/curl_version_info.html).
  let information = curl_version_info(CURLVERSION_SEVENTH).pointee
  if information.cainfo != nil || information.capath != nil { return nil }
  // Amazon Linux and Fedora; Debian and Ubuntu.
  return ["/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs/ca-certificates.crt"]
    .first { access($0, R_OK) == 0 }
}()
