#!/bin/bash
# host-made.sh PORT SUBNQN SIZE - a disk that somebody has just made: found, written, let go.
. /job/lib/host.sh || exit 77
[ $# = 3 ] || { echo "usage: $0 PORT SUBNQN SIZE"; exit 64; }
port=$1 nqn=$2 size=$3
connect "$nqn" "$port" || finish
namespace "$nqn" 1
check "it has $size bytes" [ "$(blockdev --getsize64 "$DEVICE")" = "$size" ]
load "$DEVICE" 4M
disconnect "$nqn"
finish
