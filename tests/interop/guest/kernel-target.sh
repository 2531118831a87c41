#!/bin/bash
# kernel-target.sh [PORT [SECONDS]] - the kernel's own target, for an initiator on the machine.
#
# Serves nqn.2014-08.org.mora:kernel on every address, PORT 4420 by default, with 128 MB each of
#   namespace 1   memory, 512-byte blocks
#   namespace 2   memory, 4096-byte blocks
#   namespace 3   a file, 4096-byte blocks; refuses Write Zeroes (Invalid Opcode)
# Run it with --fwd MACHINE-PORT:PORT and --stdin. Prints "READY PORT NQN", then obeys lines on its
# input:
#   bounce SECONDS   cut all connections, do not listen for that long, listen again ("LISTENING")
#   add NSID, drop NSID   a 64 MB namespace more, one less ("ADDED", "DROPPED")
#   crc NSID         print "CRC NSID SUM" of the whole namespace (sha256)
#   log              print the kernel's messages about the target
#   stop             or the end of the input: report and end
# Without input it ends after SECONDS (default 600) without a line.
# Exit: 0 unless the target could not be set up, a line failed or the kernel log shows a fault.
set -eu
. /job/lib/nvmet.sh
port=${1:-4420} seconds=${2:-600}
nqn=nqn.2014-08.org.mora:kernel

listen() { nvmet_port 1 0.0.0.0 "$port" -- $nqn; }

nvmet_namespace $nqn 1 "$(nvmet_ramdisk 128 512)"
nvmet_namespace $nqn 2 "$(nvmet_ramdisk 128 4096)"
nvmet_namespace $nqn 3 "$(nvmet_file 128)"
listen
echo "READY $port $nqn"

failed=0
while read -r -t "$seconds" verb argument; do
  case $verb in
    bounce)
      nvmet_drop_port 1
      echo "DOWN"
      sleep "${argument:-1}"
      listen
      echo LISTENING ;;
    add) nvmet_namespace $nqn "$argument" "$(nvmet_ramdisk 64)"; echo "ADDED $argument" ;;
    drop) nvmet_drop_namespace $nqn "$argument"; echo "DROPPED $argument" ;;
    crc)
      device=$(cat "$NVMET/subsystems/$nqn/namespaces/$argument/device_path")
      echo "CRC $argument $(sha256sum < "$device" | cut -d' ' -f1)" ;;
    log) dmesg | grep nvmet || : ;;
    stop) break ;;
    *) echo "FAIL unknown line: $verb $argument"; failed=1 ;;
  esac
done
[ $failed = 0 ] || exit 1
nvmet_end
