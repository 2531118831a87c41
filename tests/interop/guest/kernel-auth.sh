#!/bin/bash
# kernel-auth.sh PORT SECONDS HOSTNQN,SECRET,CONTROLLER-SECRET,HASH,GROUP... - the kernel's target
# demands DH-HMAC-CHAP of an initiator on the machine.
#
# Serves nqn.2014-08.org.mora:kernel with 64 MB of memory as namespace 1 to these hosts only; each has to
# authenticate as said: HASH is hmac(sha256), hmac(sha384) or hmac(sha512), GROUP null or ffdhe2048 and
# so on, CONTROLLER-SECRET may be empty. Run it with --fwd and --stdin; prints "READY", ends with a line
# on its input. Exit 77 if this kernel's target cannot authenticate.
set -eu
. /job/lib/nvmet.sh
port=$1 seconds=$2
shift 2
nqn=nqn.2014-08.org.mora:kernel

nvmet_namespace $nqn 1 "$(nvmet_ramdisk 64 4096)"
for each in "$@"; do
  IFS=, read -r host key controller hash group <<<"$each"
  mkdir -p "$NVMET/hosts/$host"
  if [ ! -e "$NVMET/hosts/$host/dhchap_key" ]; then
    echo "this kernel has no CONFIG_NVME_TARGET_AUTH: hosts have no dhchap_key"
    exit 77
  fi
  nvmet_secret $nqn "$host" "$key" "$controller" "$hash" "$group"
done
nvmet_port 1 0.0.0.0 "$port" -- $nqn
echo READY
read -r -t "$seconds" || :
nvmet_log auth
nvmet_end
