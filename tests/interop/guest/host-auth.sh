#!/bin/bash
# host-auth.sh PORT SUBNQN CONTROLLER-SECRET [NAME:HASH:RAW-SECRET...] - DH-HMAC-CHAP as host.
#
# For each host NAME the target must know the secret that `nvme gen-dhchap-key` makes of RAW-SECRET
# (hex) with transformation HASH (0 none, 1 SHA-256, 2 SHA-384, 3 SHA-512) for nqn.2026-11.org.mora:NAME,
# and what hash and group it demands of that host. Connects each with its secret, the first also with
# both secrets, anew while it is in use, with a wrong secret, with a wrong one of the controller and
# with none. Exit 77 if this kernel cannot authenticate.
. /job/lib/host.sh || exit 77
[ $# -ge 4 ] || { echo "usage: $0 PORT SUBNQN CONTROLLER-SECRET NAME:HASH:RAW-SECRET..."; exit 64; }
port=$1 nqn=$2 controller=$3
shift 3

echo "kernel $(uname -r), $(nvme version | head -1)"
grep -o 'dhchap[a-z_]*=%s' /dev/nvme-fabrics | sed 's/^/option /'
if ! grep -q dhchap_secret /dev/nvme-fabrics; then
  echo "this kernel has no CONFIG_NVME_HOST_AUTH: /dev/nvme-fabrics offers no dhchap_secret"
  exit 77
fi
# What is said of connects that must fail.
expect_log 'auth|Connect|connect|failed|dhchap|no key'

as() { # $1 name: options that say who this host is
  echo "--hostnqn=nqn.2026-11.org.mora:$1" \
    "--hostid=$(host_id "$1")"
}

secret() { # $1 hash, $2 raw secret, $3 name
  nvme gen-dhchap-key --hmac="$1" --key-length=$((${#2} / 2)) --secret="$2" \
    --nqn="nqn.2026-11.org.mora:$3"
}

again() { # re-authentication of all queues, while they are in use
  local name
  for name in $(controllers "$nqn"); do
    check "authenticates $name anew" sh -c "echo '$1' > /sys/class/nvme/$name/dhchap_secret"
  done
}

first=
for each in "$@"; do
  IFS=: read -r name hash raw <<<"$each"
  step "$name"
  key=$(secret "$hash" "$raw" "$name") || { fail "gen-dhchap-key for $name"; continue; }
  check "$name: nvme-cli checks the key" nvme check-dhchap-key --key="$key"
  # shellcheck disable=SC2046
  connect "$nqn" "$port" $(as "$name") --nr-io-queues=1 --dhchap-secret="$key" || continue
  use "$name" "$nqn"
  if [ -z "$first" ]; then first=$name firstkey=$key; again "$key"; use "$name again" "$nqn"; fi
  disconnect "$nqn"
done

step 'both secrets'
# shellcheck disable=SC2046
if connect "$nqn" "$port" $(as "$first") --dhchap-secret="$firstkey" \
  --dhchap-ctrl-secret="$controller"; then
  use 'both' "$nqn"
  disconnect "$nqn"
fi

step 'what must be refused'
other=$(secret 1 "$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')" "$first")
# shellcheck disable=SC2046
{
  refused 'a wrong secret' "$nqn" "$port" $(as "$first") --dhchap-secret="$other"
  refused 'a wrong secret of the controller' "$nqn" "$port" $(as "$first") \
    --dhchap-secret="$firstkey" --dhchap-ctrl-secret="$other"
  refused 'no secret' "$nqn" "$port" $(as "$first")
}

step 'the right one still fits'
# shellcheck disable=SC2046
connect "$nqn" "$port" $(as "$first") --dhchap-secret="$firstkey" && disconnect "$nqn"
dmesg | grep -i auth | sed 's/^/log: /' | tail -40
finish
