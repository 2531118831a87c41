#!/bin/bash
# host-reserved.sh PORT SUBNQN NSID HOSTNQN - one of several hosts that share a reservable namespace.
#
# Each host needs a guest of its own: one kernel merges its host NQNs. Run it with --stdin. It connects as
# HOSTNQN, prints "READY", then does what each line of its input says and answers it by "DONE VERB":
#   register KEY, unregister KEY            by nvme-cli; keys are hexadecimal, 0x first
#   acquire KEY RTYPE, release KEY RTYPE
#   preempt KEY VICTIM RTYPE                a reservation and a registration
#   report                                  prints "REPORT JSON"
#   pr COMMAND...                           the kernel's own reservations: blkpr COMMAND... DEVICE
#   reads, writes                           must succeed
#   no-reads, no-writes                     must end with the kernel's EBADE, a reservation conflict
#   begin-writes                            writes go on behind the next lines
#   lost-writes                             those must have ended with EBADE
#   reconnected                             the target was lost, and is back
#   stop                                    disconnects and ends
. /job/lib/host.sh || exit 77
[ $# = 4 ] || { sed -n 2,6p "$0"; exit 64; }
port=$1 nqn=$2 nsid=$3 host=$4
# What the kernel says where a reservation keeps it out, and when the target is killed on purpose.
expect_log 'reservation conflict|Reservation Conflict|Cmd\(0x[12]\) @ LBA .*\(sct 0x0 / sc 0x83\)|callbacks suppressed'
expect_log 'nvme nvme[0-9]+: (reconnect|Reconnect|queue [0-9]|failed to|starting error|I/O tag|Property )|nvme_tcp: queue [0-9]+: failed to receive icresp|no usable path - requeuing I/O'

read_it() { dd if="$DEVICE" of=/dev/null bs=4k count=1 iflag=direct; }
write_it() { dd if=/dev/urandom of="$DEVICE" bs=4k count=4 oflag=direct; }
conflict() { # $1...: fails, and with EBADE
  LC_ALL=C "$@" > /run/conflict.out 2>&1 && return 1
  cat /run/conflict.out
  grep -q 'Invalid exchange' /run/conflict.out
}
write_on() { while write_it; do :; done; }
ended() { ! kill -0 "$writer" 2>/dev/null; }
live() { grep -qx live "/sys/class/nvme/$(controllers "$nqn")/state"; }
report() { nvme resv-report "$DEVICE" --eds --output-format=json > /run/report.json; }

connect "$nqn" "$port" --hostnqn="$host" --hostid="${host##*:}" --nr-io-queues=2 \
  --reconnect-delay=1 --ctrl-loss-tmo=300 || finish
namespace "$nqn" "$nsid"
blkpr --version
echo READY
while read -r verb a b c; do
  what="$verb $a $b $c"
  case $verb in
    register) check "$what" nvme resv-register "$DEVICE" --nrkey="$a" --rrega=0 ;;
    unregister) check "$what" nvme resv-register "$DEVICE" --crkey="$a" --rrega=1 ;;
    acquire) check "$what" nvme resv-acquire "$DEVICE" --crkey="$a" --rtype="$b" --racqa=0 ;;
    release) check "$what" nvme resv-release "$DEVICE" --crkey="$a" --rtype="$b" --rrela=0 ;;
    preempt) check "$what" nvme resv-acquire "$DEVICE" --crkey="$a" --prkey="$b" --rtype="$c" --racqa=1 ;;
    report)
      check "$what" report
      echo "REPORT $(jq -c . /run/report.json)" ;;
    pr) # shellcheck disable=SC2086 # words
      check "$what" blkpr $a $b $c "$DEVICE" ;;
    reads) check "$what" read_it ;;
    writes) check "$what" write_it ;;
    no-reads) check "$what" conflict read_it ;;
    no-writes) check "$what" conflict write_it ;;
    begin-writes)
      LC_ALL=C write_on > /run/writer.out 2>&1 &
      writer=$! ;;
    lost-writes)
      check "$what: they ended" within 60 ended
      check "$what: by a conflict" grep -q 'Invalid exchange' /run/writer.out ;;
    reconnected) check "$what" within 120 live ;;
    stop) break ;;
    *) fail "unknown line: $what" ;;
  esac
  echo "DONE $verb"
done
disconnect "$nqn"
finish
