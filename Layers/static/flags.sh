# shellcheck shell=bash disable=SC2034
# Sourced by what links statically as the zips are linked: `flags` are swift build's, `libraries` is the folder of the
# static libraries, `harmless` is a pattern of what the linker says without need.

static=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
libraries=$("$static/build")
export PKG_CONFIG_PATH=$libraries/lib/pkgconfig

flags=(
  --configuration release --static-swift-stdlib -Xswiftc -static-executable -Xswiftc -DSTATIC_EXECUTABLE
  -Xswiftc -Osize -Xlinker "-L$libraries/lib"
  # A type like [String: String] is made by its accessor, not found by its name: that would have all conformances of the
  # executable looked through at a start.
  -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors
  # Of the linkers, GNU's takes the scripts.
  -Xswiftc -use-ld=bfd
  -Xlinker "--script=$static/no-swift-unwinding.ld" -Xlinker "--script=$static/start-order.ld"
  # What a static executable is started with registers its tables for unwinding, and so has them sorted when the main
  # thread ends, as Swift's does at its first wait: 12 ms of processor time. Without these two, which are optional,
  # they are found by the index that the linker made.
  -Xlinker --wrap=__register_frame_info -Xlinker --wrap=__deregister_frame_info
)

# The linker warns of each call by which a static glibc could load a name service module of the machine that it runs
# on; `useBuiltInNameServices` sees to that.
harmless='in statically linked applications|mktemp|: in function '
