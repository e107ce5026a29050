# shellcheck shell=bash disable=SC2154,SC2164 # `start` sets the variables, and -e
# Sourced by `start`: a PostgreSQL cluster of its own, on TCP at 127.0.0.1 alone, with trust for
# whoever reaches it. Its only role is the superuser `postgres`.

# Debian keeps the server's programs out of PATH, a folder for each version.
postgresql_programs() {
  local folder
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV); do
    if [ -x "$folder/initdb" ]; then
      echo "$folder"
      return
    fi
  done
  folder=$(command -v initdb) || fail "PostgreSQL's initdb was not found: run \`make setup\`"
  dirname "$folder"
}

start_postgresql() {
  local programs data=$directory/postgresql log=$directory/postgresql.log port
  local -a as_user=()
  programs=$(postgresql_programs)
  mkdir -p "$data"
  : >"$log"
  if [ "$(id -u)" -eq 0 ]; then
    as_user=(setpriv --reuid=postgres --regid=postgres --init-groups --)
    chown postgres "$data" "$log"
  fi
  cd "$directory"

  # A session of its own: ended halfway, by Ctrl-C, it would leave a shared memory segment behind.
  setsid --wait "${as_user[@]}" "$programs/initdb" --pgdata="$data" --username=postgres --auth=trust \
    --encoding=UTF8 --locale=C.UTF-8 --no-sync >>"$log" 2>&1 || fail "initdb failed:" "$log"
  cat >>"$data/postgresql.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
fsync = off
full_page_writes = off
synchronous_commit = off
SETTINGS

  for _ in {1..10}; do
    port=$(free_port)
    launch postgresql "$log" "${as_user[@]}" "$programs/postgres" -D "$data" -p "$port"
    while kill -0 "$launched" 2>/dev/null; do
      # The eighth line tells how far it is (src/include/utils/pidfile.h).
      if [ "$(sed -n '8s/ *$//p' "$data/postmaster.pid" 2>/dev/null)" = ready ]; then
        write_export TEST_DATABASE_URL "postgresql://postgres@127.0.0.1:$port/postgres"
        return
      fi
      sleep 0.02
    done
    # Somebody else took the port in between; any other reason won't go away.
    grep -q "could not bind" "$log" || break
    : >"$log"
  done
  fail "PostgreSQL didn't start:" "$log"
}
