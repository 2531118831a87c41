#!/bin/bash
# host-basic.sh PORT DISCOVERY-PORT SUBNQN [NSID...] - what an administrator does on a first day.
#
# The target listens on the machine's 127.0.0.1 and its discovery log must advertise 192.0.2.2.
# Discovers, connects by connect-all, reads every log and identify page that nvme-cli knows for a
# fabrics controller, writes and verifies 64 MiB on each namespace (default: namespace 1), puts
# ext4 on the first and xfs on the last of them, disconnects. Ends with a RESULT line.
. /job/lib/host.sh || exit 77
[ $# -ge 3 ] || { echo "usage: $0 PORT DISCOVERY-PORT SUBNQN [NSID...]"; exit 64; }
port=$1 discovery_port=$2 nqn=$3
shift 3
nsids=("${@:-1}")
tcp=(--transport=tcp --traddr="$MACHINE")
json() { "${@:2}" --output-format=json > "$OUT/$1.json"; } # $1 name, then an nvme command

step 'discovery'
for at in "$discovery_port" "$port"; do
  check "discover on port $at" nvme discover "${tcp[@]}" --trsvcid="$at"
  check "discover on port $at, JSON" json "discover-$at" nvme discover "${tcp[@]}" --trsvcid="$at"
  check_json "port $at lists $nqn at $MACHINE:$port" \
    "any(.records[]; .subnqn == \"$nqn\" and .traddr == \"$MACHINE\" and .trsvcid == \"$port\"
       and .trtype == \"tcp\" and .subtype == \"nvme subsystem\")" "$OUT/discover-$at.json"
done

step 'connect'
expect_log 'no-such-subsystem|failed to connect queue: 0 ret=16770' # Connect Invalid Parameters, DNR
check_fails 'connect to an unknown subsystem' nvme connect "${tcp[@]}" --trsvcid="$port" \
  --nqn="nqn.2014-08.org.example:no-such-subsystem"
check 'connect-all' nvme connect-all "${tcp[@]}" --trsvcid="$discovery_port" --keep-alive-tmo=30
controller=$(controllers "$nqn" | tail -n 1)
[ -n "$controller" ] || { fail "no controller of $nqn"; finish; }
device=/dev/$controller
check 'the controller is live' within 30 grep -qx live "/sys/class/nvme/$controller/state"
devices=()
for nsid in "${nsids[@]}"; do
  namespace "$nqn" "$nsid"
  devices+=("$DEVICE")
done
echo "controller $device, namespaces ${devices[*]}"

step 'what it is'
check 'list' nvme list -v
check 'list, JSON' json list nvme list -v
check_json 'list names the subsystem' "[.. | .SubsystemNQN? // empty] | index(\"$nqn\") != null" "$OUT/list.json"
check 'list-subsys' nvme list-subsys
check 'id-ctrl' nvme id-ctrl -H "$device"
check 'id-ctrl, JSON' json id-ctrl nvme id-ctrl "$device"
check_json 'id-ctrl: NQN, fabrics, keep alive' \
  ".subnqn == \"$nqn\" and .kas > 0 and .ioccsz >= 4 and .iorcsz == 1 and .maxcmd > 0
   and (.ver >= 66048) and .cntlid == ($(cat "/sys/class/nvme/$controller/cntlid"))" "$OUT/id-ctrl.json"
check 'show-regs' nvme show-regs -H "$device"
check 'show-regs, JSON' json show-regs nvme show-regs "$device"
check_json 'show-regs: ready' '(.csts % 2) == 1 and (.cap != 0)' "$OUT/show-regs.json"
check 'list-ns' nvme list-ns "$device"
for d in "${devices[@]}"; do
  check "id-ns $d" nvme id-ns -H "$d"
  check "id-ns $d, JSON" json id-ns nvme id-ns "$d"
  check_json "id-ns $d: size as the kernel has it" \
    ".nsze * pow(2; .lbafs[.flbas % 16].ds) == $(blockdev --getsize64 "$d") and .ncap <= .nsze
     and .nuse <= .ncap" "$OUT/id-ns.json"
  check "ns-descs $d" nvme ns-descs "$d"
done

step 'logs and features'
check 'smart-log' nvme smart-log -H "$device"
check 'smart-log, JSON' json smart-log nvme smart-log "$device"
check_json 'smart-log: no warning, sane temperature' \
  '(.critical_warning | if type == "object" then .value else . end) == 0 and .temperature < 400' \
  "$OUT/smart-log.json"
check 'error-log' nvme error-log "$device"
check 'error-log, JSON' json error-log nvme error-log "$device"
check 'fw-log' nvme fw-log "$device"
check 'fw-log, JSON' json fw-log nvme fw-log "$device"
check 'effects-log' nvme effects-log "$device"
for feature in 7 0xb 0xf; do
  check "get-feature $feature" nvme get-feature "$device" --feature-id=$feature
done

step 'data'
for d in "${devices[@]}"; do load "$d" 64M; done
for d in "${devices[@]}"; do
  check "flush $d" nvme flush "$d"
  check "discard $d" blkdiscard --offset 0 --length 1M "$d"
  check "write zeroes $d" blkdiscard --zeroout --offset 1M --length 1M "$d"
  check "zeroes read back from $d" cmp --bytes=1M --ignore-initial=1M:0 "$d" /dev/zero
done
# What not every target has, or has the same way.
reserve() { # $1 namespace: by the one host there is
  check "register with $1" nvme resv-register "$1" --nrkey=0x1111 --rrega=0
  check "register again with $1" nvme resv-register "$1" --nrkey=0x1111 --rrega=0
  check_fails "register with another key at $1" nvme resv-register "$1" --nrkey=0x2222 --rrega=0
  check "acquire $1" nvme resv-acquire "$1" --crkey=0x1111 --rtype=2 --racqa=0
  check "report of $1, JSON" json resv-report nvme resv-report "$1" --eds
  check_json "report of $1: one host holds it exclusively" \
    '.rtype == 2 and .regctl == 1 and .ptpls == 0 and
     ([.. | objects | select(has("rkey"))] | length == 1 and .[0].rkey == 4369 and .[0].rcsts == 1)' \
    "$OUT/resv-report.json"
  check "the holder reads $1" dd if="$1" of=/dev/null bs=1M count=1 iflag=direct
  if (($(jq '.rescap // 0' "$OUT/id-ns.json") % 2)); then
    check "keep what $1 has through a loss of power" nvme resv-register "$1" --crkey=0x1111 \
      --nrkey=0x1111 --rrega=2 --cptpl=3
    check "report of $1, JSON" json resv-report nvme resv-report "$1" --eds
    check_json "report of $1: it is kept" '.ptpls == 1 and .rtype == 2' "$OUT/resv-report.json"
    check "and no longer" nvme set-feature "$1" --feature-id=0x83 --value=0
  fi
  check "release $1" nvme resv-release "$1" --crkey=0x1111 --rtype=2 --rrela=0
  check "unregister from $1" nvme resv-register "$1" --crkey=0x1111 --rrega=1
  check_fails "acquire $1 unregistered" nvme resv-acquire "$1" --crkey=0x1111 --rtype=1 --racqa=0
}
optional=$(jq .oncs "$OUT/id-ctrl.json")
if (((optional & 0x40) != 0)); then
  check 'list-ns of all that are allocated' nvme list-ns --all "$device"
  check 'list-ctrl' nvme list-ctrl "$device"
  check 'list-ctrl of a namespace' nvme list-ctrl "$device" --namespace-id="${nsids[0]}"
  check 'log of features' nvme fid-support-effects-log "$device"
  check 'timestamp' nvme get-feature -H "$device" --feature-id=0xe
fi
for d in "${devices[@]}"; do
  mib=$((1048576 / $(blockdev --getss "$d"))) # in blocks
  if (((optional & 0x80) != 0)); then
    check "verify $d" nvme verify "$d" --start-block=0 --block-count=$((8 * mib - 1))
    check_fails "verify beyond the end of $d" nvme verify "$d" \
      --start-block=$(($(blockdev --getsz "$d") * 512 / $(blockdev --getss "$d"))) --block-count=0
  fi
  if (((optional & 0x20) != 0)); then reserve "$d"; fi
  if (((optional & 0x100) != 0)); then
    check "copy 1 MiB within $d" nvme copy "$d" --sdlba=$((40 * mib)) --slbs=$((4 * mib)),$((6 * mib)) \
      --blocks=$((mib / 2 - 1)),$((mib / 2 - 1))
    check "drop what is cached of $d" blockdev --flushbufs "$d"
    check "its first half is there" cmp --bytes=512K --ignore-initial=4M:40M "$d" "$d"
    check "its second half is there" cmp --bytes=512K --ignore-initial=6M:$((40 * 1024 + 512))K "$d" "$d"
    check_fails "copy onto itself on $d" nvme copy "$d" --sdlba=$((4 * mib)) --slbs=$((4 * mib)) --blocks=7
  fi
done
if (($(jq .oacs "$OUT/id-ctrl.json") & 2)); then
  for d in "${devices[@]}"; do
    check "format $d" nvme format "$d" --ses=1 --force
    check "drop what is cached of $d" blockdev --flushbufs "$d"
    check "zeroes read back from $d" cmp --bytes=64M "$d" /dev/zero
    check "write where it was formatted" dd if=/dev/urandom of="$d" bs=1M count=1 oflag=direct
  done
fi
try_filesystem ext4 "${devices[0]}"
try_filesystem xfs "${devices[-1]}"

step 'disconnect'
disconnect "$nqn"
finish
