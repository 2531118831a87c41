#!/bin/bash
# host-tls.sh PORT SUBNQN HOSTNQN KEY OTHER-KEY LONG-HOSTNQN LONG-KEY - TLS as host, by tlshd.
#
# The target's port requires TLS, KEY is HOSTNQN's, LONG-KEY (48 bytes) LONG-HOSTNQN's; OTHER-KEY is
# nobody's. Connects with both, reads and writes, and must be refused with the other, without a key in
# the keyring, and on plain TCP. Exit 77 if this kernel has no TLS for NVMe/TCP.
. /job/lib/host.sh || exit 77
[ $# -eq 7 ] || { echo "usage: $0 PORT SUBNQN HOSTNQN KEY OTHER-KEY LONG-HOSTNQN LONG-KEY"; exit 64; }
port=$1 nqn=$2 host=$3 key=$4 other=$5 longhost=$6 longkey=$7

echo "kernel $(uname -r), $(nvme version | head -1), $(dpkg-query -W ktls-utils | tr '\t' ' ')"
if ! grep -qE '(^|,)tls($|,)' <(tr '\n' , < /dev/nvme-fabrics); then
  echo "this kernel has no CONFIG_NVME_TCP_TLS: /dev/nvme-fabrics offers no tls"
  exit 77
fi
modprobe -a tls nvme-keyring || :
expect_log 'TLS|tls|handshake|failed|Connect|connect'

printf '[debug]\nloglevel=1\ntls=1\nnl=0\n[authenticate]\nkeyrings=.nvme\n' > /etc/tlshd.conf
tlshd --stderr > "$OUT/tlshd.log" 2>&1 &
sleep 1
check 'tlshd runs' kill -0 $!

id() { printf '%s' "$1" | md5sum | sed -E 's/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/\1-\2-\3-\4-\5/'; }

insert() { # $1 host, $2 key
  check "the key of $1 goes into the keyring" nvme check-tls-key --subsysnqn="$nqn" --hostnqn="$1" \
    --identity=1 --keydata="$2" --insert
}

refused() { # $1 text, $2 host, then options
  local text=$1 name=$2
  shift 2
  check_fails "$text" nvme connect --transport=tcp --traddr="$MACHINE" --trsvcid="$port" \
    --nqn="$nqn" --hostnqn="$name" --hostid="$(id "$name")" --keep-alive-tmo=30 "$@"
}

step 'no key in the keyring, and plain TCP'
refused 'no key' "$host" --tls
refused 'plain TCP at a TLS port' "$host"

step 'a key of 32 bytes'
insert "$host" "$key"
if connect "$nqn" "$port" --hostnqn="$host" --hostid="$(id "$host")" --nr-io-queues=1 --tls; then
  for name in $(controllers "$nqn"); do echo "tls_key $(cat "/sys/class/nvme/$name/tls_key" 2>&1)"; done
  namespace "$nqn" 1
  check 'id-ctrl' nvme id-ctrl "$DEVICE"
  load "$DEVICE" 1M
  check 'reads of 1 MiB' dd if="$DEVICE" of=/dev/null bs=1M count=4 iflag=direct
  disconnect "$nqn"
fi

step 'a key of 48 bytes'
insert "$longhost" "$longkey"
if connect "$nqn" "$port" --hostnqn="$longhost" --hostid="$(id "$longhost")" --nr-io-queues=1 --tls; then
  namespace "$nqn" 1
  load "$DEVICE" 512k
  disconnect "$nqn"
fi

step 'another key'
insert "$host-2" "$other"
refused 'a key that is nobody'\''s' "$host-2" --tls
sed 's/^/tlshd: /' "$OUT/tlshd.log" | tail -n 20
finish
