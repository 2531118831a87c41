#!/bin/bash
# golden-session.sh - one of everything between a Linux host and the kernel's target, captured.
#
# Leaves plain.pcap, dgst.pcap (both digests) and their -nosqflow twins (SQ flow control off, so that
# the target may put SUCCESS into its data) in $OUT. In-capsule data is limited to 1024 bytes, so a
# write of 512 travels in the capsule and one of 2048 is asked for by R2T.
set -e
. /job/lib/nvmet.sh
nqn=nqn.2014-08.org.mora:golden
nvmet_namespace $nqn 1 "$(nvmet_ramdisk 8 512)"
nvmet_port 1 127.0.0.1 4420 param_inline_data_size=1024 -- $nqn
# Data that a test can compute: byte i is i mod 251.
awk 'BEGIN { for (i = 0; i < 4096; i++) printf "%02x", i % 251 }' | xxd -r -p > /run/pattern

session() { # $1 file, then connect options
  local file=$1 ctrl=/dev/nvme0 ns=/dev/nvme0n1 dump
  shift
  tcpdump -i lo -s 0 -U -w "$OUT/$file" tcp port 4420 2>/dev/null & dump=$!
  sleep 1
  nvme discover -t tcp -a 127.0.0.1 -s 4420 "$@" >/dev/null
  nvme connect -t tcp -a 127.0.0.1 -s 4420 -n $nqn --nr-io-queues=1 --keep-alive-tmo=5 "$@"
  until [ -b $ns ]; do sleep 0.1; done
  sleep 1
  set +e
  nvme id-ctrl $ctrl; nvme id-ns $ns; nvme list-ns $ctrl; nvme ns-descs $ns; nvme id-ns $ctrl -n 99
  nvme smart-log $ctrl; nvme error-log $ctrl; nvme fw-log $ctrl; nvme effects-log $ctrl
  nvme ana-log $ctrl; nvme show-regs $ctrl
  for id in 7 0xb 0xf; do nvme get-feature $ctrl -f $id; done
  nvme set-feature $ctrl -f 0xf --value=6000
  nvme set-feature $ctrl -f 0xc0 --value=0x1234
  nvme write $ns -s 16 -c 0 -z 512 -d /run/pattern
  nvme write $ns -s 32 -c 3 -z 2048 -d /run/pattern
  nvme read $ns -s 16 -c 0 -z 512 -d /run/read
  nvme read $ns -s 16 -c 0 -z 512 -d /run/read --force-unit-access
  nvme read $ns -s 0xffffff -c 0 -z 512 -d /run/read
  nvme flush $ns
  nvme dsm $ns -d -s 64,128 -b 8,16
  nvme write-zeroes $ns -s 64 -c 7
  nvme compare $ns -s 16 -c 0 -z 512 -d /run/pattern
  nvme write-uncor $ns -s 0 -c 0
  nvme io-passthru $ns --opcode=2 --namespace-id=1 --data-len=512 -r --cdw2=0x11111111 \
    --cdw3=0x22222222 --cdw10=16 --cdw12=0 --cdw13=0x33333333 --cdw14=0x44444444 --cdw15=0x55555555
  nvme io-passthru $ns --opcode=1 --namespace-id=1 --data-len=512 -w --cdw2=0x11111111 \
    --cdw3=0x22222222 --cdw10=16 --cdw12=0 -i /run/pattern
  nvme admin-passthru $ctrl --opcode=0xc1 --cdw10=0x10101010 --cdw15=0x15151515 -l 512 -w -i /run/pattern
  nvmet_namespace $nqn 2 "$(nvmet_ramdisk 8 512)"   # an asynchronous event
  sleep 1
  nvmet_drop_namespace $nqn 2
  sleep 4                                           # a keep alive
  nvme disconnect -n $nqn
  sleep 1
  kill -INT $dump; wait $dump
  set -e
} > /dev/null 2>>"$OUT/stderr.txt"

session plain.pcap
session plain-nosqflow.pcap --disable-sqflow
session dgst.pcap --hdr-digest --data-digest
session dgst-nosqflow.pcap --hdr-digest --data-digest --disable-sqflow
uname -r | sed "s/[+-].*//" > "$OUT/release.txt"
