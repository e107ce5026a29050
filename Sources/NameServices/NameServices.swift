#if STATIC_EXECUTABLE
  import CGlibc
#endif

/// Makes a statically linked glibc look up hosts, users and services with what it has built in; the first
/// statement of `main`.
///
/// Where the machine's `/etc/nsswitch.conf` names other modules, even a static glibc loads those of the machine
/// (https://www.gnu.org/software/libc/manual/html_node/Services-in-the-NSS-configuration.html), which may be of
/// another glibc. An executable that shares the machine's glibc is left as it is.
public func useBuiltInNameServices() {
  #if STATIC_EXECUTABLE
    __nss_configure_lookup("hosts", "files dns")
    // No loop over a list: Swift would make the types for that first, a twentieth of a start.
    __nss_configure_lookup("passwd", "files")
    __nss_configure_lookup("group", "files")
    __nss_configure_lookup("services", "files")
    __nss_configure_lookup("protocols", "files")
  #endif
}
