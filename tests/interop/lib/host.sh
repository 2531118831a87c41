# host.sh - what the host scripts share. To be sourced:
#
#   . /job/lib/host.sh || exit 77
#   step TEXT                     a heading, with the time since the script began
#   check TEXT COMMAND...         runs it; prints "PASS TEXT" or, with its output, "FAIL TEXT"
#   check_fails TEXT COMMAND...   the same for what must be refused
#   check_json TEXT FILTER FILE   jq's FILTER must be true of FILE
#   finish                        checks the kernel log, prints the count, exits 0 or 1
#   expect_log REGEX              kernel warnings that are part of the test
#   connect NQN PORT [OPTION...]  nvme connect to the machine
#   host_id NAME                  prints the host identifier that goes with a host's name
#   refused TEXT NQN PORT [OPTION...]
#                                 nvme connect to the machine must fail, and leave nothing behind
#   use TEXT NQN                  identify and a verified load of its namespace 1
#   disconnect NQN                and wait until its devices are gone
#   controllers NQN               prints the names of its controllers, nvme0...
#   namespace NQN NSID            waits for it and sets $DEVICE to its /dev/nvmeXnY; or ends the script
#   load DEVICE SIZE [OPTION...]  fio: random writes of SIZE, verified by reading them back
#   try_filesystem TYPE DEVICE    makes it, fills it, mounts it again, compares, checks it
#
# A script ends with finish. Each command's own output is kept in $OUT/steps.log.
# shellcheck shell=bash

set -u
PASSED=0 FAILED=0 EXPECTED='$^'
OUT=${OUT:-/tmp}
LOG=$OUT/steps.log

modprobe -a nvme-tcp nvme-fabrics || exit 77
mkdir -p "$OUT"
dmesg --clear

step() { echo "### $* [${SECONDS}s]" | tee -a "$LOG"; }

pass() { PASSED=$((PASSED + 1)); echo "PASS $*"; }

fail() { FAILED=$((FAILED + 1)); echo "FAIL $*"; }

check() {
  local text=$1 status=0
  shift
  echo "+ $*" >> "$LOG"
  "$@" > /run/step.out 2>&1 || status=$?
  cat /run/step.out >> "$LOG"
  if [ $status = 0 ]; then pass "$text"; return 0; fi
  fail "$text: exit $status of: $*"
  sed 's/^/  | /' /run/step.out | tail -n 30
  return 1
}

check_fails() {
  local text=$1
  shift
  echo "+ (must fail) $*" >> "$LOG"
  if "$@" >> "$LOG" 2>&1; then fail "$text: was not refused"; return 1; fi
  pass "$text"
}

check_json() { check "$1" jq -e "$2" "$3"; }

expect_log() { EXPECTED="$EXPECTED|$1"; }

# Everything nvme at warning or above, and anything that smells of a kernel in trouble.
finish() {
  local found
  dmesg > "$OUT/dmesg.txt"
  found=$({
    dmesg --level=emerg,alert,crit,err,warn | grep -iE 'nvme|block|i/o error|ext4|xfs|btrfs'
    dmesg | grep -E 'BUG|WARNING|Oops|hung task|blocked for more|Call Trace|refcount'
  } | grep -vE "$EXPECTED" | sort -u)
  if [ -z "$found" ]; then pass 'the kernel log is quiet'
  else
    fail 'the kernel log complains'
    head -n 40 <<<"$found" | sed 's/^/  | /'
  fi
  echo "RESULT $PASSED passed, $FAILED failed, ${SECONDS} s"
  [ $FAILED = 0 ]
  exit
}

controllers() {
  local dir
  for dir in /sys/class/nvme/nvme*; do
    [ "$(cat "$dir/subsysnqn" 2>/dev/null)" != "$1" ] || echo "${dir##*/}"
  done
}

connect() {
  local nqn=$1 port=$2
  shift 2
  check "connect to $nqn, port $port $*" nvme connect --transport=tcp --traddr="$MACHINE" \
    --trsvcid="$port" --nqn="$nqn" --keep-alive-tmo=30 "$@"
}

host_id() { printf %s "$1" | md5sum | sed -E 's/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/\1-\2-\3-\4-\5/'; }

nothing_left() { ! grep -qsxF "$1" /sys/class/nvme/nvme*/subsysnqn; }

refused() {
  local text=$1 nqn=$2 port=$3
  shift 3
  check_fails "$text" nvme connect --transport=tcp --traddr="$MACHINE" --trsvcid="$port" \
    --nqn="$nqn" --keep-alive-tmo=30 "$@"
  check "$text: nothing is left" within 30 nothing_left "$nqn"
}

use() {
  namespace "$2" 1
  check "$1: id-ctrl" nvme id-ctrl "$DEVICE"
  load "$DEVICE" 1M
}

disconnect() {
  check "disconnect from $1" nvme disconnect --nqn="$1"
  check "no controller of $1 is left" within 30 nothing_left "$1"
}

within() { # $1 seconds to try, then a command
  local until=$((SECONDS + $1))
  shift
  until "$@"; do [ $SECONDS -lt $until ] || return 1; sleep 0.1; done
}

# /dev/nvme0n1 is not always namespace 1: the scan numbers namespaces as it finds them.
find_namespace() {
  local dir
  for dir in /sys/block/nvme*n*; do
    [ "$(cat "$dir/nsid" 2>/dev/null)" = "$2" ] || continue
    [ "$(cat "$dir/device/subsysnqn" 2>/dev/null)" = "$1" ] || continue
    [ -b "/dev/${dir##*/}" ] && echo "/dev/${dir##*/}" && return 0
  done
  return 1
}

namespace() {
  check "namespace $2 of $1 appears" within 30 find_namespace "$1" "$2" || finish
  DEVICE=$(find_namespace "$1" "$2")
}

load() {
  local device=$1 size=$2
  shift 2
  check "fio: $size of random writes to $device, verified" \
    fio --name=load --filename="$device" --rw=randwrite --bs=4k --ioengine=libaio --direct=1 \
    --iodepth=16 --size="$size" --verify=crc32c --do_verify=1 --verify_fatal=1 \
    --randrepeat=0 "$@"
}

try_filesystem() {
  local type=$1 device=$2 dir=/mnt/$1
  local make=(mkfs.ext4 -q -F) repair=(e2fsck -f -n)
  [ "$type" = ext4 ] || { make=(mkfs.xfs -q -f); repair=(xfs_repair -n); }
  mkdir -p "$dir"
  check "$type: make" "${make[@]}" "$device" || return 1
  check "$type: mount" mount -t "$type" "$device" "$dir" || return 1
  check "$type: write" write_files "$dir"
  check "$type: trim" fstrim -v "$dir"
  check "$type: unmount" umount "$dir"
  check "$type: mount again" mount -t "$type" "$device" "$dir" || return 1
  check "$type: contents as written" sh -c "cd $dir && sha256sum --quiet -c sums"
  check "$type: unmount again" umount "$dir"
  check "$type: check" "${repair[@]}" "$device"
}

write_files() { # a tree of small files and one larger one, and the sums of them all
  # shellcheck disable=SC2094 # but for the sums
  (
    cd "$1" && mkdir -p small && head -c 8M /dev/urandom > large \
      && for n in $(seq 100); do head -c $((n * 97)) large > "small/$n" || exit 1; done \
      && find . -type f ! -name sums -exec sha256sum {} + > sums && sync
  )
}
