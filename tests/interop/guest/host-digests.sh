#!/bin/bash
# host-digests.sh PORT SUBNQN [NSID] - a short verified load with each combination of digests.
. /job/lib/host.sh || exit 77
[ $# -ge 2 ] || { echo "usage: $0 PORT SUBNQN [NSID]"; exit 64; }
port=$1 nqn=$2 nsid=${3:-1}

session() { # $1 name, then connect options
  local name=$1
  shift
  step "$name"
  connect "$nqn" "$port" "$@" || finish
  namespace "$nqn" "$nsid"
  check "$name: id-ctrl" nvme id-ctrl "$DEVICE"
  load "$DEVICE" 4M
  load "$DEVICE" 16M --bs=128k              # beyond what goes in a capsule
  check "$name: still connected, never reset" \
    sh -c "dmesg | grep -ciE 'reset|reconnect|digest error' | grep -qx 0"
  disconnect "$nqn"
}

session 'header and data digest' --hdr-digest --data-digest
session 'header digest' --hdr-digest
session 'data digest' --data-digest
try_digest_filesystem() {
  connect "$nqn" "$port" --hdr-digest --data-digest || finish
  namespace "$nqn" "$nsid"
  try_filesystem ext4 "$DEVICE"
  disconnect "$nqn"
}
step 'a file system over both digests'
try_digest_filesystem
finish
