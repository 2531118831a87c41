#!/bin/bash
# host-live.sh PORT-A PORT-B SUBNQN FAILOVERS - two paths to a target that changes under load.
#
# The caller changes the target when told to, by lines on standard output:
#   PATH-A, PATH-B      namespace 1 is reached through that port only from now on (ANA inaccessible
#                       through the other); PATHS-AB: through both again
#   ADD, GROW, REMOVE   namespace 5 comes with 64 MiB, grows to 128 MiB, goes
# Passes if native multipath follows each of FAILOVERS changes under a verified load that sees no
# error, and the kernel finds out about namespace 5 by itself.
. /job/lib/host.sh || exit 77
[ $# = 4 ] || { echo "usage: $0 PORT-A PORT-B SUBNQN FAILOVERS"; exit 64; }
port_a=$1 port_b=$2 nqn=$3 failovers=$4
expect_log 'no usable path - requeuing I/O|callbacks suppressed'

controller_at() { # $1 port
  local dir
  for dir in /sys/class/nvme/nvme*; do
    ! grep -qs "trsvcid=$1" "$dir/address" || echo "${dir##*/}"
  done
}
state_of() { cat "/sys/class/nvme/$1/$1"*n1/ana_state "/sys/class/nvme/$1/nvme"*c*n1/ana_state 2>/dev/null; }
is_state() { state_of "$1" | grep -qx "$2"; }
is_size() { [ "$(blockdev --getsize64 "$1" 2>/dev/null)" = "$2" ]; }
# shellcheck disable=SC2317 # by within
is_gone() { ! find_namespace "$nqn" 5; }

check 'native multipath' grep -qx Y /sys/module/nvme_core/parameters/multipath
connect "$nqn" "$port_a" --nr-io-queues=2 || finish
connect "$nqn" "$port_b" --nr-io-queues=2 || finish
namespace "$nqn" 1
# shellcheck disable=SC2153 # of namespace
device=$DEVICE
a=$(controller_at "$port_a") b=$(controller_at "$port_b")
check 'ana-log' nvme ana-log "/dev/$a"
check 'list-subsys' nvme list-subsys "$device"
check 'two controllers' [ -n "$a" -a -n "$b" -a "$a" != "$b" ]
check 'both paths are optimized' within 30 is_state "$a" optimized
check 'both paths are optimized' within 30 is_state "$b" optimized

step 'failover'
: > /run/go
verified() { # round after round of verified writes, until told to stop
  while [ -e /run/go ]; do
    fio --name=paths --filename="$device" --rw=randwrite --bs=4k --ioengine=libaio --direct=1 \
      --iodepth=16 --size=16M --verify=crc32c --do_verify=1 --verify_fatal=1 --randrepeat=0 \
      --lat_percentiles=1 || return 1
  done
}
verified > /run/fio.out 2>&1 &
load=$!
for ((n = 1; n <= failovers; n++)); do
  if ((n % 2)); then
    to=$b from=$a; echo PATH-B
  else
    to=$a from=$b; echo PATH-A
  fi
  within 30 is_state "$from" inaccessible || { fail "failover $n: $from is still $(state_of "$from")"; break; }
  within 30 is_state "$to" optimized || { fail "failover $n: $to is $(state_of "$to")"; break; }
  sleep 0.5
done
check "followed $failovers failovers" [ "$n" -gt "$failovers" ]
check 'the load was still going on' kill -0 $load
echo PATHS-AB
check 'both paths again' within 30 is_state "$a" optimized
check 'both paths again' within 30 is_state "$b" optimized
rm /run/go
status=0
wait $load || status=$?
check "no error, all data verified (exit $status)" [ $status = 0 ] || tail -n 30 /run/fio.out
echo "longest completion: $(grep -oE 'clat \([a-z]+\): min=.*' /run/fio.out | sort -t= -k3 | tail -n 1)"

step 'a namespace comes, grows and goes'
echo ADD
namespace "$nqn" 5
fifth=$DEVICE
check 'it has its size' within 30 is_size "$fifth" $((64 << 20))
load "$fifth" 16M
echo GROW
check 'it grew' within 30 is_size "$fifth" $((128 << 20))
check 'what is new can be written' dd if=/dev/zero of="$fifth" bs=1M seek=100 count=8 oflag=direct
echo REMOVE
check 'it is gone' within 30 is_gone
check 'the other one stayed' is_size "$device" $((128 << 20))
disconnect "$nqn"
finish
