#!/bin/bash
# host-concat.sh PORT SUBNQN HOSTNQN SECRET CONTROLLER-SECRET WRONG-SECRET - secure concatenation as host.
#
# The target's port asks for it (tls: concatenated) and knows SECRET of HOSTNQN, and its own. The kernel
# makes a TLS key by DH-HMAC-CHAP and comes back by it through tlshd: with one secret and with both, again
# after a reset; it must be refused with another secret, without the option, and on plain TCP. With the
# option Linux 7.3 does not ask for the controller's proof (SEQNUM 0 in its Reply), so that a wrong
# secret of the controller is not tried: it is taken. Exit 77 if this kernel cannot.
. /job/lib/host.sh || exit 77
. /job/lib/tls.sh
[ $# -eq 6 ] || { sed -n '2,3p' "$0"; exit 64; }
port=$1 nqn=$2 host=$3 secret=$4 controller=$5 wrong=$6

tls_begin
tls_option concat 'secure concatenation'
expect_log 'auth|TLS|tls|handshake|failed|Connect|connect|PSK|concatenation|resetting'

check 'tlshd runs' tls_daemon

as=(--hostnqn="$host" --hostid="$(host_id "$host")")

secured() { # $1 text: the key that each controller came by
  local name key
  for name in $(controllers "$nqn"); do
    key=$(cat "/sys/class/nvme/$name/tls_key" 2>&1)
    echo "$1: $name tls_key $key"
    check "$1: $name came by a key" test -n "$key"
  done
}

step 'with the secret'
if connect "$nqn" "$port" "${as[@]}" --nr-io-queues=1 \
  --dhchap-secret="$secret" --concat; then
  secured 'one secret'
  use 'one secret' "$nqn"
  name=$(controllers "$nqn" | head -1)
  check 'reset' nvme reset "/dev/$name"
  check 'it is back' within 60 grep -qx live "/sys/class/nvme/$name/state"
  secured 'after a reset'
  use 'after a reset' "$nqn"
  disconnect "$nqn"
fi

step 'with both secrets'
if connect "$nqn" "$port" "${as[@]}" --nr-io-queues=1 \
  --dhchap-secret="$secret" --dhchap-ctrl-secret="$controller" --concat; then
  secured 'both secrets'
  use 'both secrets' "$nqn"
  disconnect "$nqn"
fi

step 'what must be refused'
refused 'a wrong secret' "$nqn" "$port" "${as[@]}" --dhchap-secret="$wrong" --concat
refused 'a proof alone' "$nqn" "$port" "${as[@]}" --dhchap-secret="$secret"
refused 'plain TCP' "$nqn" "$port" "${as[@]}"
sed 's/^/tlshd: /' "$OUT/tlshd.log" | tail -n 20
dmesg | grep -iE 'nvme' | sed 's/^/log: /' | tail -40
finish
