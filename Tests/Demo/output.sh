# shellcheck shell=bash disable=SC2034,SC2154 # shared with `demo` and scenarios.sh
# Sourced by `demo`: what it prints, the commands that it shows and runs, and what it makes sure of.

if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
  bold=$'\e[1m' blue=$'\e[36m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
  colour=always
else
  bold='' blue='' green='' red='' plain=''
  colour=never
fi
# What the last shown command printed.
answer=

heading() { printf '\n%s== %s%s\n' "$bold" "$1" "$plain"; }
say() { printf '\n%s\n' "$1"; }

# shown [COMMAND]: prints a command (its argument, or what it reads) and runs it; the rest ends with it.
shown() {
  local command=${1-}
  [ -n "$command" ] || command=$(cat)
  printf '\n'
  sed "1s/^/$ /; 2,\$s/^/  /; s/.*/$blue&$plain/" <<<"$command"
  # To files and not through a pipe: a command that is in the way of Ctrl-C would outlive it.
  if ! eval "$command" >"$directory/answer" 2>"$directory/errors" </dev/null; then
    sed 's/^/  /' "$directory/answer" "$directory/errors"
    fail "this command failed"
  fi
  # Each event's metrics (docs/signals.md) are for CloudWatch.
  sed '/CloudWatchMetrics/d; s/^/  /' "$directory/errors"
  answer=$(<"$directory/answer")
  readable <"$directory/answer"
}

# Indents. Leaves out the empty lists and zeros of an answer in JSON, for whoever reads it here.
readable() { sed -E '/^\{"/ { s/\\?"[A-Za-z]+\\?":(\[\]|0),?//g; s/,\}/}/g }; s/^/  /'; }

fail() {
  printf '%s✗ %s%s\n' "$red" "$1" "$plain" >&2
  exit 1
}

# holds SENTENCE COMMAND…: makes sure of what the demo claims.
holds() {
  local sentence=$1
  shift
  if ! "$@"; then fail "not so: $sentence"; fi
  printf '%s✓ %s%s\n' "$green" "$sentence" "$plain"
}

equal() {
  if [ "$1" != "$2" ]; then
    printf 'found:    %s\nexpected: %s\n' "$1" "$2" >&2
    return 1
  fi
}

# has TEXT PIECE…: whether TEXT holds every piece.
has() {
  local text=$1 piece
  shift
  for piece in "$@"; do
    if [[ $text != *"$piece"* ]]; then
      printf 'found:    %s\nexpected: %s\n' "$text" "$piece" >&2
      return 1
    fi
  done
}
