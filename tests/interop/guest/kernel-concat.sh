#!/bin/bash
# kernel-concat.sh PORT SECONDS HOSTNQN SECRET CONTROLLER-SECRET - the kernel's target takes secure
# concatenation of an initiator on the machine: plain TCP for the proof, then TLS by tlshd.
#
# Serves nqn.2014-08.org.mora:kernel with 64 MB of memory as namespace 1 to HOSTNQN only. Run it with
# --fwd and --stdin; prints "READY", ends with a line on its input. Exit 77 if this kernel's target cannot.
set -eu
. /job/lib/nvmet.sh
. /job/lib/tls.sh
port=$1 seconds=$2 host=$3 secret=$4 controller=$5
nqn=nqn.2014-08.org.mora:kernel

tls_begin
tls_option concat 'secure concatenation'
nvmet_namespace $nqn 1 "$(nvmet_ramdisk 64 512)"
nvmet_secret $nqn "$host" "$secret" "$controller" 'hmac(sha256)' ffdhe2048
tls_daemon
if ! nvmet_port 1 0.0.0.0 "$port" addr_treq='not required' addr_tsas=tls1.3 -- $nqn; then
  echo "this kernel has no CONFIG_NVME_TARGET_TCP_TLS: a port takes no tls1.3"
  exit 77
fi
echo READY
read -r -t "$seconds" || :
sed 's/^/tlshd: /' "$OUT/tlshd.log" | tail -n 20
echo "handshakes $(grep -c 'was successful' "$OUT/tlshd.log")"
nvmet_log nvmet
nvmet_end
