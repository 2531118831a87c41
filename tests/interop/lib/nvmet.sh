# nvmet.sh - the guest kernel's own NVMe/TCP target, set up through configfs. To be sourced:
#
#   . lib/nvmet.sh
#   nvmet_ramdisk MB [BLOCK]            prints the device of a new memory disk (BLOCK 512 or 4096)
#   nvmet_file MB                       prints the path of a new backing file
#   nvmet_namespace NQN NSID DEVICE     adds an enabled namespace, making the subsystem if need be
#   nvmet_drop_namespace NQN NSID
#   nvmet_port ID ADDRESS PORT [NAME=VALUE...] -- NQN...
#                                       listens; NAME=VALUE are attributes of the port, such as
#                                       param_inline_data_size=1024 or addr_tsas=tls1.3
#   nvmet_drop_port ID                  stops listening and cuts the port's connections
#   nvmet_host NQN HOSTNQN              admits this host only, and those it was called for before
#   nvmet_secret NQN HOSTNQN KEY [CONTROLLER-KEY [HASH [DHGROUP]]]
#                                       admits this host only, with DH-HMAC-CHAP
#   nvmet_log REGEX                     prints what the kernel said last that matches
#   nvmet_end                           removes all of it and ends the script: PASS and 0, or FAIL and
#                                       1 where the kernel log shows a fault
#   nvmet_down                          removes all of it
#
# Any host may connect unless one of the two was called. All functions fail loudly (set -e helps).
# shellcheck shell=bash

NVMET=/sys/kernel/config/nvmet
NVMET_SERIAL=MORAKERNEL

nvmet_load() {
  modprobe -a nvmet nvmet-tcp nvme-tcp
  mountpoint -q /sys/kernel/config || mount -t configfs config /sys/kernel/config
}

nvmet_ramdisk() {
  local n=0 dir
  nvmet_load
  [ -d /sys/kernel/config/nullb ] || modprobe null_blk nr_devices=0
  while [ -d "/sys/kernel/config/nullb/mora$n" ]; do n=$((n + 1)); done
  dir=/sys/kernel/config/nullb/mora$n
  mkdir "$dir"
  echo "$1" > "$dir/size"
  echo "${2:-512}" > "$dir/blocksize"
  echo 1 > "$dir/memory_backed"
  echo 1 > "$dir/discard"
  echo 1 > "$dir/power"
  # named after the folder since Linux 6.1; /dev/nullbN before
  if [ -b "/dev/mora$n" ]; then echo "/dev/mora$n"; else echo "/dev/nullb$(cat "$dir/index")"; fi
}

nvmet_file() {
  local path
  path=$(mktemp /run/nvmet-XXXXXX)
  truncate -s "$1M" "$path"
  echo "$path"
}

nvmet_namespace() {
  local subsystem=$NVMET/subsystems/$1 namespace=$NVMET/subsystems/$1/namespaces/$2
  nvmet_load
  if [ ! -d "$subsystem" ]; then
    mkdir "$subsystem"
    echo 1 > "$subsystem/attr_allow_any_host"
    echo "$NVMET_SERIAL" > "$subsystem/attr_serial"
  fi
  mkdir "$namespace"
  printf %s "$3" > "$namespace/device_path"
  printf '4d6f7261-0000-4000-8000-%012d\n' "$2" > "$namespace/device_uuid"
  echo 1 > "$namespace/enable"
}

nvmet_drop_namespace() {
  echo 0 > "$NVMET/subsystems/$1/namespaces/$2/enable"
  rmdir "$NVMET/subsystems/$1/namespaces/$2"
}

nvmet_port() {
  local port=$NVMET/ports/$1 address=$2 service=$3 attribute nqn
  shift 3
  nvmet_load
  mkdir "$port"
  echo tcp > "$port/addr_trtype"
  echo ipv4 > "$port/addr_adrfam"
  echo "$address" > "$port/addr_traddr"
  echo "$service" > "$port/addr_trsvcid"
  while [ "$1" != -- ]; do
    attribute=$1
    echo "${attribute#*=}" > "$port/${attribute%%=*}"
    shift
  done
  shift
  for nqn in "$@"; do ln -s "$NVMET/subsystems/$nqn" "$port/subsystems/$nqn"; done
}

nvmet_drop_port() {
  rm -f "$NVMET/ports/$1"/subsystems/*
  rmdir "$NVMET/ports/$1"
}

nvmet_host() {
  mkdir -p "$NVMET/hosts/$2"
  echo 0 > "$NVMET/subsystems/$1/attr_allow_any_host"
  ln -s "$NVMET/hosts/$2" "$NVMET/subsystems/$1/allowed_hosts/$2"
}

nvmet_secret() {
  local host=$NVMET/hosts/$2
  nvmet_host "$1" "$2"
  echo "$3" > "$host/dhchap_key"
  [ -z "${4:-}" ] || echo "$4" > "$host/dhchap_ctrl_key"
  [ -z "${5:-}" ] || echo "$5" > "$host/dhchap_hash"
  [ -z "${6:-}" ] || echo "$6" > "$host/dhchap_dhgroup"
}

nvmet_log() { dmesg | grep -iE "$1" | sed 's/^/log: /' | tail -n 40 || :; }

nvmet_end() {
  if dmesg | grep -E 'BUG|WARNING|Oops|hung task|Call Trace'; then
    echo 'FAIL the kernel complains'
    exit 1
  fi
  nvmet_down
  echo 'PASS the kernel target served to the end'
  exit 0
}

nvmet_down() {
  local each
  for each in "$NVMET"/ports/*/; do [ ! -d "$each" ] || nvmet_drop_port "$(basename "$each")"; done
  rm -f "$NVMET"/subsystems/*/allowed_hosts/*
  for each in "$NVMET"/subsystems/*/namespaces/*/; do
    [ ! -d "$each" ] || { echo 0 > "$each/enable"; rmdir "$each"; }
  done
  for each in "$NVMET"/subsystems/*/ "$NVMET"/hosts/*/ /sys/kernel/config/nullb/mora*/; do
    [ ! -d "$each" ] || rmdir "$each"
  done
}
