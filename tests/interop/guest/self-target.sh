#!/bin/bash
# self-target.sh SCRIPT ARG... - proves a host script: runs it against this guest's own kernel target.
#
# The guest takes the machine's address 192.0.2.2 for itself, so the script runs unchanged. Serves
# nqn.2014-08.org.mora:kernel on port 4420, discovery on the same port (the kernel's discovery log
# only lists what its own port offers): namespace 1 of 512-byte and namespace 2 of 4096-byte blocks,
# 512 MB each.
set -e
. /job/lib/nvmet.sh
nqn=nqn.2014-08.org.mora:kernel
ip route del default
ip addr add "$MACHINE/32" dev lo
nvmet_namespace $nqn 1 "$(nvmet_ramdisk 512 512)"
nvmet_namespace $nqn 2 "$(nvmet_ramdisk 512 4096)"
nvmet_port 1 "$MACHINE" 4420 -- $nqn
exec "$@"
