#!/bin/bash
# host-discovery.sh DISCOVERY-PORT SUBNQN ADDED-SUBNQN REFERRED-PORT REFERRED-SUBNQN - discovery that stays.
#
# The caller changes the target when told to, by lines on standard output:
#   ADD      the subsystem ADDED-SUBNQN comes
#   REFER    a referral to the discovery service at REFERRED-PORT, which serves REFERRED-SUBNQN, comes
# Passes if a persistent discovery controller stays, the kernel is told of each change by an event of
# its own, the log read through that controller has it then, and connect-all follows the referral.
. /job/lib/host.sh || exit 77
[ $# = 5 ] || { echo "usage: $0 DISCOVERY-PORT SUBNQN ADDED-SUBNQN REFERRED-PORT REFERRED-SUBNQN"; exit 64; }
port=$1 nqn=$2 added=$3 referred_port=$4 referred=$5
tcp=(--transport=tcp --traddr="$MACHINE" --trsvcid="$port")

discovery_controller() {
  local dir
  for dir in /sys/class/nvme/nvme*; do
    ! grep -qsx discovery "$dir/cntrltype" || echo "${dir##*/}"
  done
}
changes() { grep -c 'NVME_AEN=0x70f002' /run/uevents; } # of the discovery log
# shellcheck disable=SC2317 # by within
are_changes() { [ "$(changes)" -ge "$1" ]; }
read_log() { nvme discover --device="$controller" "${tcp[@]}" --output-format=json > "$OUT/$1.json"; }

step 'a discovery controller that stays'
udevadm monitor --kernel --property --subsystem-match=nvme > /run/uevents 2>&1 &
monitor=$!
check 'the monitor listens' within 10 grep -q KERNEL /run/uevents
check 'discover, persistent' nvme discover "${tcp[@]}" --persistent
controller=$(discovery_controller)
[ -n "$controller" ] || { fail 'no discovery controller stayed'; finish; }
check 'it is live' within 30 grep -qx live "/sys/class/nvme/$controller/state"
check 'it keeps alive' [ "$(cat "/sys/class/nvme/$controller/kato")" -gt 0 ]
check 'read the log through it' read_log before
check_json "it has $nqn and itself, and not $added" \
  "any(.records[]; .subnqn == \"$nqn\") and any(.records[]; .subtype == \"current discovery subsystem\")
   and all(.records[]; .subnqn != \"$added\")" "$OUT/before.json"
check 'no change so far' [ "$(changes)" = 0 ]

step 'a change'
echo ADD
check 'the kernel is told' within 30 are_changes 1
check 'read the log through it' read_log added
check_json "it has $added" "any(.records[]; .subnqn == \"$added\")" "$OUT/added.json"
check_json 'another generation' \
  ".genctr > $(jq .genctr "$OUT/before.json")" "$OUT/added.json"

step 'a referral'
echo REFER
check 'the kernel is told' within 30 are_changes 2
check 'read the log through it' read_log referred
check_json 'it has the referral' \
  "any(.records[]; .subtype == \"discovery subsystem referral\" and .traddr == \"$MACHINE\"
     and .trsvcid == \"$referred_port\")" "$OUT/referred.json"
check 'the controller is still the same' [ "$(discovery_controller)" = "$controller" ]
check 'connect-all' nvme connect-all "${tcp[@]}"
for each in "$nqn" "$added" "$referred"; do
  namespace "$each" 1
  check "$each is there, at $DEVICE" dd if="$DEVICE" of=/dev/null bs=64K count=16 iflag=direct
done
kill "$monitor"
cp /run/uevents "$OUT/uevents.txt"
check 'disconnect all' nvme disconnect-all
finish
