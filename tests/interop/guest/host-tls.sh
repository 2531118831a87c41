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

tls_begin
tls_option tls CONFIG_NVME_TCP_TLS
expect_log 'TLS|tls|handshake|failed|Connect|connect|PSK'

check 'tlshd runs' tls_daemon

as=(--hostnqn="$host" --hostid="$(host_id "$host")")

step 'no key in the keyring, and plain TCP'
refused 'no key' "$nqn" "$port" "${as[@]}" --tls
refused 'plain TCP at a TLS port' "$nqn" "$port" "${as[@]}"

step 'with the key'
check 'the key goes into the keyring' tls_key "$key"
if connect "$nqn" "$port" "${as[@]}" --nr-io-queues=1 --tls; then
  for name in $(controllers "$nqn"); do echo "tls_key $(cat "/sys/class/nvme/$name/tls_key" 2>&1)"; done
  use 'with the key' "$nqn"
  check 'reads of 1 MiB' dd if="$DEVICE" of=/dev/null bs=1M count=4 iflag=direct
  disconnect "$nqn"
fi

step 'another key'
check 'it goes into the keyring' tls_key "$other"
refused 'another key' "$nqn" "$port" --hostnqn="$otherhost" --hostid="$(host_id "$otherhost")" --tls
sed 's/^/tlshd: /' "$OUT/tlshd.log" | tail -n 20
finish
