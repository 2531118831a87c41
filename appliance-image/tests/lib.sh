# shellcheck shell=bash
# For the appliance's tests, read with "."; they print a line for each check and end with finish.

# shellcheck source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

passed=0 failed=0 notes=()
evidence=$build/tests/${0##*/}
rm -rf "$evidence"
mkdir -p "$evidence"

# check WHAT COMMAND...: one check; what the command says is kept, and shown where it fails.
check() {
  local what=$1 status=0
  shift
  [ ! -e "$evidence/last" ] || mv "$evidence/last" "$evidence/before"
  "$@" >"$evidence/last" 2>&1 || status=$?
  { printf '== %s\n' "$what"; cat "$evidence/last"; } >>"$evidence/log"
  if [ $status = 0 ]; then
    passed=$((passed + 1))
    echo "PASS $what"
  else
    failed=$((failed + 1))
    echo "FAIL $what (exit $status)"
    tail -n 30 "$evidence/last" | sed 's/^/     /'
  fi
}

check_fails() { # WHAT COMMAND...: it must not succeed
  local what=$1
  shift
  check "$what" not "$@"
}
not() { ! "$@"; }

# said TEXT: in what the check before this one printed.
said() { grep -qF -e "$1" "$evidence/before" && return 0; cat "$evidence/before"; return 1; }

# within SECONDS COMMAND...: until it succeeds.
within() {
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $until ] || return 1
    sleep 0.2
  done
}

# note WORDS: a measured number, told at the end.
note() { notes+=("$*"); }

finish() {
  local each
  for each in ${notes[@]+"${notes[@]}"}; do echo "NOTE $each"; done
  echo "RESULT ${0##*/}: $passed passed, $failed failed, $SECONDS s"
  [ $failed = 0 ]
}

now_ms() { echo $(($(date +%s%N) / 1000000)); }
