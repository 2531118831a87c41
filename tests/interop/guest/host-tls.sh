#!/bin/bash
# host-tls.sh PORT SUBNQN HOSTNQN PSK OTHER-HOSTNQN OTHER-PSK - TLS as host, by tlshd.
#
# PSK is IDENTITY=HEX, a derived key of 32 bytes and its name (lib/tls.sh says why).
# The target's port requires TLS and does not know OTHER-PSK. Connects, reads and writes, and must be
# refused with the other key, without one, and on plain TCP. Exit 77 if this kernel has no TLS for NVMe/TCP.
. /job/lib/host.sh || exit 77
. /job/lib/tls.sh
[ $# -eq 6 ] || { sed -n '2,3p' "$0"; exit 64; }
port=$1 nqn=$2 host=$3 key=$4 otherhost=$5 other=$6

echo "kernel $(uname -r), $(nvme version | head -1), $(dpkg-query -W ktls-utils | tr '\t' ' ')"
if ! grep -qE '(^|,)tls($|,)' <(tr '\n' , < /dev/nvme-fabrics); then
  echo "this kernel has no CONFIG_NVME_TCP_TLS: /dev/nvme-fabrics offers no tls"
  exit 77
fi
modprobe -a tls nvme-keyring || :
expect_log 'TLS|tls|handshake|failed|Connect|connect|PSK'

check 'tlshd runs' tls_daemon

id() { printf '%s' "$1" | md5sum | sed -E 's/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/\1-\2-\3-\4-\5/'; }

refused() { # $1 text, $2 host, then options
  local text=$1 name=$2
  shift 2
  check_fails "$text" nvme connect --transport=tcp --traddr="$MACHINE" --trsvcid="$port" \
    --nqn="$nqn" --hostnqn="$name" --hostid="$(id "$name")" --keep-alive-tmo=30 "$@"
}

step 'no key in the keyring, and plain TCP'
refused 'no key' "$host" --tls
refused 'plain TCP at a TLS port' "$host"

step 'with the key'
check 'the key goes into the keyring' tls_key "$key"
if connect "$nqn" "$port" --hostnqn="$host" --hostid="$(id "$host")" --nr-io-queues=1 --tls; then
  for name in $(controllers "$nqn"); do echo "tls_key $(cat "/sys/class/nvme/$name/tls_key" 2>&1)"; done
  namespace "$nqn" 1
  check 'id-ctrl' nvme id-ctrl "$DEVICE"
  load "$DEVICE" 1M
  check 'reads of 1 MiB' dd if="$DEVICE" of=/dev/null bs=1M count=4 iflag=direct
  disconnect "$nqn"
fi

step 'another key'
check 'it goes into the keyring' tls_key "$other"
refused 'another key' "$otherhost" --tls
sed 's/^/tlshd: /' "$OUT/tlshd.log" | tail -n 20
finish
