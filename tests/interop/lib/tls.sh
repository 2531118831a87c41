# tls.sh - TLS of a guest's kernel, whose handshakes tlshd makes. To be sourced:
#
#   . lib/tls.sh
#   tls_begin              prints the versions of all that is in it, loads the modules there are
#   tls_option NAME WHAT   ends the script with 77 where the kernel's host does not know this option
#   tls_daemon             starts tlshd and waits until the kernel can ask it; what it says goes to
#                          $OUT/tlshd.log
#   tls_key IDENTITY=HEX   puts a derived key of 32 bytes into the kernel's keyring, under its name
#
# A key goes right into the keyring because the libnvme of Debian 13 (nvme-cli 2.13) derives another from
# the same NVMeTLSkey-1 text; tlshd 1.0.0 fails with one of 48 bytes: its peer finds the binder wrong.
# shellcheck shell=bash

tls_begin() {
  echo "kernel $(uname -r), $(nvme version | head -1), $(dpkg-query -W ktls-utils | tr '\t' ' ')"
  modprobe -a tls nvme-keyring nvme-fabrics || :
}

tls_option() {
  if ! tr '\n' , < /dev/nvme-fabrics | grep -qE "(^|,)$1(\$|,)"; then
    echo "this kernel has no $2: /dev/nvme-fabrics offers no $1"
    exit 77
  fi
}

tls_daemon() {
  printf '[debug]\nloglevel=0\ntls=0\nnl=0\n[authenticate]\nkeyrings=.nvme\n' > /etc/tlshd.conf
  tlshd --stderr > "$OUT/tlshd.log" 2>&1 &
  local daemon=$! tries=0
  until tls_listens $daemon; do
    kill -0 $daemon 2>/dev/null || return 1
    if [ $tries = 300 ]; then return 1; fi
    tries=$((tries + 1))
    sleep 0.1
  done
}

tls_listens() { # $1 process: has a socket of generic netlink (16) in a group, by which the kernel asks for handshakes
  awk -v of="$(readlink /proc/"$1"/fd/* || :)" '
    $2 == 16 && $4 ~ /[1-9a-f]/ && index(of, "socket:[" $NF "]") { found = 1 }
    END { exit !found }' /proc/net/netlink
}

tls_key() { # an identity may end in =
  printf %s "${1##*=}" | xxd -r -p | keyctl padd psk "${1%=*}" %:.nvme
}
