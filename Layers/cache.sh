# shellcheck shell=bash disable=SC2034
# Sourced by what builds a part of the zips from sources. A part is kept outside the clone, so that other
# clones find it too, in a folder whose name stands for all that it was made from.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/git-backed-skills

# part NAME FROM: `result` becomes the folder of the part NAME that is made from FROM, any text. If it is
# there, prints it and ends the script; else `work` is an empty folder to make it in, as $work/result.
part() {
  result=$cache/$1-$(sha256sum <<<"$2" | cut -c 1-12)
  if [ -d "$result" ]; then
    echo "$result"
    exit 0
  fi
  mkdir -p "$cache"
  work=$(mktemp -d "$result.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  mkdir "$work/result"
}

# logged NAME COMMAND…: runs COMMAND with all it prints in a file; shows the end of it if COMMAND fails.
logged() {
  local log=$work/$1.log
  echo "building $1" >&2
  # In the background: in a condition -e would have no effect on what COMMAND does.
  (shift && "$@") >"$log" 2>&1 &
  if wait "$!"; then return; fi
  echo "building $1 failed; the end of its log:" >&2
  tail -n 30 "$log" >&2
  exit 1
}

# keep: puts what was made into its place, unless another build was faster, and prints that.
keep() {
  mv -T "$work/result" "$result" 2>/dev/null || [ -d "$result" ]
  echo "$result"
}
