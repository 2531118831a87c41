#!/bin/bash
# host-managed.sh PORT SUBNQN HOSTNQN KILLS - a target that is managed while this host uses it.
#
# Needs --stdin: the caller does what lines on standard output say, and answers each by a line.
#   CHANGE   changes the configuration again and again, in what does not concern namespace 1
#   KILL     does so too, kills the target meanwhile, and starts it again
# Passes if a verified load on namespace 1 sees no error, CHANGE costs no connection, and the host
# comes back by itself after each KILL.
. /job/lib/host.sh || exit 77
[ $# = 4 ] || { echo "usage: $0 PORT SUBNQN HOSTNQN KILLS"; exit 64; }
port=$1 nqn=$2 host=$3 kills=$4
# Disks that come and go may go while the kernel looks for partitions; losses are wanted later.
expect_log 'nvme nvme[0-9]+: (Connect for subsystem .* is not allowed|Identify Descriptors failed .*status=0x400b)'
expect_log 'nvme[0-9]+(c[0-9]+)?n([2-9]|[1-9][0-9])\b|callbacks suppressed|no usable path - requeuing I/O'
expect_log 'nvme nvme[0-9]+: (reconnect|Reconnect|queue [0-9]|failed to|starting error|I/O tag|Abort|timeout|keep.?alive|long keepalive|Property )|nvme_tcp: queue [0-9]+: failed to receive icresp'

losses() { dmesg | grep -cE 'starting error recovery|Reconnecting in'; }
lost() { [ "$(losses)" -gt "$before" ]; }
answer() { # $1 what was asked for
  local line
  echo "$1"
  read -r line || line='nothing'
  check "$1 is done" [ "$line" = "done" ]
}
verified() { # round after round of verified writes, until told to stop
  while [ -e /run/go ]; do
    fio --name=managed --filename="$DEVICE" --rw=randwrite --bs=4k --ioengine=libaio --direct=1 \
      --iodepth=16 --size=16M --verify=crc32c --do_verify=1 --verify_fatal=1 --randrepeat=0 \
      || return 1
    echo round >> /run/rounds
  done
}

check_fails 'a host that was not let in' nvme connect --transport=tcp --traddr="$MACHINE" \
  --trsvcid="$port" --nqn="$nqn"
connect "$nqn" "$port" --hostnqn="$host" --hostid="${host##*:}" --reconnect-delay=1 \
  --ctrl-loss-tmo=300 || finish
namespace "$nqn" 1
controller=$(controllers "$nqn")
: > /run/go
: > /run/rounds
verified > /run/fio.out 2>&1 &
load=$!

step 'changes under load'
answer CHANGE
check 'no connection was lost' [ "$(losses)" = 0 ]
check 'the load was still going on' kill -0 $load

step 'killed in the middle of changes'
for ((n = 1; n <= kills; n++)); do
  before=$(losses)
  answer KILL
  check "kill $n: the host lost the target" within 120 lost
  check "kill $n: the host reconnected" within 120 \
    grep -qx live "/sys/class/nvme/$controller/state"
done
rm /run/go
status=0
wait $load || status=$?
check "no error, all data verified (exit $status)" [ $status = 0 ] || tail -n 30 /run/fio.out
echo "rounds of 16 MiB written and verified: $(wc -l < /run/rounds)"
disconnect "$nqn"
finish
