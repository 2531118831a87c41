#!/bin/bash
# kernel-tls.sh PORT SECONDS HOSTNQN PSK - the kernel's target demands TLS, by tlshd, of an initiator on
# the machine.
#
# Serves nqn.2014-08.org.mora:kernel with 64 MB of memory as namespace 1 to HOSTNQN only. PSK is
# IDENTITY=HEX, as in host-tls.sh. Run it with --fwd and --stdin; prints "READY", ends with a line on its
# input. Exit 77 if this kernel's target has no TLS.
set -eu
. /job/lib/nvmet.sh
. /job/lib/tls.sh
port=$1 seconds=$2 host=$3 key=$4
nqn=nqn.2014-08.org.mora:kernel

echo "kernel $(uname -r), $(dpkg-query -W ktls-utils | tr '\t' ' ')"
nvmet_namespace $nqn 1 "$(nvmet_ramdisk 64 512)"
nvmet_host $nqn "$host"
modprobe -a tls nvme-keyring || :
tls_daemon
tls_key "$key"
if ! nvmet_port 1 0.0.0.0 "$port" addr_treq=required addr_tsas=tls1.3 -- $nqn; then
  echo "this kernel has no CONFIG_NVME_TARGET_TCP_TLS: a port takes no tls1.3"
  exit 77
fi
echo READY
read -r -t "$seconds" || :
sed 's/^/tlshd: /' "$OUT/tlshd.log" | tail -n 20
dmesg | grep -iE "nvmet.*(tls|handshake)" | sed 's/^/log: /' | tail -20 || :
if dmesg | grep -E 'BUG|WARNING|Oops|hung task|Call Trace'; then
  echo 'FAIL the kernel complains'
  exit 1
fi
nvmet_down
echo 'PASS the kernel target served to the end'
