#!/bin/bash
# host-classes.sh CRITICAL-PORT BULK-PORT PLAIN-PORT SUBNQN - a host that knows nothing of intent.
#
# The same namespace through three listeners: two with a class of their own, one without. Its
# device must be slow (a modelled one, scaled by some 50) and one for all.
#   1. direct reads at the critical port beside a saturating writer at the bulk port; then the same
#      reads at the bulk port: what the port is worth
#   2. buffered reads, whose readahead Linux marks, beside the same host's direct reads; then beside
#      another host's bulk writes: they yield to the first and do not starve behind the second
# The ports must be disks of their own: boot with nvme_core.multipath=N (run-guest --append).
# Judged by what the target counted (log E0h, by nvme-cli) and by completions; no time decides.
. /job/lib/host.sh || exit 77
[ $# = 4 ] || { echo "usage: $0 CRITICAL-PORT BULK-PORT PLAIN-PORT SUBNQN"; exit 64; }
critical_port=$1 bulk_port=$2 plain_port=$3 nqn=$4
other=nqn.2014-08.org.nvmexpress:uuid:6ba7b811-9dad-11d1-80b4-00c04fd430c8
check 'every port is a device of its own' grep -qx N /sys/module/nvme_core/parameters/multipath

# Connects once more and sets $controller and $device.
attach() { # $1 port, then options
  local before after port=$1
  shift
  before=$(controllers "$nqn" | sort)
  connect "$nqn" "$port" --nr-io-queues=1 --duplicate-connect "$@" || finish
  after=$(controllers "$nqn" | sort)
  controller=$(comm -13 <(echo "$before") <(echo "$after"))
  check "its namespace appears as a disk of $controller" within 30 test -b "/dev/${controller}n1" \
    || finish
  device=/dev/${controller}n1
}

run() { # $1 name, $2 device, then fio options: a load without verification, its result as JSON
  local name=$1 on=$2
  shift 2
  fio --name="$name" --filename="$on" --ioengine=libaio --direct=1 --time_based --group_reporting \
    --randrepeat=1 --output-format=json --output="$OUT/fio-$name.json" "$@" >> "$LOG" 2>&1
}

ios() { jq '[.jobs[] | .read.total_ios + .write.total_ios] | add' "$OUT/fio-$1.json"; }

# Reads the log of a controller and begins it anew; prints commands, bytes, and the buckets of the
# median and of the 99th of a hundred: of the time spent waiting in the target, and at the device.
told() { # $1 controller, $2 name
  local file=$OUT/e0-$2
  # shellcheck disable=SC2015 # either of them
  # Of a histogram (LSP 1 waiting, 2 device); 8 more begins anew.
  nvme get-log "/dev/$1" --log-id=0xe0 --log-len=8448 --lsp=1 --raw-binary > "$file-1" 2>> "$LOG" \
    && nvme get-log "/dev/$1" --log-id=0xe0 --log-len=8448 --lsp=10 --raw-binary > "$file-2" 2>> "$LOG" \
    || { echo '0 0 -1 -1 -1 -1'; return 1; }
  echo "$(buckets "$file-1") $(buckets "$file-2" | cut -d ' ' -f 3-)"
}

buckets() { # $1 file: over all classes, commands, bytes, bucket of the median and of p99
  od -A n -v -t u8 -w8 "$1" | awk '
    NR > 32 { at = (NR - 33) % 128
      if (at == 0) commands += $1
      if (at == 1) bytes += $1
      if (at >= 32) { bucket[at - 32] += $1; sum += $1 } }
    END { median = last = -1
      for (b = 0; b < 96; b++) { seen += bucket[b]
        if (median < 0 && seen * 2 >= sum && sum) median = b
        if (last < 0 && seen * 100 >= sum * 99 && sum) last = b }
      printf "%.0f %.0f %d %d\n", commands, bytes, median, last }'
}

# Sets $commands, $bytes and the buckets $median, $last, $device, $device_last; prints them.
report() { # $1 name, $2 what told printed
  read -r commands bytes median last device device_last <<<"$2"
  echo "TOLD $1: $commands commands, $bytes bytes; waited $(edge "$median") us, p99 $(edge "$last");" \
    "device $(edge "$device") us, p99 $(edge "$device_last")"
}

edge() { # lower edge of a bucket, us
  local b=$1
  if [ "$b" -lt 4 ]; then echo $((b * 256 / 1000))
  else echo $(((4 + b % 4) * (1 << (b / 4 - 1)) * 256 / 1000)); fi
}

reads=(--rw=randread --bs=4k --iodepth=1 --runtime=8)
writes=(--rw=randwrite --bs=128k --iodepth=32)

expect_log 'multipathing not supported|Support for shared namespaces without' # as booted

step 'two ports'
attach "$critical_port"; critical=$controller critical_device=$device
attach "$bulk_port"; bulk=$controller bulk_device=$device
check 'the target tells what it counted' told "$critical" before
told "$bulk" before-bulk > /dev/null
run alone "$critical_device" "${reads[@]}"
report alone "$(told "$critical" alone)"
run writer "$bulk_device" "${writes[@]}" --runtime=30 & writer=$!
sleep 2
told "$bulk" ramp > /dev/null
run beside "$critical_device" "${reads[@]}"
beside=$(told "$critical" beside) writes_beside=$(told "$bulk" writes)
run stripped "$bulk_device" "${reads[@]}"
wait $writer
report 'reads at the critical port' "$beside"
critical_last=$last critical_told=$commands
report 'writes at the bulk port' "$writes_beside"
echo "FIGURE reads alone $(ios alone), beside the writer at the critical port $(ios beside), at the bulk port $(ios stripped)"
check 'the target counted every read' test "$critical_told" -ge "$(ios beside)"
check 'a critical read waits less than half of the bulk writes do' test "$critical_last" -lt "$median"
check 'the port is worth twice as many reads' test "$(ios beside)" -ge $((2 * $(ios stripped)))
check 'the writer went on' test "$commands" -ge 20

step 'readahead'
attach "$plain_port"; buffered=$controller buffered_device=$device
attach "$plain_port"; direct=$controller direct_device=$device
echo 512 > "/sys/block/${buffered_device#/dev/}/queue/read_ahead_kb"
readers() { # $1 seconds: buffered sequential readers, each of a part of its own
  local n
  blockdev --flushbufs "$buffered_device"
  for n in 0 1 2 3 4 5; do
    timeout "$1" dd if="$buffered_device" of=/dev/null bs=1M skip=$((n * 80)) count=80 status=none &
  done
}
told "$buffered" none > /dev/null; told "$direct" none > /dev/null
# A critical reader keeps the target careful with what it lets the device have at once.
run guard "$critical_device" --rw=randread --bs=4k --iodepth=1 --runtime=14 & guard=$!
readers 12
sleep 2
told "$buffered" ramp > /dev/null
run demand "$direct_device" --rw=randread --bs=4k --iodepth=4 --runtime=8
demand=$(told "$direct" demand) ahead=$(told "$buffered" ahead)
wait $guard
wait
report 'direct reads' "$demand"
demand_median=$median
report 'buffered reads' "$ahead"
check 'readahead was read' test "$commands" -ge 20
check 'a direct read waits less than the readahead it is beside' test "$demand_median" -lt "$median"

step "another host's bulk"
attach "$bulk_port" --hostnqn="$other" --hostid="${other##*:}"; foreign=$controller
foreign_device=$device
run foreign "$foreign_device" "${writes[@]}" --runtime=16 & writer=$!
run guard "$critical_device" --rw=randread --bs=4k --iodepth=1 --runtime=16 & guard=$!
sleep 3
readers 10
told "$buffered" none > /dev/null; told "$foreign" none > /dev/null
sleep 8
ahead=$(told "$buffered" ahead-2) others=$(told "$foreign" foreign)
wait $writer $guard
wait
report 'buffered reads' "$ahead"
ahead_bytes=$bytes
report "another host's writes" "$others"
check "buffered reads do not starve behind another host's bulk" \
  test $((5 * ahead_bytes)) -ge "$bytes"

step 'end'
disconnect "$nqn"
finish
