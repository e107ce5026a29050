# shellcheck shell=bash
# Sourced by what starts servers.

# free_port: prints a port of 127.0.0.1 that nobody listens on, below the range from which the kernel hands out
# ports of its own choice.
free_port() {
  local port
  while :; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
}
