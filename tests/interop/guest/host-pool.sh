#!/bin/bash
# host-pool.sh PORT SUBNQN HOSTNQN FREE - namespaces that this host makes by nvme-cli.
#
# The subsystem has no namespace, and a pool of FREE bytes that HOSTNQN manages.
. /job/lib/host.sh || exit 77
[ $# = 4 ] || { sed -n 2p "$0"; exit 64; }
port=$1 nqn=$2 host=$3 free=$4
MIB=$((1 << 20))

id_ctrl() { nvme id-ctrl "/dev/$controller" --output-format=json > "$OUT/id-ctrl.json"; }
is_free() { id_ctrl && jq -e ".unvmcap == $1 and .tnvmcap == $free" "$OUT/id-ctrl.json"; }
create() { # $1 MiB, $2 block: prints what nvme-cli does
  nvme create-ns "/dev/$controller" --nsze=$(($1 * MIB / $2)) --ncap=$(($1 * MIB / $2)) \
    --block-size="$2" --nmic=1
}
allocated() { nvme list-ns --all "/dev/$controller" --output-format=json; }
has() { # $1 how many namespaces are allocated
  allocated > "$OUT/all.json" && [ "$(jq '.nsid_list | length' "$OUT/all.json")" = "$1" ]
}
# shellcheck disable=SC2317 # by within
is_gone() { ! find_namespace "$nqn" "$1"; }

connect "$nqn" "$port" --hostnqn="$host" --hostid="${host##*:}" || finish
controller=$(controllers "$nqn" | tail -n 1)
check 'id-ctrl' id_ctrl
check_json 'namespace management is told' '(.oacs % 16) >= 8' "$OUT/id-ctrl.json"
check "all of it is free" is_free "$free"
cntlid=$(jq .cntlid "$OUT/id-ctrl.json")

step 'make and attach'
check 'create 64 MiB of 4096-byte blocks' create 64 4096
check 'create 32 MiB of 512-byte blocks' create 32 512
check_fails 'create more than is left' create $((free / MIB)) 4096
check_fails 'create a private one' nvme create-ns "/dev/$controller" --nsze=16384 --ncap=16384 --flbas=0
check 'what is left' is_free $((free - 96 * MIB))
check 'both are allocated' has 2
check 'none is attached' is_gone 1
for nsid in 1 2; do
  check "attach $nsid" nvme attach-ns "/dev/$controller" --namespace-id=$nsid --controllers="$cntlid"
  namespace "$nqn" $nsid
  check "list-ctrl of $nsid" nvme list-ctrl "/dev/$controller" --namespace-id=$nsid
done
check_fails 'attach it again' nvme attach-ns "/dev/$controller" --namespace-id=1 --controllers="$cntlid"

step 'use'
one=$(find_namespace "$nqn" 1) two=$(find_namespace "$nqn" 2)
check 'size of the first' [ "$(blockdev --getsize64 "$one")" = $((64 * MIB)) ]
check 'blocks of the first' [ "$(blockdev --getss "$one")" = 4096 ]
check 'size of the second' [ "$(blockdev --getsize64 "$two")" = $((32 * MIB)) ]
check 'blocks of the second' [ "$(blockdev --getss "$two")" = 512 ]
load "$one" 8M
load "$two" 8M
try_filesystem ext4 "$one"

step 'detach and delete'
check 'detach 1' nvme detach-ns "/dev/$controller" --namespace-id=1 --controllers="$cntlid"
check 'its disk goes' within 30 is_gone 1
check 'it is allocated still' has 2
check 'delete 1' nvme delete-ns "/dev/$controller" --namespace-id=1
check 'delete 2, attached' nvme delete-ns "/dev/$controller" --namespace-id=2
check 'its disk goes' within 30 is_gone 2
check 'none is allocated' has 0
check 'all of it is free again' is_free "$free"
disconnect "$nqn"
finish
