#!/bin/bash
# host-restart.sh PORT SUBNQN [NSID [SECONDS]] - a target that dies under load and comes back.
#
# Prints "RESTART-NOW" when a verified write load is well under way and again when a file system is
# being written. Each time the caller kills the target and starts it again on the same port with the
# same data, within SECONDS (default 30). Passes if the host reconnects by itself, no I/O fails, all
# data verifies and the file system is clean.
. /job/lib/host.sh || exit 77
[ $# -ge 2 ] || { echo "usage: $0 PORT SUBNQN [NSID [SECONDS]]"; exit 64; }
port=$1 nqn=$2 nsid=${3:-1} seconds=${4:-30}
# The losses are wanted; errors of I/O and of file systems are not, whatever the cause.
expect_log 'nvme nvme[0-9]+: (reconnect|Reconnect|queue [0-9]|failed to|starting error|I/O tag|Abort|timeout|keep.?alive|long keepalive|Property )|nvme_tcp: queue [0-9]+: failed to receive icresp|no usable path - requeuing I/O|callbacks suppressed'

losses() { dmesg | grep -cE 'starting error recovery|Reconnecting in'; }
lost() { [ "$(losses)" -gt "$before" ]; }

survive() { # $1 what is going on in process $2, whose output is in $3
  local status=0
  before=$(losses)
  echo RESTART-NOW
  check "$1: the host lost the target" within $((seconds + 90)) lost
  check "$1: the host reconnected" within $((seconds + 90)) \
    grep -qx live "/sys/class/nvme/$controller/state"
  check "$1: it was still going on" kill -0 "$2"
  wait "$2" || status=$?
  check "$1: no error (exit $status)" [ $status = 0 ] || tail -n 20 "$3"
}

connect "$nqn" "$port" --reconnect-delay=1 --ctrl-loss-tmo=300 || finish
namespace "$nqn" "$nsid"
controller=$(controllers "$nqn")

step 'restart under a verified load'
# Slow enough to be still running when the target is back, whatever this machine's speed.
fio --name=restart --filename="$DEVICE" --rw=randwrite --bs=4k --ioengine=libaio --direct=1 \
  --iodepth=16 --size=32M --rate=,$((32768 / (seconds + 10)))k --verify=crc32c --do_verify=1 \
  --verify_fatal=1 > /run/fio.out 2>&1 &
load=$!
sleep 3
survive 'verified load' $load /run/fio.out

step 'restart while a file system is written'
mkdir -p /mnt/restart
check 'ext4: make' mkfs.ext4 -q -F "$DEVICE"
check 'ext4: mount' mount "$DEVICE" /mnt/restart
paced_files() { # a file and a sync a turn, for as long as the restart may take
  local n until=$((SECONDS + seconds + 10))
  for ((n = 0; SECONDS < until; n++)); do
    head -c 200k /dev/urandom > "/mnt/restart/$((n % 300))" || return 1
    sync -f /mnt/restart || return 1
    sleep 0.2
  done
  cd /mnt/restart && sha256sum -- [0-9]* > sums && sync -f .
}
paced_files > /run/files.out 2>&1 &
files=$!
sleep 3
survive 'file system' $files /run/files.out
check 'ext4: unmount' umount /mnt/restart
check 'ext4: check' e2fsck -f -n "$DEVICE"
check 'ext4: mount again' mount "$DEVICE" /mnt/restart
check 'ext4: contents as written' sh -c 'cd /mnt/restart && sha256sum --quiet -c sums'
check 'ext4: unmount again' umount /mnt/restart
load "$DEVICE" 4M
disconnect "$nqn"
finish
