#!/bin/bash
# host-torture.sh PORT SUBNQN SEED OPERATIONS TYPE:NSID... - file systems under random operations.
#
# TYPE is ext4, xfs or btrfs. On each: two processes of lib/fs-torture.py with OPERATIONS each, which know
# what their files must hold, beside a verified load of fio and a trim of what is free; then it is
# unmounted, checked, mounted again, and every file compared with what was to be in it; checked again.
. /job/lib/host.sh || exit 77
[ $# -ge 5 ] || { sed -n 2,3p "$0"; exit 64; }
port=$1 nqn=$2 seed=$3 operations=$4
shift 4

checks() { # $1 type, $2 device: what its own checker says, changing nothing
  case $1 in
    ext4) check "$1: check" e2fsck -f -n "$2" ;;
    xfs) check "$1: check" xfs_repair -n "$2" ;;
    btrfs) check "$1: check" btrfs check --check-data-csum "$2" ;;
  esac
}

torture() { # $1 type, $2 device
  local type=$1 device=$2 dir=/mnt/$1 make n
  local -a processes=()
  case $type in
    ext4) make=(mkfs.ext4 -q -F) ;;
    xfs) make=(mkfs.xfs -q -f) ;;
    btrfs) make=(mkfs.btrfs -q -f) ;;
  esac
  step "$type on $device"
  check "$type: make" "${make[@]}" "$device" || return 1
  mkdir -p "$dir"
  check "$type: mount" mount -t "$type" "$device" "$dir" || return 1
  for n in 1 2; do
    mkdir "$dir/$n"
    /job/lib/fs-torture.py "$dir/$n" $((seed + n)) "$operations" "/run/$type.$n" \
      > "/run/torture.$n" 2>&1 &
    processes+=($!)
  done
  check "$type: fio beside it, verified" fio --name=beside --filename="$dir/load" --rw=randwrite \
    --bs=4k-64k --ioengine=libaio --iodepth=8 --size=16M --fsync=32 --verify=crc32c --do_verify=1 \
    --verify_fatal=1 --randrepeat=0
  check "$type: trim beside it" fstrim -v "$dir"
  for n in 1 2; do
    check "$type: process $n found what it had written" wait "${processes[n - 1]}" \
      || tail -n 5 "/run/torture.$n"
    sed "s/^/$type $n: /" "/run/torture.$n"
  done
  check "$type: files were made" [ -s "/run/$type.1" -a -s "/run/$type.2" ]
  check "$type: unmount" umount "$dir"
  checks "$type" "$device"
  check "$type: mount again" mount -t "$type" "$device" "$dir" || return 1
  for n in 1 2; do
    check "$type: files of process $n" sh -c "cd $dir/$n && sha256sum --quiet -c /run/$type.$n"
  done
  [ "$type" != btrfs ] || check "$type: scrub" btrfs scrub start -B "$dir"
  check "$type: unmount again" umount "$dir"
  checks "$type" "$device"
}

connect "$nqn" "$port" || finish
echo "seed $seed"
for each in "$@"; do
  namespace "$nqn" "${each#*:}"
  # shellcheck disable=SC2153 # of namespace
  torture "${each%:*}" "$DEVICE"
done
disconnect "$nqn"
finish
